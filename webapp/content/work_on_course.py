"""Ends the jobs on a course that is deleted."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.language import lazy_gettext as _l
from webapp.models import Course, Job, JobState, utc_now

WHY = _l("The course was deleted.")


def stop_work_on(session: Session, course: Course) -> None:
    """Cancel what waits for its turn or for an answer, and ask what runs to stop; each says why."""
    on_it = Job.course_id == course.id
    waits = Job.state.in_((JobState.QUEUED, JobState.WAITING))
    ended = {"state": JobState.CANCELLED, "finished_at": utc_now(), "problem": str(WHY)}
    session.execute(sa.update(Job).where(on_it, waits).values(**ended))
    asked = {"cancel_asked": True, "problem": str(WHY)}
    session.execute(sa.update(Job).where(on_it, Job.state == JobState.RUNNING).values(**asked))
