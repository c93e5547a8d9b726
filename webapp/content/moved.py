"""What lies in the bin because it was moved to another course, where it is now."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.models import BinEntry, Course

_MOVED_TO = "moved_to"


def mark_moved(entry: BinEntry, course_id: int) -> None:
    """Keep in mind which course it went to."""
    entry.place = {**entry.place, _MOVED_TO: course_id}


def was_moved(entry: BinEntry) -> bool:
    return _MOVED_TO in entry.place


def courses_moved_to(session: Session, entries: Iterable[BinEntry]) -> dict[int, Course]:
    """The courses that these went to, by the number of the entry; without those that are gone."""
    went = {one.id: one.place[_MOVED_TO] for one in entries if was_moved(one)}
    found = session.scalars(sa.select(Course).where(Course.id.in_(went.values())))
    courses = {course.id: course for course in found}
    return {entry: courses[course] for entry, course in went.items() if course in courses}
