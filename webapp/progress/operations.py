"""Finds jobs, and starts one over."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask import abort

from jobs.engine.undo import is_last, undo_until
from jobs.queue import ask_for, dismiss
from webapp import places
from webapp.extensions import db
from webapp.models import ASKED_FOR, BACKGROUND, ArchiveFile, Course, Job, JobKind, JobState, User

#: Mails are jobs too, but nobody watches them.
SHOWN_KINDS = (*ASKED_FOR, *BACKGROUND)


def get_job(job_id: int) -> Job:
    """The job with this number, if it is one that people see; else 404."""
    job = db.session.get(Job, job_id)
    if job is None or job.kind not in SHOWN_KINDS:
        abort(404)
    return job


def seconds_until_free() -> list[int | None]:
    """For each running job the seconds that it should still take; None where nobody knows."""
    running = sa.select(Job).where(Job.state == JobState.RUNNING, Job.kind.in_(SHOWN_KINDS))
    return [job.seconds_left for job in db.session.scalars(running)]


def archive_of(job: Job) -> ArchiveFile | None:
    """The backup file that the job made or reads, if it is still there."""
    archive_id = job.result.get("archive_id") or (job.target_id if job.scope == "archive" else None)
    archive = db.session.get(ArchiveFile, archive_id) if archive_id else None
    return archive if archive and places.archive_path(archive.id).exists() else None


def course_of(job: Job) -> Course | None:
    """The course that the job reads or changes, or has made."""
    return db.session.get(Course, job.about_id) if job.about_id else None


def undo_end(job: Job) -> datetime | None:
    """Until when this restore can be taken back; None if it can't, or something came after it."""
    if not job.result.get("undo") or not is_last(job):
        return None
    return undo_until(job.result["course_id"])


def can_begin_again(job: Job) -> bool:
    """Whether a job that came to nothing could be asked for once more."""
    if job.state not in (JobState.FAILED, JobState.CANCELLED) or job.kind in BACKGROUND:
        return False  # the schedule makes up for it
    return archive_of(job) is not None if job.kind == JobKind.RESTORE else course_of(job) is not None


def begin_again(job: Job, user: User) -> tuple[Job, bool]:
    """Ask for the same once more, which takes note of the failure. See `jobs.queue.ask_for`."""
    again, is_new = _ask_again(job, user)
    dismiss(job.id)
    return again, is_new


def _ask_again(job: Job, user: User) -> tuple[Job, bool]:
    """A restore reads its file again first."""
    if job.kind != JobKind.RESTORE:
        course = course_of(job)
        return ask_for(job.kind, job.scope, job.target_id, user=user, title=job.title, course=course,
                       options=job.options)  # fmt: skip
    archive = archive_of(job)
    if archive is None:
        abort(409)
    return ask_for(job.kind, "archive", archive.id, user=user, title=archive.filename)
