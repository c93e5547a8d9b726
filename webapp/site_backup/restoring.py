"""Puts the copy of a school into a new folder.

While that goes on the folder is marked, and no other command opens it. A run that was cut off is run again: what it
has brought is not brought a second time.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jobs.language.sizes import size
from webapp import migrate
from webapp.site_backup import SiteBackupProblem, rows
from webapp.site_backup.copying import CHANGED, MISSING, SPARE, Loss, Tell
from webapp.site_backup.folder import Kept, Manifest, SiteFolder
from webapp.site_backup.secrets import Secrets
from webapp.storage import CHUNK, Storage, sync_folder

MARK = "being-restored"


@dataclass
class Restored:
    """What was put back: files, jobs that were under way and are closed, and what the copy had lost."""

    manifest: Manifest
    files: int = 0
    closed_jobs: int = 0
    lost: list[Loss] = field(default_factory=list)


def is_unfinished(instance: Path) -> bool:
    """Whether a school was being put back there, and that was cut off."""
    return (instance / MARK).exists()


@contextmanager
def restoring(instance: Path) -> Iterator[None]:
    """Mark the folder until the end of the block; a block that fails leaves the mark.

    Raises SiteBackupProblem if there is anything in it but a restore that was cut off.
    """
    if instance.exists() and any(instance.iterdir()) and not is_unfinished(instance):
        raise SiteBackupProblem(
            f"{instance} is not empty. A school is put back into a folder of its own: name one with --instance."
        )
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (instance / MARK).open("w") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SiteBackupProblem(f"Another run is writing to {instance}. Wait for its end.") from None
        sync_folder(instance)
        yield
        (instance / MARK).unlink()
        sync_folder(instance)


def read_copy(folder: SiteFolder) -> Manifest:
    """What would be put back. Raises SiteBackupProblem if there is nothing, or nothing that this version can use."""
    manifest = folder.read()
    if not migrate.knows(manifest.revision):
        raise SiteBackupProblem("This copy was made by a newer Coursekeep. Install that one first.")
    if not folder.store.is_sound(manifest.database.hash):
        raise SiteBackupProblem("The database of the copy is missing or damaged. Use another copy.")
    return manifest


def put_back(
    folder: SiteFolder, manifest: Manifest, instance: Path, secrets: Secrets | None, tell: Tell
) -> Restored:
    """Bring all of a copy into an installation's folder; its tables stay those of its version.

    Without `secrets` the installation gets a key of its own at its next start. Raises SiteBackupProblem, and OSError.
    """
    _check_room(folder, instance)
    done = Restored(manifest)
    with rows.reading(folder.store.path(manifest.database.hash)) as connection:
        total = rows.count_contents(connection)
        store = Storage(instance / "files")
        store.prepare()
        for number, content_hash in enumerate(rows.contents(connection)):
            tell("Copying files", number, total)
            if what := _put_content(folder.store, store, content_hash):
                done.lost.append(Loss(what, content_hash, rows.courses_with(connection, content_hash)))
            else:
                done.files += 1
    for name, kept in manifest.named.items():
        tell("Copying backups", done.files - total, len(manifest.named))
        if what := _put_file(folder.store, kept, instance / name):
            done.lost.append(Loss(what, name))
        else:
            done.files += 1
    _put_settings(instance, manifest, secrets)
    done.closed_jobs = _put_database(folder.store, manifest, instance)
    return done


def _check_room(folder: SiteFolder, instance: Path) -> None:
    needed = sum(path.stat().st_size for path in folder.store.all())
    there = sum(path.stat().st_size for path in Storage(instance / "files").all())
    free = shutil.disk_usage(instance).free
    if free < needed - there + SPARE:
        raise SiteBackupProblem(
            f"The disk of {instance} is too full: the school needs {size(needed - there)}, and "
            f"{size(max(0, free - SPARE))} are left. Make room, or name a folder on another disk."
        )


def _put_content(source: Storage, target: Storage, content_hash: str) -> str:
    """Bring one content; returns how the copy has lost it, if it has."""
    if target.exists(content_hash):
        return ""
    try:
        with source.open(content_hash) as stream:
            stored = target.save(stream)
    except FileNotFoundError:
        return MISSING
    if stored.hash == content_hash:
        return ""
    target.delete(stored.hash)
    return CHANGED


def _put_file(source: Storage, kept: Kept, path: Path) -> str:
    """Bring one file under its name, with the time at which it was written; returns as above."""
    if not source.exists(kept.hash):
        return MISSING
    if not source.is_sound(kept.hash):
        return CHANGED
    path.parent.mkdir(mode=0o700, exist_ok=True)
    _write(source, kept.hash, path)
    if kept.modified:
        os.utime(path, ns=(kept.modified, kept.modified))
    return ""


def _write(source: Storage, content_hash: str, path: Path) -> None:
    fresh = path.with_name(f".{path.name}.new")
    with source.open(content_hash) as stream, fresh.open("wb") as out:
        os.fchmod(out.fileno(), 0o600)
        shutil.copyfileobj(stream, out, CHUNK)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def _put_settings(instance: Path, manifest: Manifest, secrets: Secrets | None) -> None:
    config = instance / "config.toml"
    if secrets is not None:
        for path, text in ((config, secrets.config), (instance / "secret", secrets.key)):
            if text:
                path.write_text(text, "utf-8")
                path.chmod(0o600)
    elif "site_hash" not in (text := config.read_text("utf-8") if config.exists() else ""):
        # It is made of the key, and other Moodles know the school by it.
        config.write_text(f'{text.rstrip()}\nsite_hash = "{manifest.site_hash}"\n'.lstrip(), "utf-8")
        config.chmod(0o600)


def _put_database(source: Storage, manifest: Manifest, instance: Path) -> int:
    """Bring the database, last of all; returns how many jobs were closed in it."""
    fresh = instance / "coursekeep.new"
    _write(source, manifest.database.hash, fresh)
    closed = rows.close_work(fresh)
    for companion in instance.glob("coursekeep.sqlite-*"):
        companion.unlink()
    fresh.replace(instance / "coursekeep.sqlite")
    sync_folder(instance)
    return closed
