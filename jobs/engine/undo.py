"""Takes a restore back: the course points to the content it had before."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.steps.placing import set_aside
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Course, CourseVersion, utc_now


def undo_until(course_id: int) -> datetime | None:
    """Until when the course's content before the last restore can be put back; None if it can't."""
    version = db.session.scalars(_kept(course_id)).first()
    return version.keep_until if version else None


def undo_restore(course_id: int) -> bool:
    """Put the former content back; false if there is none any more. Can itself be undone."""
    with write_transaction() as session:
        course = session.get(Course, course_id)
        version = _latest(session, course_id)
        if course is None or version is None:
            return False
        set_aside(session, course)
        course.version_id, course.changed_at = version.id, utc_now()
        version.undo_course_id = version.keep_until = None
    return True


def _latest(session: Session, course_id: int) -> CourseVersion | None:
    return session.scalars(_kept(course_id)).first()


def _kept(course_id: int) -> sa.Select[CourseVersion]:
    kept = (CourseVersion.undo_course_id == course_id) & (CourseVersion.keep_until > utc_now())
    return (
        sa.select(CourseVersion)
        .where(kept)
        .order_by(CourseVersion.keep_until.desc(), CourseVersion.id.desc())
    )
