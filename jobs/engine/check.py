"""Reads a stored backup again, all of it, and notes whether it still is what was written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from jobs import notify
from jobs.archive.survey import Survey, survey
from jobs.archive.survey.model import DAMAGE
from jobs.automated.folder import Written, is_what_we_wrote
from jobs.engine.outcome import Outcome
from jobs.language import gettext as _, lazy_gettext as _l, number
from jobs.problems import ArchiveProblem
from jobs.progress import Run, Step
from webapp import places
from webapp.database import snapshot
from webapp.models import ArchiveFile, Course, FolderCopy, utc_now

READING = _("Reading the backup")
GONE = _l("Its file is gone.")


def check(run: Run) -> Outcome:
    """Read the backup file, or the copy in the admins' folder; one that was deleted meanwhile needs no check."""
    with snapshot() as session:
        row = _row(session, run)
        if row is None:
            return Outcome()
        session.expunge_all()
    run.plan([Step(READING, row.size)])
    run.enter(1)
    damage = damage_of(row, run.advance)

    def apply(session: Session) -> dict[str, Any]:
        return _note(session, _row(session, run), damage)

    return Outcome(apply=apply)


def _row(session: Session, run: Run) -> ArchiveFile | FolderCopy | None:
    if run.scope == "archive":
        return session.get(ArchiveFile, run.target_id)
    return session.get(FolderCopy, run.target_id)


def damage_of(row: ArchiveFile | FolderCopy, advance: Callable[[int], None]) -> str:
    """Read it; what is wrong with it that was not wrong when it was made, in a sentence, or nothing.

    `advance` hears of each piece's bytes and may raise.
    """
    try:
        return _of_archive(row, advance) if isinstance(row, ArchiveFile) else _of_copy(row, advance)
    except FileNotFoundError:
        return str(GONE)
    except OSError as error:
        return _("It can’t be read: %(why)s.", why=error.strerror)


def _of_archive(row: ArchiveFile, advance: Callable[[int], None]) -> str:
    known = {(one.entry, one.file) for one in Survey.from_json(row.survey).problems} if row.survey else set()
    told = 0

    def checkpoint(read: int) -> None:
        nonlocal told
        advance(read - told)
        told = read

    path = places.archive_path(row.id)
    if path.stat().st_size != row.size:
        return _(
            "It has %(found)s bytes, and had %(made)s when it was made.",
            found=number(path.stat().st_size),
            made=number(row.size),
        )
    try:
        found = survey(path, checkpoint=checkpoint)
    except ArchiveProblem as problem:
        return str(problem)
    fresh = [one for one in found.problems if one.level == DAMAGE and (one.entry, one.file) not in known]
    return fresh[0].what if fresh else ""


def _of_copy(row: FolderCopy, advance: Callable[[int], None]) -> str:
    path = Path(row.folder, row.filename)
    same = is_what_we_wrote(path, Written(row.size, row.sha256), advance)
    return "" if same else _("It is no longer what was written there.")


def _note(session: Session, row: ArchiveFile | FolderCopy | None, damage: str) -> dict[str, Any]:
    if row is None:
        return {}
    if damage and not row.damage:
        course = session.get(Course, row.course_id) if row.course_id else None
        values = {
            "course_fullname": course.fullname if course else _("a course that is gone"),
            "course_shortname": course.shortname if course else "",
            "file_name": row.filename,
            "problem": damage,
        }
        notify.tell_admins(session, "check_damaged", values, "automated.show_damaged")
    row.verified_at, row.damage = utc_now(), damage
    return {"damage": damage}
