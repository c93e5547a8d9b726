"""Which of all jobs somebody wants to see: how they stand, whose, on which course, of what kind, of which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from webapp.extensions import db
from webapp.models import (
    ACTIVE,
    BACKGROUND,
    IS_ASKED_FOR,
    IS_BACKGROUND,
    IS_OPEN,
    Course,
    Job,
    JobKind,
    JobState,
    User,
)
from webapp.progress.operations import SHOWN_KINDS

_OVER = Job.finished_at.is_not(None) & ((Job.state != JobState.FAILED) | Job.dismissed_at.is_not(None))
#: How a job may stand, each with its condition. What failed is to be seen to until it is dismissed.
STANDINGS: dict[str, sa.ColumnElement[bool]] = {
    "now": IS_OPEN & Job.state.in_((*ACTIVE, JobState.FAILED)),
    "running": IS_OPEN & (Job.state == JobState.RUNNING),
    "waiting": IS_OPEN & Job.state.in_((JobState.QUEUED, JobState.WAITING)),
    "failed": IS_OPEN & (Job.state == JobState.FAILED),
    "finished": _OVER,
}
_TURNS = (JobState.RUNNING, JobState.QUEUED, JobState.WAITING)
#: A name that so many people or courses have says nothing.
MOST_NAMED = 50


@dataclass(frozen=True)
class Wanted:
    """The jobs that somebody wants to see; what is empty leaves out none."""

    standing: str = "now"
    #: A user name, or a part of somebody's name.
    person: str = ""
    #: A short name, or a part of a course's name.
    course: str = ""
    kind: JobKind | None = None
    #: When it ended, or else when it was asked for.
    day: date | None = None

    @property
    def is_over(self) -> bool:
        return self.standing in ("finished", "failed")

    @property
    def narrowing(self) -> dict[str, str]:
        """What narrows it down, as the address of the list has it."""
        chosen = {
            "person": self.person,
            "course": self.course,
            "kind": self.kind.value if self.kind else "",
            "day": self.day.isoformat() if self.day else "",
        }
        return {name: value for name, value in chosen.items() if value}


def find(wanted: Wanted, viewer: User | None) -> sa.Select[Job]:
    """The jobs that are wanted, of those that the person may see (None: all), in the order of a list.

    Work that nobody asked for is among those that are over only where its kind is asked for: each night
    brings a job for every course. Raises KeyError for an unknown standing.
    """
    found = sa.select(Job).where(STANDINGS[wanted.standing], _by_index(wanted), *narrowed(wanted))
    if viewer is not None and not viewer.is_admin:
        found = found.where(Job.user_id == viewer.id)
    return found.order_by(*_order(wanted))


def narrowed(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """The conditions for what narrows it down, however the jobs stand."""
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.kind:
        conditions.append(Job.kind == wanted.kind)
    if wanted.person:
        conditions.append(Job.user_id.in_(_people(wanted.person)))
    if wanted.course:
        conditions.append(Job.course_id.in_(_courses(wanted.course)))
    if wanted.day:
        conditions.append(_on(wanted.day, Job.finished_at if wanted.is_over else Job.created_at))
    return conditions


def _by_index(wanted: Wanted) -> sa.ColumnElement[bool]:
    """The kinds that are listed, so that an index finds those that are over."""
    if wanted.standing != "finished":
        return sa.true() if wanted.kind else Job.kind.in_(SHOWN_KINDS)
    if wanted.kind == JobKind.MAIL:
        return sa.true()
    return IS_BACKGROUND if wanted.kind in BACKGROUND else IS_ASKED_FOR


def _order(wanted: Wanted) -> tuple[Any, ...]:
    if wanted.standing == "failed":
        return (Job.id.desc(),)
    if wanted.standing == "finished":
        return (Job.finished_at.desc(), Job.id.desc())
    turn = sa.case({state: place for place, state in enumerate(_TURNS)}, value=Job.state, else_=len(_TURNS))
    return (turn, Job.priority.desc(), Job.queued_at, Job.id)


def _on(day: date, moment: Any) -> sa.ColumnElement[bool]:
    """On that day as the server's clock has it."""
    begin = datetime.combine(day, time()).astimezone()
    return sa.and_(moment >= begin, moment < begin + timedelta(days=1))


def _people(typed: str) -> list[int]:
    name = User.first_name + " " + User.last_name
    found = sa.select(User.id).where((User.username == typed) | name.icontains(typed, autoescape=True))
    return list(db.session.scalars(found.limit(MOST_NAMED)))


def _courses(typed: str) -> list[int]:
    part = Course.fullname.icontains(typed, autoescape=True) | Course.shortname.icontains(
        typed, autoescape=True
    )
    return list(db.session.scalars(sa.select(Course.id).where(part).limit(MOST_NAMED)))
