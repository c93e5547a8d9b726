"""Which stored backup is read again next."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.automated.runs import acting_admin
from webapp.models import MADE_HERE, ArchiveFile, FolderCopy, Job, JobKind, the_schedule


def next_check(session: Session, now: datetime) -> Job | None:
    """A job, not in line yet, for the backup that was longest not read; None if none is due."""
    days = the_schedule(session).check_days
    admin = acting_admin(session) if days else None
    if admin is None:
        return None
    before = now - timedelta(days=days)
    due = [*_archives(session, before), *_copies(session, before)]
    if not due:
        return None
    _, scope, number, filename, course_id = min(due, key=lambda found: found[0])
    return Job(kind=JobKind.CHECK, scope=scope, target_id=number, title=filename[:300], user_id=admin.id,
               course_id=course_id)  # fmt: skip


Found = tuple[datetime, str, int, str, int | None]


def _archives(session: Session, before: datetime) -> list[Found]:
    found = sa.select(ArchiveFile.verified_at, ArchiveFile.id, ArchiveFile.filename, ArchiveFile.course_id)
    found = found.where(ArchiveFile.verified_at < before, ArchiveFile.origin.in_(MADE_HERE))
    rows = session.execute(found.order_by(ArchiveFile.verified_at).limit(1))
    return [(at, "archive", number, name, course) for at, number, name, course in rows if at is not None]


def _copies(session: Session, before: datetime) -> list[Found]:
    found = sa.select(FolderCopy.verified_at, FolderCopy.id, FolderCopy.filename, FolderCopy.course_id).where(
        FolderCopy.verified_at < before
    )
    rows = session.execute(found.order_by(FolderCopy.verified_at).limit(1))
    return [(at, "copy", number, name, course) for at, number, name, course in rows if at is not None]
