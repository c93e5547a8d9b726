"""`coursekeep copy`: makes a copy of a course, as a job that this process carries out."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from datetime import date
from typing import Any

import sqlalchemy as sa

from jobs import queue
from jobs.steps.building.dates import read_day
from jobs.steps.copy_placing import roles_to_keep
from webapp.access.rights import may_in_course, may_on_site
from webapp.cli.command import Commands, Problem, opened, say_json
from webapp.cli.finding import check_shortname_is_free, find_course, find_user
from webapp.cli.work import carry_out, exit_code, outcome, say_ending, say_queued
from webapp.extensions import db
from webapp.models import Category, Course, CourseRole, Job, JobKind, User
from webapp.pages.days import day_of


def add(commands: Commands) -> None:
    copy = commands.add("copy", run, "copy a course", json=True)
    copy.add_argument("course", metavar="COURSE", help="its short name, or its number")
    copy.add_argument("--as", dest="user", required=True, metavar="USER", help="whose copy it is")
    copy.add_argument("--shortname", required=True, metavar="S", help="short name of the copy")
    copy.add_argument("--fullname", metavar="F", help="full name of the copy (else that of the course)")
    copy.add_argument("--category", metavar="C", help="its category, by name (else that of the course)")
    copy.add_argument("--hidden", action="store_true", help="only its teachers see it")
    copy.add_argument("--start-date", type=_day, metavar="DAY", help="when it begins, as 2027-01-31")
    copy.add_argument("--end-date", type=_day, metavar="DAY", help="when it ends")
    copy.add_argument("--idnumber", default="", metavar="N", help="its number in other systems")
    people = copy.add_mutually_exclusive_group()
    people.add_argument("--with-users", action="store_true", help="with people and all they did")
    people.add_argument("--no-users", action="store_true", help="without them; this is the default")
    copy.add_argument(
        "--keep-role", action="append", choices=[str(role) for role in CourseRole], metavar="R",
        help="who has this role keeps it in the copy; may be given several times (else all with --with-users)",
    )  # fmt: skip
    copy.add_argument("--queue", action="store_true", help="put it in line for a worker and return")


def _day(text: str) -> date:
    try:
        return read_day(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def run(args: Namespace) -> int:
    with opened(args) as app:
        course, user = find_course(args.course), find_user(args.user)
        job = _ask_for(args, course, user)
        if args.queue:
            return say_queued(job, as_json=args.json)
        job = carry_out(app, job)
        if args.json:
            say_json(outcome(job) | {"course": job.result.get("course_id")} | job.result)
        else:
            say_ending(job, f"Copied into “{job.result.get('shortname')}” ({job.result.get('course_id')}).")
        return exit_code(job)


def _ask_for(args: Namespace, course: Course, user: User) -> Job:
    """Write the job down. Raises Problem if it would be refused."""
    if not may_in_course(user, "back up", course) or not may_on_site(user, "make courses"):
        raise Problem(f"{user.name} may not copy this course.")
    check_shortname_is_free(args.shortname)
    job, is_new = queue.ask_for(
        JobKind.COPY, "course", course.id, user=user, title=course.fullname, course=course,
        options=_options(args, course, user),
    )  # fmt: skip
    if not is_new:
        raise Problem(f"{user.name} has a copy of this course under way: job {job.id}.")
    return job


def _options(args: Namespace, course: Course, user: User) -> dict[str, Any]:
    start, end = args.start_date, args.end_date
    if end and end < (start or day_of(course.start_date) or end):
        raise Problem("The copy would end before it begins. Give both --start-date and --end-date.")
    return {
        "fullname": args.fullname or course.fullname,
        "shortname": args.shortname,
        "category_id": _category(args.category) if args.category else course.category_id,
        "visible": not args.hidden,
        "start_date": start.isoformat() if start else None,
        "end_date": end.isoformat() if end else None,
        "idnumber": args.idnumber,
        "people": args.with_users,
        "roles": _roles(args, course, user),
    }


def _roles(args: Namespace, course: Course, user: User) -> list[str]:
    allowed = [str(role) for role in roles_to_keep(user, course)]
    if args.keep_role is None:
        return allowed if args.with_users else []
    for role in args.keep_role:
        if role not in allowed:
            raise Problem(f"{user.name} can’t give the role {role}, which is above their own.")
    return list(args.keep_role)


def _category(name: str) -> int:
    found = db.session.scalars(sa.select(Category.id).where(Category.name == name)).one_or_none()
    if found is None:
        raise Problem(f"There is no category “{name}”.")
    return found
