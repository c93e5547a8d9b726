"""Courses, and the versions of their content.

A course holds what people call it and who may see it, and points to its current
version. Everything that an archive brings hangs from the version, so that a restore
is seen whole or not at all, and can be taken back (docs/adr/0003).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.extensions import Model
from webapp.models.types import UtcDateTime, choice_of, utc_now
from webapp.models.user import User


class CourseRole(StrEnum):
    """What somebody is in one course; the names are Moodle's archetypes."""

    MANAGER = "manager"
    EDITING_TEACHER = "editingteacher"
    TEACHER = "teacher"
    STUDENT = "student"
    GUEST = "guest"


class Category(Model):
    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(255), unique=True)
    #: Its place among all categories, each before those inside it.
    position: Mapped[int] = mapped_column(default=0)
    #: The category that it is inside of.
    parent_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("category.id", ondelete="SET NULL"), index=True
    )


class CategoryManager(Model):
    """Somebody who is a manager of every course in a category and in those inside it (docs/adr/0015)."""

    __tablename__ = "category_manager"
    __table_args__ = (sa.UniqueConstraint("category_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("category.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)

    user: Mapped[User] = relationship()


#: Letters that Moodle's tables hold of a course's names (lib/db/install.xml; before 5.0 of the full name 254). SQLite
#: keeps all of them, whatever length a column was declared with.
LONGEST_FULLNAME, LONGEST_SHORTNAME = 1333, 255


class Course(Model):
    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    fullname: Mapped[str] = mapped_column(sa.String(254))
    shortname: Mapped[str] = mapped_column(sa.String(100), unique=True)
    idnumber: Mapped[str] = mapped_column(sa.String(100), default="")
    category_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("category.id", ondelete="SET NULL"), index=True
    )
    visible: Mapped[bool] = mapped_column(default=True)
    #: Seconds since 1970, as the archive has them; 0 for none.
    start_date: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    end_date: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("course_version.id", use_alter=True), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    #: Since when it lies in the bin; then only queries that ask for it find it (webapp.models.bin).
    binned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    category: Mapped[Category | None] = relationship()
    version: Mapped[CourseVersion] = relationship(foreign_keys=[version_id])


class CourseVersion(Model):
    """One state of a course's content. What nothing points to and nobody may want back is swept."""

    __tablename__ = "course_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The job that builds it, while it does.
    job_id: Mapped[int | None] = mapped_column(index=True)
    #: Of a version that was replaced: which course it can go back to, and until when.
    undo_course_id: Mapped[int | None] = mapped_column(index=True)
    keep_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    #: The course's own ids in its archives; they never change (docs/adr/0003).
    moodle_id: Mapped[int] = mapped_column(sa.BigInteger, default=1)
    context_id: Mapped[int] = mapped_column(sa.BigInteger, default=1)
    #: The next id that is free in this course, whatever it is for.
    next_id: Mapped[int] = mapped_column(sa.BigInteger, default=1)
    #: What the manifest says beyond what rows say (jobs.steps.manifests); empty for a course made here.
    manifest: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    format: Mapped[str] = mapped_column(sa.String(50), default="topics")
    summary: Mapped[str | None] = mapped_column(sa.Text, default="")
    summary_format: Mapped[int | None] = mapped_column(default=1)


class Membership(Model):
    """Somebody's role in a course on this site. A restore gives nobody more than student."""

    __tablename__ = "membership"
    __table_args__ = (sa.UniqueConstraint("course_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    role: Mapped[CourseRole] = mapped_column(choice_of(CourseRole))

    user: Mapped[User] = relationship()
