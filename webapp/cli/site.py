"""`coursekeep backup-site` and `restore-site`: a copy of the whole school, and the way back from it."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from jobs.language.sizes import size
from webapp import migrate
from webapp.cli.command import (
    DONE,
    RESTORE_SITE,
    WARNED,
    Commands,
    Problem,
    application,
    check_there,
    instance_folder,
    say_json,
)
from webapp.cli.terminal import Bar, counted, end_bar
from webapp.config import load_config
from webapp.site_backup import SiteBackupProblem
from webapp.site_backup.copying import Loss, Report, copy_site
from webapp.site_backup.folder import SiteFolder
from webapp.site_backup.restoring import Restored, put_back, read_copy, restoring
from webapp.site_backup.secrets import read_secrets, secrets_of


def add(commands: Commands) -> None:
    backup = commands.add("backup-site", back_up, "copy the whole school into a folder", json=True)
    backup.add_argument(
        "folder", type=Path, metavar="FOLDER", help="an empty one, or one with an earlier copy"
    )
    backup.add_argument("--secrets", type=Path, metavar="FILE", help="write key and passwords there")
    restore = commands.add(RESTORE_SITE, restore_site, "put a copied school into an empty folder", json=True)
    restore.add_argument("folder", type=Path, metavar="FOLDER", help="what backup-site has written")
    restore.add_argument("--secrets", type=Path, metavar="FILE", help="take key and passwords from there")


def back_up(args: Namespace) -> int:
    check_there(args)
    instance, target = instance_folder(args), args.folder.resolve()
    if target.is_relative_to(instance) or instance.is_relative_to(target):
        raise Problem("A copy belongs outside of the school’s own folder, best on another disk.")
    if args.secrets and args.secrets.resolve().is_relative_to(target):
        raise Problem("The secrets belong elsewhere than the copy: who has both has the school.")
    try:
        report = copy_site(
            instance, SiteFolder(target), load_config({"INSTANCE": instance})["SITE_HASH"], Bar()
        )
        if args.secrets:
            secrets_of(instance).write(args.secrets.resolve())
    except SiteBackupProblem as problem:
        raise Problem(str(problem)) from problem
    except OSError as error:
        raise Problem(f"The copy could not be made: {error}. The last one stays as it was.") from error
    finally:
        end_bar()
    notes = _notes(report, instance)
    _say(args, _described(report, target, notes), _sentence(report, target), report.lost, notes)
    return WARNED if report.lost or notes else DONE


def _notes(report: Report, instance: Path) -> list[str]:
    if secrets_of(instance).config.strip() and "config.toml" not in report.manifest.named:
        return ["config.toml can’t be parted from the secrets in it, and is kept only with them (--secrets)."]
    return []


def _described(report: Report, target: Path, notes: list[str]) -> dict[str, Any]:
    return {
        "folder": str(target), "made_at": report.manifest.made_at, "revision": report.manifest.revision,
        "files": report.files, "copied": {"files": report.copied_files, "bytes": report.copied_bytes},
        "removed": report.removed, "lost": [vars(one) for one in report.lost], "notes": notes,
    }  # fmt: skip


def _sentence(report: Report, target: Path) -> str:
    return (
        f"{target} holds the school as it was at {report.manifest.made_at}: {counted(report.files, 'file')} and the "
        f"database, all of it read back. New were {counted(report.copied_files, 'file')}, {size(report.copied_bytes)}."
    )


def restore_site(args: Namespace) -> int:
    instance, folder = instance_folder(args), SiteFolder(args.folder.resolve())
    try:
        secrets = read_secrets(args.secrets) if args.secrets else None
        manifest = read_copy(folder)
        with restoring(instance):
            done = put_back(folder, manifest, instance, secrets, Bar())
            with application(args, RESTORE_SITE).app_context():
                migrate.upgrade()
    except SiteBackupProblem as problem:
        raise Problem(str(problem)) from problem
    except OSError as error:
        raise Problem(f"The school could not be put back: {error}. Mend that, and run it again.") from error
    finally:
        end_bar()
    described = {
        "instance": str(instance), "made_at": done.manifest.made_at, "files": done.files,
        "closed_jobs": done.closed_jobs, "lost": [vars(one) for one in done.lost],
    }  # fmt: skip
    _say(args, described, _restored(done, instance), done.lost, [])
    return WARNED if done.lost else DONE


def _restored(done: Restored, instance: Path) -> str:
    closed = (
        f" {counted(done.closed_jobs, 'job')} that had been under way were closed."
        if done.closed_jobs
        else ""
    )
    return f"{instance} is the school as it was at {done.manifest.made_at}.{closed}"


def _say(
    args: Namespace, described: dict[str, Any], sentence: str, lost: list[Loss], notes: list[str]
) -> None:
    if args.json:
        return say_json(described)
    print(sentence)
    for loss in lost:
        where = f" (in {', '.join(loss.courses)})" if loss.courses else ""
        print(f"- {loss.what}: {loss.name}{where}")
    for note in notes:
        print(f"- {note}")
    return None
