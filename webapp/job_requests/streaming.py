"""Runs a job inside the request, and sends the page its progress while it works.

For sites that have background work switched off. The job goes the same way as in a
worker; the request's process is its runner, and if that dies the job heals in the same
way. The page grows by one state after another, of which the stylesheet shows the newest.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from flask import Flask, Response, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jobs.pause import is_paused
from jobs.progress import stopping
from jobs.queue import runs_in_background, start
from jobs.runner import run_claimed
from webapp.access.identity import load_again
from webapp.extensions import db
from webapp.models import Job
from webapp.pages.languages import sent_while_made

#: Seconds between two looks at the job.
PACE = 0.5


def begin_and_show(job: Job, *, is_new: bool = True) -> ResponseReturnValue:
    """Begin a job in the way that the admin has chosen, and lead to where it is watched.

    A job that is not new has been begun before: then its page is the answer.
    """
    if is_new and not runs_in_background():
        return run_and_show(job.id)
    if is_new:
        start(job)
    return redirect(url_for("progress.show_job", job_id=job.id), 303)


def run_and_show(job_id: int) -> ResponseReturnValue:
    """Answer with a page that follows the job from here to its end.

    Where somebody else runs it already, the page follows that; while all work is paused, it begins later.
    """
    if is_paused():
        return redirect(url_for("progress.show_job", job_id=job_id), 303)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    # No daemon: when this process has to stop, it waits until the job is handed back, also if nobody watches.
    work = threading.Thread(target=_run, args=(app, job_id), name=f"job-{job_id}")
    response = Response(sent_while_made(_page(job_id, work)), mimetype="text/html")
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _run(app: Flask, job_id: int) -> None:
    with app.app_context():
        run_claimed(job_id)


def _page(job_id: int, work: threading.Thread) -> Iterator[str]:
    load_again()
    job = _fresh(job_id)
    yield render_template("progress/_stream_begin.html", job=job)
    work.start()
    shown: object = None
    # Once this process has to stop, whoever takes the job on is not waited for.
    while work.is_alive() or (job.is_busy and not stopping.is_set()):
        if work.is_alive():
            work.join(PACE)
        else:  # somebody else runs it
            time.sleep(PACE)
        job = _fresh(job_id)
        figures = (job.state, job.step_number, job.step_done, job.done_bytes)
        if job.is_busy and figures != shown:
            shown = figures
            yield render_template("progress/_stream_tick.html", job=job)
    yield render_template("progress/_stream_end.html", job=job)


def _fresh(job_id: int) -> Job:
    db.session.rollback()
    job = db.session.get_one(Job, job_id)
    db.session.refresh(job)
    return job
