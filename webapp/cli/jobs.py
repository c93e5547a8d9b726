"""`coursekeep jobs` and `coursekeep cancel`: the long work, and what can be done about it."""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from jobs import pause, queue
from webapp.cli.command import DONE, FAILED, Commands, Problem, opened, say_json, say_table
from webapp.cli.finding import find_job
from webapp.extensions import db
from webapp.models import ACTIVE, Job, JobKind
from webapp.pages.formatters import iso
from webapp.progress.filters import STANDINGS, Wanted, find, narrowed
from webapp.progress.operations import begin_again, can_begin_again


def add(commands: Commands) -> None:
    jobs = commands.add("jobs", run, "list long work, try it again, put it first, pause all", json=True)
    jobs.add_argument(
        "deed", nargs="?", default="list", choices=("list", *_WITH_JOB, *_WITH_ALL),
        help="without one: list them",
    )  # fmt: skip
    jobs.add_argument(
        "job", nargs="?", type=int, metavar="JOB", help="the number of the job that it is about"
    )
    jobs.add_argument(
        "--state", choices=tuple(STANDINGS), help="how they stand; failed until they are dismissed"
    )
    jobs.add_argument("--person", default="", metavar="NAME", help="whose: a user name, or a part of a name")
    jobs.add_argument("--course", default="", metavar="NAME", help="on which course: a part of its names")
    jobs.add_argument("--kind", choices=[kind.value for kind in JobKind])
    jobs.add_argument(
        "--day", type=_day, metavar="YYYY-MM-DD", help="when they ended, or else were asked for"
    )
    jobs.add_argument("--last", type=int, default=20, metavar="N", help="how many of those that ended (20)")
    cancel = commands.add("cancel", cancel_job, "ask for the end of a job", json=True)
    cancel.add_argument("job", type=int, metavar="JOB", help="its number")


def run(args: Namespace) -> int:
    if (args.job is None) == (args.deed in _WITH_JOB):
        raise Problem(f"It is “jobs {{{','.join(_WITH_JOB)}}} JOB”; the others take no job.")
    if args.deed == "list":
        return list_jobs(args)
    return _WITH_JOB[args.deed](args) if args.deed in _WITH_JOB else _pause_or_resume(args)


def list_jobs(args: Namespace) -> int:
    wanted = Wanted(
        args.state or "now", args.person, args.course, JobKind(args.kind) if args.kind else None, args.day
    )
    with opened(args):
        jobs = [
            described(job)
            for job in (_standing(wanted, args.last) if args.state else _newest(wanted, args.last))
        ]
    if args.json:
        say_json({"jobs": jobs})
    else:
        columns = ("id", "kind", "state", "percent", "user", "title", "problem")
        head = ("Job", "Kind", "State", "%", "For", "About", "Problem")
        say_table(head, [[job[column] for column in columns] for job in jobs])
    return DONE


def cancel_job(args: Namespace) -> int:
    with opened(args):
        job = find_job(args.job)
        asked = queue.cancel(job.id)
        db.session.refresh(job)
        state = str(job.state)
    if args.json:
        say_json({"job": args.job, "cancelled": asked, "state": state})
    elif asked:
        print(f"Job {args.job} ends." if state == "running" else f"Job {args.job} is cancelled.")
    else:
        print(f"Job {args.job} is over already: {state}.")
    return DONE if asked else FAILED


def _retry(args: Namespace) -> int:
    with opened(args):
        job = find_job(args.job)
        if not can_begin_again(job):
            raise Problem(
                f"Job {job.id} can’t be begun again: it did not fail, or what it needs is no longer there."
            )
        again, is_new = begin_again(job, job.user)
        if is_new:
            queue.start(again)
        return _say(args, True, f"Job {again.id} is in line.", "", job=again.id)


def _put_first(args: Namespace) -> int:
    with opened(args):
        is_done = queue.put_first(find_job(args.job).id)
    no = f"Job {args.job} does not wait for its turn, or nobody asked for it."
    return _say(args, is_done, f"Job {args.job} begins next.", no, job=args.job)


def _dismiss(args: Namespace) -> int:
    with opened(args):
        is_done = queue.dismiss(find_job(args.job).id) > 0
    no = f"Job {args.job} did not fail, or is dismissed already."
    return _say(args, is_done, f"Job {args.job} is dismissed.", no, job=args.job)


def _pause_or_resume(args: Namespace) -> int:
    with opened(args):
        is_done = _WITH_ALL[args.deed](None)
    if args.deed == "pause":
        return _say(args, is_done, "Paused. What runs goes on to its end.", "All jobs are paused already.")
    return _say(args, is_done, "Work goes on within seconds, where a worker runs.", "Jobs are not paused.")


def _say(args: Namespace, is_done: bool, yes: str, no: str, **about: int) -> int:
    if args.json:
        say_json({**about, "done": is_done})
    else:
        print(yes if is_done else no)
    return DONE if is_done else FAILED


_WITH_JOB: dict[str, Callable[[Namespace], int]] = {
    "retry": _retry, "first": _put_first, "cancel": cancel_job, "dismiss": _dismiss,
}  # fmt: skip
_WITH_ALL: dict[str, Callable[[int | None], bool]] = {"pause": pause.pause, "resume": pause.resume}


def described(job: Job) -> dict[str, Any]:
    """A job as programs read it."""
    moments = {
        name: getattr(job, name) for name in ("created_at", "started_at", "finished_at", "dismissed_at")
    }
    return {
        "id": job.id,
        "kind": str(job.kind),
        "scope": job.scope,
        "target": job.target_id,
        "course": job.course_id,
        "user": job.user.username,
        "title": job.title,
        "state": str(job.state),
        "step": job.step,
        "percent": job.percent,
        "warnings": job.warnings,
        "problem": job.problem,
        "result": job.result,
    } | {name: iso(at) if at else None for name, at in moments.items()}


def _newest(wanted: Wanted, ended: int) -> list[Job]:
    """All that are under way, and before them so many that are over; the newest first."""
    all_of_them = (
        sa.select(Job).options(joinedload(Job.user)).where(*narrowed(wanted)).order_by(Job.id.desc())
    )
    under_way = db.session.scalars(all_of_them.where(Job.state.in_(ACTIVE))).all()
    over = db.session.scalars(all_of_them.where(Job.state.not_in(ACTIVE)).limit(ended)).all()
    return [*under_way, *over]


def _standing(wanted: Wanted, most: int) -> list[Job]:
    """Those that stand as is wanted, in the order of the page; of those that are over so many."""
    found = find(wanted, None).options(joinedload(Job.user))
    return list(db.session.scalars(found.limit(most) if wanted.is_over else found))


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{typed}” is no day. Write it as 2026-11-24.") from None
