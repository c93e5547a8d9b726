"""`coursekeep undo`: takes back what a restore has done to a course."""

from __future__ import annotations

from argparse import Namespace

from jobs.engine.undo import undo_job
from webapp.cli.command import DONE, Commands, opened, say_json
from webapp.cli.finding import find_job


def add(commands: Commands) -> None:
    undo = commands.add("undo", run, "take back what a restore has replaced or added", json=True)
    undo.add_argument("job", type=int, metavar="JOB", help="its number, as “jobs” lists it")


def run(args: Namespace) -> int:
    with opened(args):
        job = find_job(args.job)
        number, course_id = job.id, job.result.get("course_id")
        undo_job(job)
        if args.json:
            say_json({"job": number, "course": course_id, "undone": True})
        else:
            print(f"Course {course_id} is as it was before job {number}.")
    return DONE
