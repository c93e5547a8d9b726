"""The bin: what was deleted and can still be put back.

A part of a course lies in the bin in a version of its own, to which its rows were moved; a
course lies there as it is, and no query finds it that does not ask for it (docs/adr/0013).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    relationship,
    with_loader_criteria,
)

from webapp.extensions import Model
from webapp.models.course import Course
from webapp.models.types import UtcDateTime, choice_of, utc_now
from webapp.models.user import User

#: The execution options of a statement that is to find courses in the bin too.
WITH_BIN = {"with_bin": True}


class BinKind(StrEnum):
    ACTIVITY = "activity"
    SECTION = "section"
    COURSE = "course"


class BinEntry(Model):
    """One thing in the bin. The things themselves go when nothing here points to them any more."""

    __tablename__ = "bin_entry"
    # A number is never used again: an old page's "Undo" must not put back something else.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BinKind] = mapped_column(choice_of(BinKind))
    #: The course it was in, or the course itself.
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id", ondelete="CASCADE"), index=True)
    #: The version that holds its rows, and the one that they were taken out of; None for a course.
    version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course_version.id"), index=True)
    origin_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course_version.id"), index=True)
    name: Mapped[str] = mapped_column(sa.Text)
    #: The type of an activity; else empty.
    type: Mapped[str] = mapped_column(sa.String(100), default="")
    #: Where it stood (webapp.content.standing); of a course, the short name that it had.
    place: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    deleted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    deleted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    keep_until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    deleted_by: Mapped[User | None] = relationship()


_NOT_IN_BIN = with_loader_criteria(Course, Course.binned_at.is_(None))


@sa.event.listens_for(Session, "do_orm_execute")
def _leave_out_the_bin(asked: ORMExecuteState) -> None:
    """Keep courses in the bin out of every answer, also where a course is only looked up or joined."""
    if asked.is_select and not asked.is_column_load and not asked.execution_options.get("with_bin"):
        asked.statement = asked.statement.options(_NOT_IN_BIN)
