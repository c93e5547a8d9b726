"""Tells the workers of a job. What is told is a hint, never the truth: that is the job row."""

from __future__ import annotations

import logging

from flask import current_app

from webapp.models import JobKind

log = logging.getLogger(__name__)

#: Short work goes first: a mail shall not wait behind a backup.
PRIORITY = {JobKind.MAIL: 10}


def nudge(job_id: int, kind: JobKind | None = None) -> None:
    """Tell the workers. Never fails: a nudge that can't be sent is sent again by the sweep."""
    try:
        task = current_app.extensions["run_job"].s(job_id, priority=PRIORITY.get(kind) if kind else None)
        current_app.extensions["queue"].enqueue(task)
    except Exception:
        log.warning("the queue file could not be written; job %s waits for the sweep", job_id, exc_info=True)
