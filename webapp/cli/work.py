"""Carries out a job from the command line, with a bar on a terminal, and says how it ended."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

from flask import Flask

from jobs import queue
from jobs.pause import is_paused
from jobs.runner import run_claimed
from webapp.cli.command import DONE, FAILED, WARNED, say_json
from webapp.cli.terminal import end_bar, show_bar
from webapp.extensions import db
from webapp.models import Job, JobState

#: Seconds between two looks at the job.
PACE = 0.1
EXIT = {JobState.DONE: DONE, JobState.WAITING: DONE, JobState.WARNED: WARNED}


def carry_out(app: Flask, job: Job) -> Job:
    """Run the job in this process, or follow whoever runs it; returns it once it is over or has a question.

    Ctrl-C cancels it, and leaves nothing of it behind.
    """
    if is_paused():
        print(
            "Waiting: an admin has paused all jobs. “coursekeep jobs resume” lets them go on.",
            file=sys.stderr,
        )
    work = threading.Thread(target=_run, args=(app, job.id), name=f"job-{job.id}")
    work.start()
    while work.is_alive() or fresh(job.id).is_busy:
        try:
            work.join(PACE)
            _show(fresh(job.id))
        except KeyboardInterrupt:
            queue.cancel(job.id)
            print("\nStopping…", file=sys.stderr)
    end_bar()
    return fresh(job.id)


def _run(app: Flask, job_id: int) -> None:
    with app.app_context():
        while not run_claimed(job_id) and is_paused() and fresh(job_id).is_busy:
            time.sleep(PACE)


def fresh(job_id: int) -> Job:
    """The job as it is now."""
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def _show(job: Job) -> None:
    if job.step:
        show_bar(job.step, job.percent)


def outcome(job: Job) -> dict[str, Any]:
    """How a job ended, as programs read it; what it made is added by the command."""
    return {"job": job.id, "state": str(job.state), "warnings": job.warnings, "problem": job.problem}


def exit_code(job: Job) -> int:
    return EXIT.get(job.state, FAILED)


def say_ending(job: Job, good: str) -> None:
    """Say in words how it ended; `good` is the sentence for when it is done."""
    if job.state in EXIT:
        print(good)
        for warning in job.warnings:
            print(f"- {warning}", file=sys.stderr)
    else:
        print(job.problem or "It was cancelled. Nothing was changed.", file=sys.stderr)


def say_queued(job: Job, *, as_json: bool) -> int:
    """Have a worker told of the job, and say that it is in line."""
    queue.start(job)
    if as_json:
        say_json({"job": job.id, "state": str(job.state)})
    else:
        print(f"Job {job.id} is in line.")
    return DONE
