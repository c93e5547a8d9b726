"""Backup files that we hold: made here, or brought."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.extensions import Model
from webapp.models.course import Course
from webapp.models.types import UtcDateTime, choice_of, utc_now
from webapp.models.user import User

#: What a name of a file does not have on every system.
_NOT_PLAIN = re.compile(r"[^\w .()+-]+")


class ArchiveOrigin(StrEnum):
    BACKUP = "backup"
    #: Made by the schedule; only these fall under its rules for what is kept.
    AUTOMATED = "automated"
    UPLOAD = "upload"


#: Where backups of courses of this site come from.
MADE_HERE = (ArchiveOrigin.BACKUP, ArchiveOrigin.AUTOMATED)


class ArchiveFile(Model):
    __tablename__ = "archive_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[ArchiveOrigin] = mapped_column(choice_of(ArchiveOrigin))
    #: The course it was made of; None for an upload, and once the course is gone.
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id", ondelete="SET NULL"), index=True)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    scope: Mapped[str] = mapped_column(sa.String(20), default="course")
    #: The name a person sees and downloads it by; on disk it is called by its id.
    filename: Mapped[str] = mapped_column(sa.String(255))
    #: What its maker, or a manager of the course, calls it; and what they wrote to it. Both may be empty.
    name: Mapped[str] = mapped_column(sa.String(100), default="", server_default=sa.text("''"))
    note: Mapped[str] = mapped_column(sa.Text, default="", server_default=sa.text("''"))
    size: Mapped[int] = mapped_column(sa.BigInteger)
    file_count: Mapped[int] = mapped_column(default=0)
    with_people: Mapped[bool] = mapped_column(default=False)
    #: With people, but not under their names.
    anonymised: Mapped[bool] = mapped_column(default=False)
    with_files: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    #: When it was last read, all of it.
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    #: How it has gone bad since it was made, in a sentence; what was missing from the start is in the survey.
    damage: Mapped[str] = mapped_column(sa.Text, default="", server_default=sa.text("''"))
    #: What reading all of it found (jobs.archive.survey); empty until it has been read.
    survey: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)

    @property
    def download_name(self) -> str:
        """What the file is called where it is taken: by its own name, of which only plain characters stay."""
        plain = _NOT_PLAIN.sub(" ", self.name).strip(" .-")
        return f"{' '.join(plain.split())}.mbz" if plain else self.filename

    owner: Mapped[User] = relationship()
    #: None too while the course lies in the bin.
    course: Mapped[Course | None] = relationship()
