"""Tells the workers of a job. What is told is a hint, never the truth: that is the job row."""

from __future__ import annotations

import logging

from flask import current_app

from webapp.models import JobKind

log = logging.getLogger(__name__)

#: Short work goes first: a mail shall not wait behind a backup, be it one that an admin has put first.
MAIL_FIRST = 1000


def nudge(job_id: int, kind: JobKind, priority: int = 0) -> None:
    """Tell the workers; of two jobs they hear first of the one with the higher `priority` (Job.priority).

    Never fails: a nudge that can't be sent is sent again by the sweep.
    """
    place = MAIL_FIRST if kind == JobKind.MAIL else min(priority, MAIL_FIRST - 1)
    try:
        task = current_app.extensions["run_job"].s(job_id, priority=place)
        current_app.extensions["queue"].enqueue(task)
    except Exception:
        log.warning("the queue file could not be written; job %s waits for the sweep", job_id, exc_info=True)
