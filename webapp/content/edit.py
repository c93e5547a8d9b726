"""One edit of a course: a transaction that begins by looking how things stand now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.database import write_transaction
from webapp.models import Activity, Course, CourseFile, CourseVersion, Section, utc_now

Row = TypeVar("Row", Section, Activity, CourseFile)


class ContentChanged(Exception):
    """What was to be edited is no longer there: deleted, or replaced by a restore meanwhile."""


class EditRefused(Exception):
    """What was asked can't be done; says why in a sentence. `field` is the form's field that it is about."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass
class Edit:
    """The session of the transaction, and the course with its current version as they are inside it."""

    session: Session
    course: Course
    version: CourseVersion

    @property
    def now(self) -> int:
        return int(utc_now().timestamp())

    def own(self, row: Row) -> Row:
        """The row as it is now. Raises ContentChanged if it does not belong to the course any more."""
        identity = sa.inspect(row).identity
        found = self.session.get(type(row), identity, populate_existing=True) if identity else None
        if found is None or found.version_id != self.version.id:
            raise ContentChanged
        return found

    def take_ids(self, count: int) -> list[int]:
        """The next ids that are free in this course."""
        first = self.version.next_id
        self.version.next_id += count
        return list(range(first, first + count))


@contextmanager
def edit(course: Course) -> Iterator[Edit]:
    """Change the course's content: all of it at the end, or nothing. Raises ContentChanged if it is gone."""
    identity = sa.inspect(course).identity
    with write_transaction() as session:
        fresh = session.get(Course, identity, populate_existing=True) if identity else None
        if fresh is None:
            raise ContentChanged
        version = session.get_one(CourseVersion, fresh.version_id, populate_existing=True)
        yield Edit(session, fresh, version)
        fresh.changed_at = utc_now()
