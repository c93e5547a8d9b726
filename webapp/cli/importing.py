"""`coursekeep import`: takes sections and activities of one course over into another."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from jobs import queue
from jobs.engine.import_look import dry_run_of_import
from webapp.access.rights import may_in_course
from webapp.cli.command import DONE, Commands, Problem, opened, say_json
from webapp.cli.dry_run_report import say_dry_run
from webapp.cli.finding import find_activity, find_course, find_section, find_user
from webapp.cli.work import carry_out, exit_code, outcome, say_ending, say_queued
from webapp.content.lookups import activities_of
from webapp.models import Course, Job, JobKind, User


def add(commands: Commands) -> None:
    taking = commands.add("import", run, "add sections and activities of one course to another", json=True)
    taking.add_argument("source", metavar="SOURCE", help="the course that they are in")
    taking.add_argument("target", metavar="TARGET", help="the course that they are added to")
    taking.add_argument("--as", dest="user", required=True, metavar="USER", help="whose import it is")
    taking.add_argument(
        "--section", type=int, action="append", default=[], metavar="N",
        help="the section with this number, with all in it; may be given several times",
    )  # fmt: skip
    taking.add_argument(
        "--activity", type=int, action="append", default=[], metavar="ID",
        help="the activity with this id, as “show” prints it; may be given several times",
    )  # fmt: skip
    where = taking.add_mutually_exclusive_group()
    where.add_argument("--append", action="store_true", help="sections behind those that there are")
    where.add_argument("--into", type=int, metavar="N", help="all of it into the section with this number")
    taking.add_argument("--dry-run", action="store_true", help="say what would happen, and do nothing")
    taking.add_argument("--queue", action="store_true", help="put it in line for a worker and return")


def run(args: Namespace) -> int:
    if args.dry_run and args.queue:
        raise Problem("--dry-run does nothing that could be put in line.")
    with opened(args) as app:
        source, target, user = find_course(args.source), find_course(args.target), find_user(args.user)
        options = _options(args, source, target, user)
        if args.dry_run:
            found = dry_run_of_import(options, user.id)
            say_json(found) if args.json else say_dry_run(found)
            return DONE
        job = _ask_for(source, target, user, options)
        if args.queue:
            return say_queued(job, as_json=args.json)
        job = carry_out(app, job)
        if args.json:
            say_json(outcome(job) | {"course": job.result.get("course_id")} | job.result)
        else:
            say_ending(
                job, f"Imported into “{target.shortname}”. “coursekeep undo {job.id}” takes it out again."
            )
        return exit_code(job)


def _options(args: Namespace, source: Course, target: Course, user: User) -> dict[str, Any]:
    """What the job is asked for. Raises Problem if it would be refused."""
    if not may_in_course(user, "back up", source) or not may_in_course(user, "restore", target):
        raise Problem(f"{user.name} may not import from the one into the other.")
    options: dict[str, Any] = {
        "source_id": source.id, "course_id": target.id, "only": _only(args, source),
        "sections": "append" if args.append else "number",
    }  # fmt: skip
    if args.into is not None:
        options["section_id"] = find_section(target, args.into).id
    return options


def _only(args: Namespace, source: Course) -> dict[str, list[int]] | None:
    """The ids of what was named; None for all of the course."""
    if not args.section and not args.activity:
        return None
    sections = [find_section(source, number) for number in args.section]
    inside = {section.id for section in sections}
    named = [find_activity(source, number).moodle_id for number in args.activity]
    named += [one.moodle_id for one in activities_of(source.version_id) if one.section_id in inside]
    return {"sections": [section.moodle_id for section in sections], "activities": sorted(set(named))}


def _ask_for(source: Course, target: Course, user: User, options: dict[str, Any]) -> Job:
    job, is_new = queue.ask_for(
        JobKind.IMPORT, "course", target.id, user=user, title=source.fullname, course=target, options=options
    )
    if not is_new:
        raise Problem(f"{user.name} has an import into this course under way: job {job.id}.")
    return job
