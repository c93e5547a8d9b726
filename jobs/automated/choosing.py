"""What the rules say about every automatic backup that there is. Deletes nothing.

Backups of courses that are gone fall under no rule: nobody can make another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.automated.keeping import Rules, Stored, kept
from jobs.automated.soundness import is_sound_archive, is_sound_copy
from webapp.models import ArchiveFile, ArchiveOrigin, Course, FolderCopy, Schedule


@dataclass(frozen=True)
class Choice:
    """What the rules say about one stored backup."""

    course_id: int
    course: str
    #: The number of its row; in the folder if `in_folder`, else in the app.
    number: int
    in_folder: bool
    made_at: datetime
    size: int
    is_sound: bool
    #: Why it is kept; empty if it goes.
    reasons: Sequence[str] = ()

    @property
    def goes(self) -> bool:
        return not self.reasons


def rules_of(schedule: Schedule) -> Rules:
    return Rules(
        schedule.keep_last, schedule.keep_daily, schedule.keep_weekly, schedule.keep_monthly,
        schedule.keep_days,
    )  # fmt: skip


def choices(session: Session, rules: Rules, now: datetime, course_id: int | None = None) -> list[Choice]:
    """What the rules say about every automatic backup, or those of one course: by course, newest first.

    Each place has its own newest one: who keeps backups in two places wants one in each.
    """
    which = sa.true() if course_id is None else Course.id == course_id
    found = [*_in_app(session, which), *_in_folder(session, which)]
    found.sort(key=lambda one: (one.made_at, one.number), reverse=True)
    found.sort(key=_place)
    return [one for _, group in groupby(found, key=_place) for one in _decided(list(group), rules, now)]


def _place(one: Choice) -> tuple[str, int, bool]:
    return one.course, one.course_id, one.in_folder


def _decided(group: list[Choice], rules: Rules, now: datetime) -> list[Choice]:
    stored = [Stored(one.number, one.made_at, one.is_sound, one.size) for one in group]
    reasons = kept(stored, rules, now)
    return [replace(one, reasons=tuple(reasons.get(one.number, ()))) for one in group]


def _in_app(session: Session, which: sa.ColumnElement[bool]) -> Iterator[Choice]:
    # Only what is asked for: what was found in a backup can be long, and there may be thousands.
    found = sa.select(
        Course.id.label("course_id"), Course.fullname, ArchiveFile.id, ArchiveFile.created_at,
        ArchiveFile.size, ArchiveFile.verified_at, ArchiveFile.damage,
    ).join(Course, Course.id == ArchiveFile.course_id)  # fmt: skip
    for row in session.execute(found.where(ArchiveFile.origin == ArchiveOrigin.AUTOMATED, which)):
        yield Choice(
            row.course_id, row.fullname, row.id, False, row.created_at, row.size, is_sound_archive(row)
        )


def _in_folder(session: Session, which: sa.ColumnElement[bool]) -> Iterator[Choice]:
    found = sa.select(Course.id, Course.fullname, FolderCopy).join(Course, Course.id == FolderCopy.course_id)
    for course_id, fullname, row in session.execute(found.where(FolderCopy.verified_at.is_not(None), which)):
        yield Choice(course_id, fullname, row.id, True, row.created_at, row.size, is_sound_copy(row))
