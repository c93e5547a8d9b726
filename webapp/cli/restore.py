"""`coursekeep restore`: brings an archive in, as a job that this process carries out."""

from __future__ import annotations

import os
import shutil
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.exc import IntegrityError

from jobs import queue
from jobs.engine.dry_run import dry_run
from jobs.steps.building.dates import read_day
from webapp import places
from webapp.access.rights import may_in_course, may_on_site
from webapp.cli.command import DONE, Commands, Problem, opened, say_json
from webapp.cli.dry_run_report import say_dry_run
from webapp.cli.finding import check_shortname_is_free, find_course, find_section, find_user
from webapp.cli.in_file import all_but
from webapp.cli.locks import add_kinds, check_locks, content_of
from webapp.cli.work import carry_out, exit_code, fresh, outcome, say_ending
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.job_requests.inclusion import Included, for_restore, left_out
from webapp.job_requests.quotas import check_quotas
from webapp.models import ArchiveFile, ArchiveOrigin, Course, Job, JobKind, JobState, User, get_setting
from webapp.storage import sync_folder


def add(commands: Commands) -> None:
    restore = commands.add("restore", run, "restore a course from a backup file", json=True)
    restore.add_argument("file", metavar="FILE.mbz")
    restore.add_argument("--as", dest="user", required=True, metavar="USER", help="whose restore it is")
    restore.add_argument("--shortname", metavar="S", help="short name of the new course (else the file’s)")
    restore.add_argument("--into", metavar="COURSE", help="a course that it goes into")
    how = restore.add_mutually_exclusive_group()
    how.add_argument("--replace", action="store_true", help="with --into: in place of what the course holds")
    how.add_argument("--merge", action="store_true", help="with --into: added to what the course holds")
    restore.add_argument(
        "--into-section",
        type=int,
        metavar="N",
        help="with --merge: all of it into the section with this number",
    )
    restore.add_argument(
        "--append", action="store_true", help="with --merge: sections behind those that there are"
    )
    restore.add_argument("--again", action="store_true", help="with --merge: even if it was added before")
    restore.add_argument(
        "--same", action="append", default=[], metavar="NAME",
        help="this user name is one person in spite of two addresses; may be given several times",
    )  # fmt: skip
    restore.add_argument(
        "--start-date", type=_day, metavar="YYYY-MM-DD",
        help="the day on which the course begins from now on; its dates move along",
    )  # fmt: skip
    _add_choice(restore)
    restore.add_argument("--dry-run", action="store_true", help="say what would happen, and do nothing")
    restore.add_argument("--queue", action="store_true", help="have a worker restore it, and return")


def _add_choice(restore: ArgumentParser) -> None:
    """What of the file comes."""
    restore.add_argument(
        "--section", type=int, action="append", default=[], metavar="N",
        help="of the file only the section with this number, with all in it; may be given several times",
    )  # fmt: skip
    restore.add_argument(
        "--activity", type=int, action="append", default=[], metavar="ID",
        help="of the file only the activity with this id, as “inspect” prints it; may be given several times",
    )  # fmt: skip
    people = restore.add_mutually_exclusive_group()
    for option, value, says in (
        ("--users", "yes", "bring people and all they did"),
        ("--no-users", "no", "leave people and all they did out"),
    ):
        people.add_argument(option, dest="people", action="store_const", const=value, help=says)
    add_kinds(restore, "bring this kind of thing", "leave this kind of thing out")


def _day(text: str) -> str:
    try:
        return read_day(text).isoformat()
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def run(args: Namespace) -> int:
    _check_words(args)
    with opened(args) as app:
        user = find_user(args.user)
        course = find_course(args.into) if args.into else None
        _check_rights(user, course)
        job = carry_out(app, _read_job(Path(args.file), user))
        if job.state == JobState.WAITING and args.dry_run:
            return _look(args, job, course)
        if job.state == JobState.WAITING:
            job = _go_on(args, app, job, course)
        if args.queue and not job.is_over:
            return _say_queued(args, job)
        return _say(args, job)


def _check_words(args: Namespace) -> None:
    if bool(args.into) != (args.replace or args.merge):
        raise Problem("--into goes with --replace or --merge: say which.")
    if not args.merge and (args.into_section is not None or args.append or args.again):
        raise Problem("--into-section, --append and --again go with --merge.")
    if args.dry_run and args.queue:
        raise Problem("--dry-run does nothing that could be put in line.")


