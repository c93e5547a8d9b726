"""Who is working on a course or a backup file right now."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from webapp.extensions import db
from webapp.models import ACTIVE, BACKGROUND, IS_ASKED_FOR, IS_BUSY, ArchiveFile, Job, JobKind, User, utc_now

#: What has ended since then still shows where it was being done, and no more than so many.
LATELY, MOST = timedelta(minutes=5), 5


def busy_jobs(course_id: int) -> list[Job]:
    """The asked-for jobs on the course that are in line or running, oldest first, with who asked. One query."""
    found = sa.select(Job).options(joinedload(Job.user)).where(Job.course_id == course_id, IS_BUSY)
    return list(db.session.scalars(found.where(Job.kind.not_in(BACKGROUND)).order_by(Job.id)))


def work_on(course_id: int, activity_id: int | None = None) -> list[Job]:
    """The same, and what has ended within LATELY, newest first; of one activity of the course, or of all of it."""
    lately = IS_ASKED_FOR & (Job.finished_at > utc_now() - LATELY)
    found = sa.select(Job).options(joinedload(Job.user)).where(Job.course_id == course_id, lately)
    jobs = [*busy_jobs(course_id), *db.session.scalars(found.order_by(Job.finished_at.desc()).limit(MOST))]
    return [job for job in jobs if activity_id in (None, job.target_id if job.scope == "activity" else 0)]


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
