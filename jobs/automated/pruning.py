"""Lets go of the automatic backups that the rules no longer keep, in the app and in the folder.

Backups of courses that are gone fall under no rule: nobody can make another one.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.automated.folder import Checkpoint, Written, is_what_we_wrote
from jobs.automated.keeping import Rules, Stored, kept
from webapp import places
from webapp.audit import note
from webapp.busy import is_in_use
from webapp.database import separate_write, snapshot
from webapp.models import ArchiveFile, ArchiveOrigin, Course, FolderCopy, Schedule, the_schedule

log = logging.getLogger(__name__)


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


@dataclass
class Removed:
    """What went, and what could not, in sentences."""

    count: int = 0
    size: int = 0
    notes: list[str] = field(default_factory=list)


def rules_of(schedule: Schedule) -> Rules:
    return Rules(
        schedule.keep_last, schedule.keep_daily, schedule.keep_weekly, schedule.keep_monthly,
        schedule.keep_days,
    )  # fmt: skip


def choices(session: Session, rules: Rules, now: datetime, course_id: int | None = None) -> list[Choice]:
    """What the rules say about every automatic backup, or those of one course: by course, newest first.

    Each place has its own newest one: who keeps backups in two places wants one in each.
    """
    of_courses = sa.select(Course.id, Course.fullname).order_by(Course.fullname, Course.id)
    if course_id is not None:
        of_courses = of_courses.where(Course.id == course_id)
    names: dict[int, str] = dict(session.execute(of_courses).all())
    groups: dict[tuple[int, bool], list[Choice]] = {}
    for one in (*_in_app(session, names), *_in_folder(session, names)):
        groups.setdefault((one.course_id, one.in_folder), []).append(one)
    order = {number: place for place, number in enumerate(names)}
    return [
        one
        for key in sorted(groups, key=lambda key: (order[key[0]], key[1]))
        for one in _decided(groups[key], rules, now)
    ]


def _decided(group: list[Choice], rules: Rules, now: datetime) -> list[Choice]:
    stored = [Stored(one.number, one.made_at, one.is_sound, one.size) for one in group]
    reasons = kept(stored, rules, now)
    newest_first = sorted(group, key=lambda one: (one.made_at, one.number), reverse=True)
    return [Choice(**{**one.__dict__, "reasons": tuple(reasons.get(one.number, ()))}) for one in newest_first]


def _in_app(session: Session, names: dict[int, str]) -> list[Choice]:
    found = sa.select(ArchiveFile).where(
        ArchiveFile.origin == ArchiveOrigin.AUTOMATED, ArchiveFile.course_id.in_(names)
    )
    return [
        Choice(
            row.course_id, names[row.course_id], row.id, False, row.created_at, row.size, is_sound_archive(row)
        )
        for row in session.scalars(found) if row.course_id is not None
    ]  # fmt: skip


def _in_folder(session: Session, names: dict[int, str]) -> list[Choice]:
    found = sa.select(FolderCopy).where(FolderCopy.course_id.in_(names), FolderCopy.verified_at.is_not(None))
    return [
        Choice(
            row.course_id, names[row.course_id], row.id, True, row.created_at, row.size, is_sound_copy(row)
        )
        for row in session.scalars(found) if row.course_id is not None
    ]  # fmt: skip


def is_sound_archive(row: ArchiveFile) -> bool:
    """Whether the backup was sound when it was last read, and still lies there."""
    return row.verified_at is not None and not row.damage and _is_there(places.archive_path(row.id), row.size)


def is_sound_copy(row: FolderCopy) -> bool:
    return (
        row.verified_at is not None and not row.damage and _is_there(Path(row.folder, row.filename), row.size)
    )


def _is_there(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def prune(now: datetime, checkpoint: Checkpoint) -> Removed:
    """Delete what the rules of the schedule no longer keep; `checkpoint` hears of bytes read, and may raise."""
    with snapshot() as session:
        going = [one for one in choices(session, rules_of(the_schedule(session)), now) if one.goes]
    removed = Removed()
    for one in going:
        try:
            gone = _remove_copy(one, now, checkpoint) if one.in_folder else _remove_archive(one, now)
        except OSError as error:
            removed.notes.append(f"An old backup of {one.course} could not be deleted: {error.strerror}.")
            continue
        if gone:
            removed.count += 1
            removed.size += one.size
    return removed


def _remove_archive(one: Choice, now: datetime) -> bool:
    with separate_write() as session:
        row = session.get(ArchiveFile, one.number)
        if row is None or not _still_goes(session, one, now) or is_in_use(row, session):
            return False
        note(session, "backup deleted", row, course=session.get(Course, one.course_id), detail="by the rules")
        session.delete(row)
    for path in (places.archive_path(one.number), places.archive_index(one.number)):
        path.unlink(missing_ok=True)
    log.info("automatic backup %s went by the rules", one.number)
    return True


def _remove_copy(one: Choice, now: datetime, checkpoint: Checkpoint) -> bool:
    """Delete a copy in the folder, unless somebody has put other bytes in its place: those are not ours."""
    with snapshot() as session:
        row = session.get(FolderCopy, one.number)
        if row is None:
            return False
        path, written = Path(row.folder, row.filename), Written(row.size, row.sha256)
    is_ours = path.exists() and is_what_we_wrote(path, written, checkpoint)
    with separate_write() as session:
        row = session.get(FolderCopy, one.number)
        if row is None or not _still_goes(session, one, now):
            return False
        session.delete(row)
    if is_ours:
        path.unlink(missing_ok=True)
        log.info("folder copy %s went by the rules", one.number)
    return is_ours


def _still_goes(session: Session, one: Choice, now: datetime) -> bool:
    """Asked within the transaction that deletes it: a newer one may have been deleted meanwhile."""
    rules = rules_of(the_schedule(session))
    return any(
        other.goes
        for other in choices(session, rules, now, one.course_id)
        if (other.number, other.in_folder) == (one.number, one.in_folder)
    )
