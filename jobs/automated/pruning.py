"""Lets go of the automatic backups that the rules no longer keep, in the app and in the folder."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from jobs.automated.choosing import Choice, choices, rules_of
from jobs.automated.folder import Checkpoint, Written, is_what_we_wrote
from jobs.language import gettext as _
from webapp import places
from webapp.access.audit import note
from webapp.database import separate_write, snapshot
from webapp.job_requests.busy import is_in_use
from webapp.models import ArchiveFile, Course, FolderCopy, the_schedule

log = logging.getLogger(__name__)


@dataclass
class Removed:
    """What went, and what could not, in sentences."""

    count: int = 0
    size: int = 0
    notes: list[str] = field(default_factory=list)


def prune(now: datetime, checkpoint: Checkpoint) -> Removed:
    """Delete what the rules of the schedule no longer keep; `checkpoint` hears of bytes read, and may raise."""
    with snapshot() as session:
        going = [one for one in choices(session, rules_of(the_schedule(session)), now) if one.goes]
    removed = Removed()
    for one in going:
        try:
            gone = _remove_copy(one, now, checkpoint) if one.in_folder else _remove_archive(one, now)
        except OSError as error:
            removed.notes.append(
                _(
                    "An old backup of %(course)s could not be deleted: %(why)s.",
                    course=one.course,
                    why=error.strerror,
                )
            )
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
