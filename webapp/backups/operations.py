"""Finds backups, asks for new ones, and deletes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Response, abort, send_file
from sqlalchemy.orm import Session, joinedload

from jobs.steps.selecting.dependants import dependants, kind_dependants
from jobs.steps.selecting.optional import ACTIVITIES
from webapp import places
from webapp.access.audit import actor, note
from webapp.access.rights import courses_where, may_on_site
from webapp.content.choices import activities_of, with_subsections
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.job_requests import asking
from webapp.job_requests.busy import busy_jobs, is_in_use
from webapp.job_requests.failed_jobs import failed_for, failed_on_course
from webapp.models import (
    ACTIVE,
    MADE_HERE,
    ArchiveFile,
    ArchiveOrigin,
    AuditEntry,
    Course,
    Job,
    JobKind,
    User,
    utc_now,
)
from webapp.pages.paging import Page, page_of
from webapp.pages.searching import have_words
from webapp.pages.serving import restrain

#: What is asked for of one file within this time is one download.
ONE_DOWNLOAD = timedelta(hours=1)


@dataclass(frozen=True)
class Kept:
    """How many backups of a course there are, and how large they are together."""

    count: int
    size: int


def get_course(course_id: int) -> Course:
    return db.session.get_one(Course, course_id)


def get_archive(archive_id: int) -> ArchiveFile:
    return db.session.get_one(ArchiveFile, archive_id)


def backups_of(course: Course, number: int, search: str = "") -> Page[ArchiveFile]:
    """The course's backups, newest first; every word of `search` is in what they are called, or in their notes."""
    return page_of(_newest(ArchiveFile.course_id == course.id).where(*_called(search)), number)


def backups_for(user: User, number: int, search: str = "") -> Page[ArchiveFile]:
    """The backups of the courses that the person may back up, and what they made of courses that have gone.

    Newest first; an admin finds all that they have made. `search` looks into the names of courses, too.
    """
    own = (ArchiveFile.owner_id == user.id) & (ArchiveFile.origin == ArchiveOrigin.BACKUP)
    if not user.is_admin:
        own &= ArchiveFile.course_id.is_(None)
    mine = _newest(own | ArchiveFile.course_id.in_(courses_where(user, "back up")))
    named = mine.outerjoin(ArchiveFile.course).where(*_called(search, Course.fullname, Course.shortname))
    return page_of(named, number)


def kept(course: Course) -> Kept:
    size = sa.func.coalesce(sa.func.sum(ArchiveFile.size), 0)
    found = sa.select(sa.func.count(), size).where(ArchiveFile.course_id == course.id)
    return Kept(*db.session.execute(found).one())


def courses_of(archives: Sequence[ArchiveFile]) -> dict[int, Course]:
    """The courses that the backups were made of, by their number."""
    numbers = {archive.course_id for archive in archives if archive.course_id}
    found = db.session.scalars(sa.select(Course).where(Course.id.in_(numbers))) if numbers else ()
    return {course.id: course for course in found}


def backups_under_way(course: Course) -> list[Job]:
    """The backups of the course that are in line or being made."""
    return [job for job in busy_jobs(course.id) if job.kind == JobKind.BACKUP]


def backups_that_failed(course: Course) -> list[Job]:
    """The backups of the course, or of a part of it, that did not finish and that nobody has dismissed."""
    return failed_on_course(course.id, JobKind.BACKUP)


def work_of(user: User) -> list[Job]:
    """The person's backups and restores that are not over yet, and those that failed and are not dismissed."""
    found = _jobs(JobKind.BACKUP, JobKind.RESTORE).where(Job.user_id == user.id, Job.state.in_(ACTIVE))
    under_way = db.session.scalars(found.order_by(Job.id)).all()
    return [*under_way, *failed_for(user.id, JobKind.BACKUP, JobKind.RESTORE)]


def is_work_of(user: User) -> sa.ColumnElement[bool]:
    """What may stand among the person's backups as work, as a condition."""
    return (Job.user_id == user.id) & Job.kind.in_((JobKind.BACKUP, JobKind.RESTORE))