def _check_rights(user: User, course: Course | None) -> None:
    allowed = may_in_course(user, "restore", course) if course else may_on_site(user, "make courses")
    if not allowed:
        raise Problem(f"{user.name} may not restore {'into this course' if course else 'new courses'}.")


def _read_job(file: Path, user: User) -> Job:
    """Take a copy of the file, and write down the job that reads it."""
    if not file.is_file():
        raise Problem(f"There is no file {file}.")
    part = places.scratch() / f"incoming-{os.getpid()}.mbz"
    try:
        shutil.copyfile(file, part)
        with write_transaction() as session:
            archive = ArchiveFile(
                origin=ArchiveOrigin.UPLOAD,
                owner_id=user.id,
                filename=file.name[:255],
                size=part.stat().st_size,
            )
            check_quotas(session, archive.size, "this file", user_id=user.id)
            session.add(archive)
            session.flush()
            part.replace(places.archive_path(archive.id))
            sync_folder(places.archives())
    finally:
        part.unlink(missing_ok=True)
    job, _ = queue.ask_for(JobKind.RESTORE, "archive", archive.id, user=user, title=file.name)
    return job


def _go_on(args: Namespace, app: Flask, job: Job, course: Course | None) -> Job:
    """Answer where it goes, and have it restored."""
    try:
        options = _answer(args, job, course)
    except Problem:
        queue.cancel(job.id)
        raise
    changes: dict[str, Any] = {}
    if course:
        changes = {"course_id": course.id, "scope": "course", "target_id": course.id}
    elif args.shortname:
        check_shortname_is_free(args.shortname)
    try:
        queue.answer(job.id, options, **changes)
    except IntegrityError as error:
        queue.cancel(job.id)
        raise Problem("There is a restore into this course under way already.") from error
    if args.queue:
        queue.start(job)
        return fresh(job.id)
    return carry_out(app, job)


def _answer(args: Namespace, job: Job, course: Course | None) -> dict[str, Any]:
    """The answer what comes and where it goes. Raises Problem if there is no such section or activity."""
    archive = db.session.get_one(ArchiveFile, job.result["archive_id"])
    included = for_restore(db.session(), archive)
    people = _with_people(args, included)
    options: dict[str, Any] = {"people": people, "target": "new", "same_people": args.same}
    if args.start_date:
        options["start_date"] = args.start_date
    if course:
        options |= {"course_id": course.id, "target": "merge" if args.merge else "replace"}
    elif args.shortname:
        options["shortname"] = args.shortname
    if args.merge:
        options |= {"sections": "append" if args.append else "number", "again": args.again}
    if course and args.into_section is not None:
        options["section_id"] = find_section(course, args.into_section).id
    if args.section or args.activity:
        options["leave_out"] = all_but(archive, job.id, args.section, args.activity)
    return options | left_out(content_of(args, included))


def _with_people(args: Namespace, included: Included) -> bool:
    """Whether people come along: what was said, what is locked, or else all that is in the file."""
    if args.people:
        check_locks("restore", included, {"people": args.people})
    is_bound = included.locked or get_setting("restore_people") == "no"
    return (args.people or (included.chosen["people"] if is_bound else "yes")) == "yes"


def _look(args: Namespace, job: Job, course: Course | None) -> int:
    """Say what the restore would do, and drop it."""
    try:
        found = dry_run(job.result["archive_id"], _answer(args, job, course), job.user_id, job.id)
    finally:
        queue.cancel(job.id)
    if args.json:
        say_json(found)
    else:
        say_dry_run(found)
    return DONE


def _say_queued(args: Namespace, job: Job) -> int:
    if args.json:
        say_json({"job": job.id, "state": str(job.state)})
    else:
        print(f"The file is read. Job {job.id} is in line.")
    return DONE


def _say(args: Namespace, job: Job) -> int:
    course_id = job.result.get("course_id")
    course = db.session.get(Course, course_id) if course_id else None
    if args.json:
        made = {"course": course.id, "shortname": course.shortname} if course else {"course": None}
        say_json(outcome(job) | job.result | made)
    else:
        say_ending(job, f"Restored into “{course.shortname}” ({course.id})." if course else "")
    return exit_code(job)
