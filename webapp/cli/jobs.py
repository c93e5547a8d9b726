"""`coursekeep jobs` and `coursekeep cancel`: the long work, and an end to it."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from jobs import queue
from webapp.cli.command import DONE, FAILED, Commands, opened, say_json, say_table
from webapp.cli.finding import find_job
from webapp.extensions import db
from webapp.formatters import iso
from webapp.models import ACTIVE, Job


def add(commands: Commands) -> None:
    jobs = commands.add(
        "jobs", list_jobs, "list the jobs that wait or run, and the last that ended", json=True
    )
    jobs.add_argument("--last", type=int, default=20, metavar="N", help="how many of those that ended (20)")
    cancel = commands.add("cancel", cancel_job, "ask for the end of a job", json=True)
    cancel.add_argument("job", type=int, metavar="JOB", help="its number")


def list_jobs(args: Namespace) -> int:
    with opened(args):
        jobs = [described(job) for job in _newest(args.last)]
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


def described(job: Job) -> dict[str, Any]:
    """A job as programs read it."""
    moments = {name: getattr(job, name) for name in ("created_at", "started_at", "finished_at")}
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


def _newest(ended: int) -> list[Job]:
    """All that are under way, and before them so many that are over; the newest first."""
    all_of_them = sa.select(Job).options(joinedload(Job.user)).order_by(Job.id.desc())
    under_way = db.session.scalars(all_of_them.where(Job.state.in_(ACTIVE))).all()
    over = db.session.scalars(all_of_them.where(Job.state.not_in(ACTIVE)).limit(ended)).all()
    return [*under_way, *over]