def is_backup_of(course: Course) -> sa.ColumnElement[bool]:
    """The same among the backups of the course."""
    return (Job.course_id == course.id) & (Job.kind == JobKind.BACKUP)


def ask_for_backup(course: Course, options: dict[str, Any], user: User) -> tuple[Job, bool]:
    """See `jobs.queue.ask_for`. Raises JobRefused, too, where it could not be kept."""
    options = options | {"leave_out": all_left_out(course, options)}
    return asking.ask_for_backup(course, options, user)


def needs_what_is_left_out(course: Course, options: dict[str, Any]) -> list[str]:
    """What is no longer right in a backup with these options, in a sentence each."""
    leave_out, session = all_left_out(course, options), db.session()
    needs = dependants(session, course.version, leave_out) if any(leave_out.values()) else []
    return needs + kind_dependants(session, course.version, options | {"leave_out": leave_out})


def all_left_out(course: Course, options: dict[str, Any]) -> dict[str, list[int]]:
    """What stays out with these options: what was left out, and the subsections that go with it."""
    leave_out: dict[str, list[int]] = options["leave_out"]
    if ACTIVITIES in options.get("without", ()):
        leave_out = leave_out | {"activities": activities_of(course)}
    return with_subsections(course, leave_out) if any(leave_out.values()) else leave_out


def send_archive(archive: ArchiveFile) -> Response:
    """Answer with the file; a download that broke off can be taken up again."""
    try:
        answer = send_file(
            places.archive_path(archive.id),
            mimetype="application/vnd.moodle.backup",
            as_attachment=True,
            download_name=archive.download_name,
        )
    except FileNotFoundError:
        abort(404)
    return restrain(answer, None)


def note_download(archive: ArchiveFile) -> None:
    """Write down that the person takes the file away; once, however often a download is taken up again."""
    mine = (AuditEntry.user_id == actor().user_id) & (AuditEntry.thing_id == archive.id)
    lately = AuditEntry.at > utc_now() - ONE_DOWNLOAD
    found = sa.select(AuditEntry.id).where(AuditEntry.action == "backup downloaded", mine, lately).limit(1)
    with write_transaction() as session:
        if session.execute(found).first() is None:
            note(session, "backup downloaded", archive, course=_course_of(session, archive))


def rename(archive_id: int, name: str, note_text: str) -> None:
    """Give a backup another name and note."""
    with write_transaction() as session:
        archive = session.get_one(ArchiveFile, archive_id)
        archive.name, archive.note = name, note_text


def delete_archive(archive_id: int) -> bool:
    """Delete a backup and its file; false if a restore needs it."""
    with write_transaction() as session:
        archive = session.get_one(ArchiveFile, archive_id)
        if is_in_use(archive):
            return False
        note(session, "backup deleted", archive, course=_course_of(session, archive))
        session.delete(archive)
    for path in (places.archive_path(archive_id), places.archive_index(archive_id)):
        path.unlink(missing_ok=True)
    return True


def may_restore_somewhere(user: User) -> bool:
    """Whether there is any use in the person's bringing a backup file."""
    if may_on_site(user, "make courses"):
        return True
    found = courses_where(user, "restore").limit(1)
    return user.active and db.session.execute(found).first() is not None


def _course_of(session: Session, archive: ArchiveFile) -> Course | None:
    return session.get(Course, archive.course_id) if archive.course_id else None


def _called(search: str, *others: Any) -> Iterator[sa.ColumnElement[bool]]:
    """The condition that every word is in the name, the note or the file's name of a backup, or in the others."""
    return have_words(search, ArchiveFile.name, ArchiveFile.note, ArchiveFile.filename, *others)


def _newest(which: sa.ColumnElement[bool]) -> sa.Select[ArchiveFile]:
    found = sa.select(ArchiveFile).options(joinedload(ArchiveFile.owner))
    return found.where(ArchiveFile.origin.in_(MADE_HERE), which).order_by(
        ArchiveFile.created_at.desc(), ArchiveFile.id.desc()
    )


def _jobs(*kinds: JobKind) -> sa.Select[Job]:
    return sa.select(Job).options(joinedload(Job.user), joinedload(Job.course)).where(Job.kind.in_(kinds))
