"""Who is working on a course right now, for the warning on its pages."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.extensions import db
from webapp.models import BUSY, Job


def busy_jobs(course_id: int) -> list[Job]:
    """The jobs on the course that are in line or running, oldest first, with who asked. One query."""
    found = (
        sa.select(Job)
        .options(joinedload(Job.user))
        .where(Job.course_id == course_id, Job.state.in_(BUSY))
        .order_by(Job.id)
    )
    return list(db.session.scalars(found))
