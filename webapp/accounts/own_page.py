"""What somebody’s own page brings together; each list short, and a link away from all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.access.rights import courses_where
from webapp.extensions import db
from webapp.job_requests.quotas import Quota, quota_of
from webapp.models import ACTIVE, ASKED_FOR, IS_ASKED_FOR, IS_OPEN, Course, Job, JobState, Message, User

#: So many of each are shown.
COURSES, MESSAGES, FINISHED, OPEN = 6, 5, 5, 20


@dataclass(frozen=True)
class OwnPage:
    #: Under way, waiting for an answer, or failed and not dismissed: newest first.
    work: Sequence[Job]
    #: Those over, newest first.
    finished: Sequence[Job]
    #: Changed last first.
    courses: Sequence[Course]
    #: Newest first, those not read yet before all others.
    messages: Sequence[Message]
    quota: Quota


def own_page(user: User) -> OwnPage:
    return OwnPage(
        work=work_of(user),
        finished=_finished(user),
        courses=_courses(user),
        messages=_messages(user),
        quota=quota_of(db.session(), user.id),
    )


def work_of(user: User) -> Sequence[Job]:
    """The person's own jobs that are not over, or that failed and that nobody has dismissed."""
    stands = Job.state.in_((*ACTIVE, JobState.FAILED))
    found = sa.select(Job).where(IS_OPEN, stands, Job.user_id == user.id, Job.kind.in_(ASKED_FOR))
    return db.session.scalars(found.order_by(Job.id.desc()).limit(OPEN)).all()


def _finished(user: User) -> Sequence[Job]:
    seen_to = (Job.state != JobState.FAILED) | Job.dismissed_at.is_not(None)
    found = sa.select(Job).where(IS_ASKED_FOR, Job.user_id == user.id, Job.finished_at.is_not(None), seen_to)
    return db.session.scalars(found.order_by(Job.finished_at.desc()).limit(FINISHED)).all()


def _courses(user: User) -> Sequence[Course]:
    """Those in which the person has a role, also of an admin, who sees all others as well."""
    shown = Course.visible | Course.id.in_(courses_where(user, "see hidden"))
    found = sa.select(Course).where(Course.id.in_(courses_where(user, "see course")), shown)
    return db.session.scalars(found.order_by(Course.changed_at.desc(), Course.id).limit(COURSES)).all()


def _messages(user: User) -> Sequence[Message]:
    found = sa.select(Message).where(Message.user_id == user.id, Message.in_bell)
    newest = found.order_by(Message.read_at.is_not(None), Message.id.desc())
    return db.session.scalars(newest.limit(MESSAGES)).all()
