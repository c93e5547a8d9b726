"""Makes a copy of a whole school while people and jobs are at work.

First the database, one moment of it; then what its rows name and the folder lacks. What was deleted in between is
not needed by the next moment: so the database is copied anew until all that it names is there, or is missing at the
school itself. At the end all of it is read back and hashed, and only then it counts.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from jobs.language.sizes import size
from webapp.models.types import utc_now
from webapp.site_backup import SiteBackupProblem, rows
from webapp.site_backup.bringing import Bringer
from webapp.site_backup.folder import Kept, Manifest, SiteFolder
from webapp.site_backup.secrets import secrets_of, without_secrets

#: So many moments are tried, until all of one is there.
MOST_ROUNDS = 5
#: Bytes that stay free on the disk of the copy.
SPARE = 50_000_000
MISSING, CHANGED = "missing", "changed"

#: Hears of a step, how much of it is done, and how much there is.
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Loss:
    """Something that the copy can't hold, because the school itself has lost it."""

    #: "missing", or "changed" since it was stored.
    what: str
    #: The hash of a content, or the name of a file in the installation.
    name: str
    #: Short names of courses that list it.
    courses: list[str] = field(default_factory=list)


@dataclass
class Report:
    """What a run has done: what is in the copy, and how much of that was new."""

    manifest: Manifest
    files: int
    copied_files: int
    copied_bytes: int
    removed: int
    lost: list[Loss]


@dataclass(frozen=True)
class _Moment:
    """One moment of the school: when, the files with a name, and what could not be had."""

    made_at: str
    named: dict[str, Kept]
    gone: set[str]


def copy_site(instance: Path, folder: SiteFolder, site_hash: str, tell: Tell) -> Report:
    """Bring the folder up to this moment; `site_hash` is the setting of that name.

    Raises SiteBackupProblem, and OSError; then the copy that was there stays.
    """
    with folder.for_writing():
        last = folder.last()
        bringer = Bringer(instance, folder.store, dict(last.named) if last else {})
        database = folder.store.incoming / "database"
        moment = _one_moment(bringer, database, tell)
        with rows.reading(database) as connection:
            lost = _check_contents(bringer, connection, moment, tell)
            manifest = Manifest(
                moment.made_at, rows.revision(connection), site_hash, bringer.database(database), moment.named
            )
            folder.put(manifest)
            removed = _remove_unlisted(folder, connection, manifest)
            files = rows.count_contents(connection) + len(moment.named) - len(lost)
        database.unlink()
    return Report(manifest, files, bringer.files, bringer.bytes, removed, lost)


def _one_moment(bringer: Bringer, database: Path, tell: Tell) -> _Moment:
    """Copy the database, and all that it names."""
    before: set[str] = set()
    for _ in range(MOST_ROUNDS):
        made_at = utc_now().isoformat(timespec="seconds")
        rows.copy_database(bringer.instance / "coursekeep.sqlite", database)
        with rows.reading(database) as connection:
            _check_room(bringer, connection, database)
            gone = _copy_contents(bringer, connection, tell)
            named, without = _copy_named(bringer, connection, tell)
        gone |= without
        # Nothing is missing, or only what was missing at an earlier moment already.
        if gone <= before:
            return _Moment(made_at, named, gone)
        before = gone
    raise SiteBackupProblem(
        "So much is being deleted that no moment can be copied as a whole. Try again in a while."
    )


def _check_room(bringer: Bringer, connection: sqlite3.Connection, database: Path) -> None:
    needed = database.stat().st_size
    for content_hash in rows.contents(connection):
        if not bringer.target.exists(content_hash) and bringer.source.exists(content_hash):
            needed += bringer.source.path(content_hash).stat().st_size
    needed += sum(row.size for row in rows.archives(connection) if not bringer.knows(row.name))
    free = shutil.disk_usage(bringer.target.folder).free
    if free < needed + SPARE:
        raise SiteBackupProblem(
            f"The disk of {bringer.target.folder.parent} is too full: the copy may need "
            f"{size(needed)} more, and {size(max(0, free - SPARE))} are left. "
            "Make room, or name a folder on another disk."
        )


def _copy_contents(bringer: Bringer, connection: sqlite3.Connection, tell: Tell) -> set[str]:
    """Bring the contents that the folder lacks; returns those that the school lacks."""
    total, gone = rows.count_contents(connection), set()
    for number, content_hash in enumerate(rows.contents(connection)):
        tell("Copying files", number, total)
        if not bringer.target.exists(content_hash) and not bringer.content(content_hash):
            gone.add(content_hash)
    return gone


def _copy_named(
    bringer: Bringer, connection: sqlite3.Connection, tell: Tell
) -> tuple[dict[str, Kept], set[str]]:
    """Bring backup files, mails and settings; returns them, and the names of those that the school lacks."""
    named, gone = {}, set()
    found = rows.archives(connection)
    for number, row in enumerate(found):
        tell("Copying backups", number, len(found))
        kept = bringer.named(row.name)
        if kept is not None and kept.size == row.size:
            named[row.name] = kept
        elif not row.is_upload:  # that one goes when its restore is over, and is of no use for anything else
            gone.add(row.name)
    for path in sorted((bringer.instance / "mail").glob("*.eml")):
        if kept := bringer.named(f"mail/{path.name}"):
            named[f"mail/{path.name}"] = kept
    if config := without_secrets(secrets_of(bringer.instance).config):
        named["config.toml"] = bringer.text(config)
    return named, gone


def _check_contents(
    bringer: Bringer, connection: sqlite3.Connection, moment: _Moment, tell: Tell
) -> list[Loss]:
    """Read all contents back, and name what the school has lost."""
    total, lost = rows.count_contents(connection), []
    for number, content_hash in enumerate(rows.contents(connection)):
        tell("Checking the copy", number, total)
        if not bringer.sound_content(content_hash):
            what = CHANGED if bringer.source.exists(content_hash) else MISSING
            lost.append(Loss(what, content_hash, rows.courses_with(connection, content_hash)))
    return lost + [Loss(MISSING, name) for name in sorted(moment.gone) if "/" in name]


def _remove_unlisted(folder: SiteFolder, connection: sqlite3.Connection, manifest: Manifest) -> int:
    """Delete what only earlier copies needed; returns how many files that were."""
    kept = {one.hash for one in (manifest.database, *manifest.named.values())}
    removed = 0
    for path in folder.store.all():
        if path.name not in kept and not rows.is_listed(connection, path.name):
            path.unlink()
            removed += 1
    return removed
