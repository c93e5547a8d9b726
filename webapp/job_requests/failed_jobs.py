"""Jobs that failed stay listed, for whoever asked and on their course, until somebody takes note of them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.extensions import db
from webapp.models import IS_OPEN, TO_DISMISS, Job, JobKind

#: So many are listed at once; the next ones show when these are dismissed.
MOST = 10


def failed_on_course(course_id: int, *kinds: JobKind) -> list[Job]:
    """What failed on the course, newest first: of these kinds, or of all."""
    return _newest(Job.course_id == course_id, kinds)


def failed_for(user_id: int, *kinds: JobKind) -> list[Job]:
    """What failed of that for which the person asked, newest first: of these kinds, or of all."""
    return _newest(IS_OPEN & (Job.user_id == user_id), kinds)


def _newest(whose: sa.ColumnElement[bool], kinds: tuple[JobKind, ...]) -> list[Job]:
    found = sa.select(Job).options(joinedload(Job.user)).where(whose, TO_DISMISS)
    shown = Job.kind.in_(kinds) if kinds else Job.kind != JobKind.MAIL
    return list(db.session.scalars(found.where(shown).order_by(Job.id.desc()).limit(MOST)))
