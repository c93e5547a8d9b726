"""Who is working on a course right now, for the warning on its pages."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.extensions import db
from webapp.models import BUSY, Job

#: The words of the index's own condition, not parameters: SQLite uses a partial index only
#: where it sees in the statement itself that it holds all rows in question.
_BUSY = Job.state.in_(sa.bindparam("busy", BUSY, expanding=True, literal_execute=True))


def busy_jobs(course_id: int) -> list[Job]:
    """The jobs on the course that are in line or running, oldest first, with who asked. One query."""
    found = (
        sa.select(Job).options(joinedload(Job.user)).where(Job.course_id == course_id, _BUSY).order_by(Job.id)
    )
    return list(db.session.scalars(found))
