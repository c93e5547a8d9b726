"""Work that nobody has asked for lets everything else go first.

It is put in line only while nothing that somebody asked for waits or runs, it is not taken while such work
waits, and it goes back in line when such work waits although it has been told to all workers.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from jobs import pause
from webapp.models import BACKGROUND, BUSY, Job, JobState, utc_now

#: Asked-for work that waits for so long finds no free worker.
PATIENCE = timedelta(seconds=2)


def comes_before_background() -> sa.ColumnElement[bool]:
    """That work which somebody asked for waits and could begin: a condition for statements about jobs."""
    other = aliased(Job)
    due = other.not_before.is_(None) | (other.not_before <= utc_now())
    return sa.exists().where(other.state == JobState.QUEUED, other.kind.not_in(BACKGROUND), due)


def somebody_waits(session: Session) -> bool:
    """Whether work that somebody asked for finds no free worker."""
    now = utc_now()
    due = Job.not_before.is_(None) | (Job.not_before <= now - PATIENCE)
    found = sa.select(Job.id).where(
        Job.state == JobState.QUEUED, Job.kind.not_in(BACKGROUND), Job.queued_at < now - PATIENCE, due,
        pause.lets_begin(session),
    )  # fmt: skip
    return session.execute(found.limit(1)).first() is not None


def is_quiet(session: Session) -> bool:
    """Whether nothing at all is in line or runs. A mail that is tried again later does not count."""
    due = Job.not_before.is_(None) | (Job.not_before <= utc_now())
    return session.execute(sa.select(Job.id).where(Job.state.in_(BUSY), due).limit(1)).first() is None
