"""Who is working on a course or a backup file right now."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from webapp.extensions import db
from webapp.models import ACTIVE, BACKGROUND, IS_BUSY, ArchiveFile, Job, JobKind, User


def busy_jobs(course_id: int) -> list[Job]:
    """The asked-for jobs on the course that are in line or running, oldest first, with who asked. One query."""
    found = sa.select(Job).options(joinedload(Job.user)).where(Job.course_id == course_id, IS_BUSY)
    return list(db.session.scalars(found.where(Job.kind.not_in(BACKGROUND)).order_by(Job.id)))


def needed_by_a_restore() -> sa.ColumnElement[bool]:
    """Whether a restore that is not over has to do with the backup file of a row; for a query about these."""
    named = (Job.scope == "archive") & (Job.target_id == ArchiveFile.id)
    noted = Job.result["archive_id"].as_integer() == ArchiveFile.id
    return sa.exists().where(Job.kind == JobKind.RESTORE, Job.state.in_(ACTIVE), named | noted)


def is_in_use(archive: ArchiveFile, session: Session | None = None) -> bool:
    """Whether a restore reads the backup file, or waits for an answer about it."""
    found = sa.select(ArchiveFile.id).where(ArchiveFile.id == archive.id, needed_by_a_restore())
    return (session or db.session()).execute(found).first() is not None


def copies_on_their_way(user: User) -> list[Job]:
    """The person's copies of courses that are in line or being made, oldest first."""
    mine = (Job.user_id == user.id) & (Job.kind == JobKind.COPY) & (Job.scope == "course")
    return list(db.session.scalars(sa.select(Job).where(mine, IS_BUSY).order_by(Job.id)))
