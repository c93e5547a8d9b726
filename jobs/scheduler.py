"""Begins what is due by the schedule, one step at a time. Runs in every worker, every few seconds.

A step is one short write transaction, so however many workers there are, each is taken once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from jobs import courtesy
from jobs.automated import runs
from jobs.automated.checking import next_check
from jobs.nudges import nudge
from webapp.database import separate_write, snapshot
from webapp.models import Job


def tick(now: datetime) -> Job | None:
    """Do what is due at `now`; returns the job that it has put in line, if any."""
    with snapshot() as session:
        if not _is_anything_due(session, now):
            return None
    with separate_write() as session:
        if moment := runs.due_moment(session, now):
            runs.begin(session, moment)
        job = _next_job(session, now) if courtesy.is_quiet(session) else None
        if job is not None:
            session.flush()
            session.refresh(job)
            session.expunge(job)
    if job is not None:
        nudge(job.id, job.kind)
    return job


def _is_anything_due(session: Session, now: datetime) -> bool:
    """Asked by reading alone, so that an idle site keeps no writer waiting."""
    if runs.due_moment(session, now):
        return True
    if not courtesy.is_quiet(session):
        return False
    return runs.open_run(session) is not None or next_check(session, now) is not None


def _next_job(session: Session, now: datetime) -> Job | None:
    run = runs.open_run(session)
    if run is not None:
        runs.take_in(session, run)
        return (
            (runs.next_backup(session, run) or runs.closing_job(session, run)) if _can_act(session) else None
        )
    job = next_check(session, now)
    if job is not None:
        session.add(job)
    return job


def _can_act(session: Session) -> bool:
    """Whether there is an admin in whose name it can be done."""
    return runs.acting_admin(session) is not None
