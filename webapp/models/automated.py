"""Backups that nobody asks for: when they are due, how each run went, and the copies in a folder."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from webapp.extensions import Model, db
from webapp.models.archive import ArchiveFile
from webapp.models.course import Course
from webapp.models.job import Job
from webapp.models.types import UtcDateTime, choice_of, utc_now
from webapp.models.user import User


class Destination(StrEnum):
    """Where automatic backups go."""

    APP = "app"
    FOLDER = "folder"
    BOTH = "both"

    @property
    def in_app(self) -> bool:
        return self != Destination.FOLDER

    @property
    def in_folder(self) -> bool:
        return self != Destination.APP


class ReportWhen(StrEnum):
    """After which runs the admins are told."""

    ALWAYS = "always"
    TROUBLE = "trouble"
    NEVER = "never"


class Schedule(Model):
    """What the admins decided about automatic backups: one row, or none while nobody has decided."""

    __tablename__ = "automated_schedule"

    id: Mapped[int] = mapped_column(primary_key=True)
    active: Mapped[bool] = mapped_column(default=False)
    #: Days of the week, Monday is 0; and the time of day, in the server's time zone.
    days: Mapped[list[int]] = mapped_column(sa.JSON, default=lambda: list(range(7)))
    hour: Mapped[int] = mapped_column(default=2)
    minute: Mapped[int] = mapped_column(default=30)
    #: Moments before this one are not caught up: nobody had asked for them.
    since: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    #: Numbers of categories; none means all courses.
    categories: Mapped[list[int]] = mapped_column(sa.JSON, default=list)
    people: Mapped[bool] = mapped_column(default=True)
    files: Mapped[bool] = mapped_column(default=True)
    #: The kinds of things that stay out besides (webapp.site_settings.declared.CONTENT).
    without: Mapped[list[str]] = mapped_column(sa.JSON, default=list, server_default=sa.text("'[]'"))
    skip_hidden: Mapped[bool] = mapped_column(default=True)
    skip_unchanged: Mapped[bool] = mapped_column(default=True)
    destination: Mapped[Destination] = mapped_column(choice_of(Destination), default=Destination.APP)
    #: An absolute path; empty where no folder is used.
    folder: Mapped[str] = mapped_column(sa.String(1000), default="")
    #: What is kept of each course, see jobs.automated.keeping; all 0 keeps everything.
    keep_last: Mapped[int] = mapped_column(default=3)
    keep_daily: Mapped[int] = mapped_column(default=7)
    keep_weekly: Mapped[int] = mapped_column(default=4)
    keep_monthly: Mapped[int] = mapped_column(default=12)
    keep_days: Mapped[int] = mapped_column(default=0)
    #: Days after which a stored backup is read again; 0 for never.
    check_days: Mapped[int] = mapped_column(default=30)
    report: Mapped[ReportWhen] = mapped_column(choice_of(ReportWhen), default=ReportWhen.ALWAYS)
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    changed_by: Mapped[User | None] = relationship()


class AutomatedRun(Model):
    """One round through the courses. Its moment is unique, so two workers can't both begin it."""

    __tablename__ = "automated_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: When it was due; for one that an admin asked for, when that was.
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, unique=True)
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    #: The job that ends it: keeps to the rules, and reports.
    closing_job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("job.id", ondelete="SET NULL"))
    #: What concerns no single course, in sentences.
    notes: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    #: Backups that the rules let go, and their bytes.
    removed: Mapped[int] = mapped_column(default=0)
    removed_bytes: Mapped[int] = mapped_column(sa.BigInteger, default=0)

    asked_by: Mapped[User | None] = relationship()


class ItemState(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    WARNED = "warned"
    FAILED = "failed"
    SKIPPED = "skipped"


class AutomatedItem(Model):
    """One course in one run, and how it went."""

    __tablename__ = "automated_item"
    __table_args__ = (sa.Index("ix_automated_item_run", "run_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("automated_run.id", ondelete="CASCADE"))
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id", ondelete="SET NULL"), index=True)
    #: The course's full name. Outlives the course.
    title: Mapped[str] = mapped_column(sa.String(300))
    state: Mapped[ItemState] = mapped_column(choice_of(ItemState), default=ItemState.WAITING)
    #: Why it was skipped or failed, in a sentence.
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    warnings: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("job.id", ondelete="SET NULL"), index=True)
    #: What the backup can be found by, as long as it is kept.
    archive_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("archive_file.id", ondelete="SET NULL"), index=True
    )
    copy_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("folder_copy.id", ondelete="SET NULL"), index=True
    )
    size: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: `Course.changed_at` as it was before the course was read: the same now means that nothing has changed.
    course_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    with_people: Mapped[bool] = mapped_column(default=True)
    with_files: Mapped[bool] = mapped_column(default=True)
    without: Mapped[list[str]] = mapped_column(sa.JSON, default=list, server_default=sa.text("'[]'"))

    run: Mapped[AutomatedRun] = relationship()
    course: Mapped[Course | None] = relationship()
    job: Mapped[Job | None] = relationship()
    archive: Mapped[ArchiveFile | None] = relationship()
    copy: Mapped[FolderCopy | None] = relationship()


class FolderCopy(Model):
    """A backup that we wrote into the admins' folder. What no row here names is not ours."""

    __tablename__ = "folder_copy"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id", ondelete="SET NULL"), index=True)
    #: The job that wrote it. While `verified_at` is empty it may not have come to an end.
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("job.id", ondelete="SET NULL"))
    folder: Mapped[str] = mapped_column(sa.String(1000))
    filename: Mapped[str] = mapped_column(sa.String(255))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    #: When it was last read, all of it; and what was wrong with it then.
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    damage: Mapped[str] = mapped_column(sa.Text, default="")


def the_schedule(session: Session | None = None) -> Schedule:
    """The schedule as it stands; one that is switched off, and in no table, while nobody has decided."""
    found = (session or db.session()).scalars(sa.select(Schedule).order_by(Schedule.id).limit(1)).first()
    return found or _as_it_comes()


def _as_it_comes() -> Schedule:
    """A schedule with every column's default, which otherwise come only with the row."""
    given = {}
    for column in Schedule.__table__.columns:
        if column.default is not None:
            made: Any = column.default
            given[column.name] = made.arg(None) if made.is_callable else made.arg
    return Schedule(**given)
