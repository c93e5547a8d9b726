"""`coursekeep backup`: one backup of a course or of a part of it, as a job that this process carries out."""

from __future__ import annotations

import shutil
from argparse import Namespace
from pathlib import Path
from typing import Any

from jobs import queue
from webapp import places
from webapp.cli.command import Commands, Problem, opened, say_json
from webapp.cli.finding import find_activity, find_course, find_section, find_user
from webapp.cli.locks import add_kinds, check_locks, content_of
from webapp.cli.work import carry_out, exit_code, outcome, say_ending, say_queued
from webapp.extensions import db
from webapp.job_requests.inclusion import backup_options, for_backup
from webapp.models import Course, Job, JobKind, User
from webapp.storage import sync_folder


def add(commands: Commands) -> None:
    backup = commands.add("backup", run, "back up a course, or one section or activity of it", json=True)
    backup.add_argument("course", metavar="COURSE", help="its short name, or its number")
    part = backup.add_mutually_exclusive_group()
    part.add_argument("--section", type=int, metavar="N", help="only the section with this number")
    part.add_argument(
        "--activity",
        type=int,
        metavar="ID",
        help="only the activity with this id, as “show” prints it",
    )
    backup.add_argument("--as", dest="user", required=True, metavar="USER", help="whose backup it is")
    people = backup.add_mutually_exclusive_group()
    for option, value, says in (
        ("--users", "yes", "with people and all they did"),
        ("--no-users", "no", "leave people and all they did out"),
        ("--anonymize", "anonymous", "give people other names and numbers"),
    ):
        people.add_argument(option, dest="people", action="store_const", const=value, help=says)
    files = backup.add_mutually_exclusive_group()
    files.add_argument("--files", dest="files", action="store_true", default=None, help="with their contents")
    files.add_argument(
        "--no-files", dest="files", action="store_false", help="name the files, but leave their contents out"
    )
    add_kinds(backup, "have this kind of thing in", "leave this kind of thing out")
    backup.add_argument("--container", choices=("tgz", "zip"), help="how it is packed")
    backup.add_argument("--out", metavar="FILE", help="copy the archive there, too")
    backup.add_argument("--queue", action="store_true", help="put it in line for a worker and return")


def run(args: Namespace) -> int:
    with opened(args) as app:
        course, user = find_course(args.course), find_user(args.user)
        target = Path(args.out).resolve() if args.out else None
        if target and not target.parent.is_dir():
            raise Problem(f"There is no folder {target.parent}.")
        job = _ask_for(args, course, user)
        if args.queue:
            return say_queued(job, as_json=args.json)
        job = carry_out(app, job)
        file = _file(job, target)
        if args.json:
            say_json(outcome(job) | {"file": str(file) if file else None} | job.result)
        else:
            say_ending(job, f"{file}")
        return exit_code(job)


def _ask_for(args: Namespace, course: Course, user: User) -> Job:
    """Write the job down. Raises Problem if there is no such part, or the person has one under way."""
    options = backup_options(_chosen(args))
    scope, target_id, title = "course", course.id, course.fullname
    if args.section is not None:
        section = find_section(course, args.section)
        scope, target_id, title = "section", section.id, section.name or f"Section {section.number}"
    elif args.activity is not None:
        activity = find_activity(course, args.activity)
        scope, target_id, title = "activity", activity.id, activity.name or activity.title
    job, is_new = queue.ask_for(
        JobKind.BACKUP, scope, target_id, user=user, title=title, course=course, options=options
    )
    if not is_new:
        raise Problem(f"{user.name} has a backup of this {scope} under way: job {job.id}.")
    return job


def _chosen(args: Namespace) -> dict[str, Any]:
    """What goes in, by the settings where nothing was said. Raises Problem for what admins have locked otherwise."""
    included = for_backup(db.session())
    names = ("people", "files", "container")
    said = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    check_locks("backup", included, said)
    return {**included.chosen, **said, "content": content_of(args, included)}


def _file(job: Job, target: Path | None) -> Path | None:
    """Where the archive lies; copied to `target` whole or not at all."""
    archive_id = job.result.get("archive_id")
    if archive_id is None:
        return None
    kept = places.archive_path(archive_id)
    if target is None:
        return kept
    part = target.with_name(target.name + ".part")
    shutil.copyfile(kept, part)
    part.replace(target)
    sync_folder(target.parent)
    return target
