"""The job table: the one truth about long work. The queue only nudges (docs/adr/0001)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jobs.language import gettext as _
from webapp.extensions import Model
from webapp.models.course import Course
from webapp.models.types import UtcDateTime, choice_of, literally_in, utc_now
from webapp.models.user import User


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"  # for an answer of the person who asked
    DONE = "done"
    WARNED = "warned"  # done, with warnings
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobKind(StrEnum):
    BACKUP = "backup"
    RESTORE = "restore"
    COPY = "copy"  # of a course, or within one of a section or an activity
    IMPORT = "import"  # out of one course into another
    MAIL = "mail"
    #: What the schedule does: the backup of one course, the end of a run, a look at one stored backup.
    AUTOMATED = "automated"
    CLOSING = "closing"
    CHECK = "check"

    @property
    def word(self) -> str:
        """The word for it at the beginning of a sentence."""
        words = {
            JobKind.BACKUP: _("Backup"),
            JobKind.RESTORE: _("Restore"),
            JobKind.COPY: _("Copy"),
            JobKind.IMPORT: _("Import"),
            JobKind.MAIL: _("Mail"),
            JobKind.AUTOMATED: _("Automatic backup"),
            JobKind.CLOSING: _("End of a round"),
            JobKind.CHECK: _("Check of a backup"),
        }
        return words[self]


ACTIVE = (JobState.QUEUED, JobState.RUNNING, JobState.WAITING)
BUSY = (JobState.QUEUED, JobState.RUNNING)
#: Work that nobody has asked for. It lets everything else go first (jobs.courtesy).
BACKGROUND = (JobKind.AUTOMATED, JobKind.CLOSING, JobKind.CHECK)
#: Work that somebody has asked for, and that is watched.
ASKED_FOR = (JobKind.BACKUP, JobKind.RESTORE, JobKind.COPY, JobKind.IMPORT)
_active = sa.text("state IN ('queued', 'running', 'waiting')")
_busy = sa.text("state IN ('queued', 'running')")
_to_dismiss = sa.text("state IN ('failed') AND dismissed_at IS NULL")
_open = sa.text("state IN ('queued', 'running', 'waiting') OR state IN ('failed') AND dismissed_at IS NULL")
_asked_for = sa.text("kind IN ('backup', 'restore', 'copy', 'import')")
_background = sa.text("kind IN ('automated', 'closing', 'check')")


def _only(rows: sa.TextClause) -> dict[str, Any]:
    """An index of these rows alone."""
    return {"sqlite_where": rows, "postgresql_where": rows}


class Job(Model):
    __tablename__ = "job"
    __table_args__ = (
        # One per person and resource, whatever the browser does: a second one can't be written.
        sa.Index("uq_job_active", "user_id", "kind", "scope", "target_id", unique=True, **_only(_active)),
        # What the course page asks on each visit in edit mode.
        sa.Index("ix_job_busy_course", "course_id", **_only(_busy)),
        sa.Index("ix_job_state", "state", "id"),
        # What is under way, or has failed and is listed until it is dismissed.
        sa.Index("ix_job_open", "state", "user_id", **_only(_open)),
        sa.Index("ix_job_to_dismiss", "course_id", **_only(_to_dismiss)),
        # The long lists of what is over, newest first.
        sa.Index("ix_job_ended", "finished_at", **_only(_asked_for)),
        sa.Index("ix_job_ended_user", "user_id", "finished_at", **_only(_asked_for)),
        sa.Index("ix_job_ended_course", "course_id", "finished_at", **_only(_asked_for)),
        sa.Index("ix_job_ended_background", "kind", "finished_at", **_only(_background)),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[JobKind] = mapped_column(choice_of(JobKind))
    #: What `target_id` counts: "course", "section", "activity", "archive", "message".
    scope: Mapped[str] = mapped_column(sa.String(20))
    target_id: Mapped[int]
    #: The course that it reads or changes; of a restore into a new course, from its end on the one that it has made.
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id", ondelete="SET NULL"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    #: The admin who asked for it while signed in as that person.
    behind_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    #: What it is about, in words: the course's full name, or the file's name. Outlives both.
    title: Mapped[str] = mapped_column(sa.String(300), default="")
    state: Mapped[JobState] = mapped_column(choice_of(JobState), default=JobState.QUEUED)

    #: All steps in words, with the seconds that the finished ones took: [["Copying files", 21], …].
    steps: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    #: Which of them it is at, counted from 1; 0 before the first.
    step_number: Mapped[int] = mapped_column(default=0)
    step_done: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    step_total: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    #: Bytes of work over all steps; what the bar shows. Never goes back.
    done_bytes: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    total_bytes: Mapped[int] = mapped_column(sa.BigInteger, default=0)

    options: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    warnings: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    problem: Mapped[str] = mapped_column(sa.Text, default="")

    attempts: Mapped[int] = mapped_column(default=0)
    #: Raised by each claim; whoever writes with an older one has lost the job.
    token: Mapped[int] = mapped_column(default=0)
    runner: Mapped[str] = mapped_column(sa.String(100), default="")
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    #: The higher, the earlier it is taken from the line. Raised by an admin who puts it first.
    priority: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When somebody took note that it had failed: from then on it is not listed with what needs a look.
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    course: Mapped[Course | None] = relationship()

    @property
    def about_id(self) -> int | None:
        """The course that it is about: the one that it has made, or else the one that it reads or changes."""
        made = self.result.get("course_id")
        return (made or self.course_id) if self.kind == JobKind.COPY else (self.course_id or made)

    @property
    def is_over(self) -> bool:
        return self.state not in ACTIVE

    @property
    def can_be_dismissed(self) -> bool:
        return self.state == JobState.FAILED and self.dismissed_at is None

    @property
    def is_backup(self) -> bool:
        return self.kind in (JobKind.BACKUP, JobKind.AUTOMATED)

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY

    @property
    def step(self) -> str:
        """What it is doing, in words; empty before it has begun."""
        return str(self.steps[self.step_number - 1][0]) if 0 < self.step_number <= len(self.steps) else ""

    @property
    def percent(self) -> int:
        """How far it is by bytes, 0 to 100; 100 only once it is done."""
        if self.state in (JobState.DONE, JobState.WARNED):
            return 100
        if not self.total_bytes:
            return 0
        return min(99, self.done_bytes * 100 // self.total_bytes)

    @property
    def seconds_left(self) -> int | None:
        """A guess from the pace so far; None while there is too little to guess from."""
        if self.state != JobState.RUNNING or not self.started_at or not self.total_bytes:
            return None
        spent = (utc_now() - self.started_at).total_seconds()
        if spent < 2 or self.done_bytes * 50 < self.total_bytes:
            return None
        return max(1, round(spent * (self.total_bytes - self.done_bytes) / self.done_bytes))


# What the indexes above hold, for statements that shall use them.
IS_BUSY = literally_in(Job.state, BUSY)
TO_DISMISS = literally_in(Job.state, (JobState.FAILED,)) & Job.dismissed_at.is_(None)
IS_OPEN = literally_in(Job.state, ACTIVE) | TO_DISMISS
IS_ASKED_FOR = literally_in(Job.kind, ASKED_FOR)
IS_BACKGROUND = literally_in(Job.kind, BACKGROUND)
