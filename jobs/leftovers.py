"""Removes what nobody owns any more, in bounded batches that keep no writer waiting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from jobs import stray
from jobs.stray import HOUR, age
from webapp import places
from webapp.content.binning import delete_for_ever, expired
from webapp.database import empty_log, separate_write, snapshot
from webapp.job_requests.busy import needed_by_a_restore
from webapp.models import (
    ACTIVE,
    WITH_BIN,
    Activity,
    ArchiveFile,
    ArchiveOrigin,
    AuditEntry,
    BinEntry,
    Block,
    Course,
    CourseFile,
    CourseVersion,
    Document,
    FailedSignIn,
    Job,
    JobKind,
    JobState,
    Message,
    Person,
    Record,
    Section,
    SignIn,
    get_setting,
    utc_now,
)

#: Rows that one transaction deletes.
ROWS = 2000
#: Children before parents.
TABLES: tuple[type[Any], ...] = (Document, CourseFile, Person, Block, Activity, Section)


def clear() -> None:
    """Look once through everything that may be left over, but the contents of files."""
    _empty_bin()
    for version_id in _abandoned_versions():
        delete_version(version_id)
    _forget_uploads()
    _forget_deeds()
    _forget_sign_ins()
    _forget_jobs()
    _forget_messages()
    _forget_tries()
    stray.remove()
    empty_log()


def delete_version(version_id: int) -> None:
    """Delete a version that nothing points to, with all it holds."""
    documents = sa.select(Document.id).where(Document.version_id == version_id)
    _in_batches(sa.delete(Record), Record, Record.document_id.in_(documents))
    for table in TABLES:
        _in_batches(sa.delete(table), table, table.version_id == version_id)
    # What was taken out of this version and put elsewhere has its records with it.
    home = sa.select(Document.version_id).where(Document.id == Record.document_id).scalar_subquery()
    _in_batches(sa.update(Record).values(version_id=home), Record, Record.version_id == version_id)
    with separate_write() as session:
        session.execute(sa.delete(CourseVersion).where(CourseVersion.id == version_id))


def _forget_deeds() -> None:
    """Take out of the audit log what is older than an admin wants it kept."""
    with snapshot() as session:
        before = utc_now() - timedelta(days=int(get_setting("audit_days", session)))
        old = list(session.scalars(sa.select(AuditEntry.id).where(AuditEntry.at < before).limit(ROWS)))
    if old:
        with separate_write() as session:
            session.execute(sa.delete(AuditEntry).where(AuditEntry.id.in_(old)))


def _forget_sign_ins() -> None:
    """Remove sign-ins whose cookie has ended by itself."""
    unused = SignIn.seen_at < utc_now() - current_app.permanent_session_lifetime
    with snapshot() as session:
        if session.execute(sa.select(SignIn.id).where(unused).limit(1)).first() is None:
            return
    with separate_write() as session:
        session.execute(sa.delete(SignIn).where(unused))


def _forget_tries() -> None:
    """Remove failed tries to sign in that count no more: they hold addresses."""
    with separate_write() as session:
        session.execute(sa.delete(FailedSignIn).where(FailedSignIn.at < utc_now() - timedelta(seconds=HOUR)))


def _forget_jobs() -> None:
    """Delete what is known of jobs that ended long ago; none that might still be taken back."""
    with snapshot() as session:
        days = max(int(get_setting(name, session)) for name in ("job_days", "undo_days"))
        old = (Job.finished_at < utc_now() - timedelta(days=days)) & Job.state.not_in(ACTIVE)
        if session.execute(sa.select(Job.id).where(old).limit(1)).first() is None:
            return
    _in_batches(sa.delete(Job), Job, old)


def _forget_messages() -> None:
    """Delete messages that are as old as jobs may get: they name people and courses."""
    with snapshot() as session:
        old = Message.created_at < utc_now() - timedelta(days=int(get_setting("job_days", session)))
        if session.execute(sa.select(Message.id).where(old).limit(1)).first() is None:
            return
    _in_batches(sa.delete(Message), Message, old)


def _in_batches(change: sa.Delete | sa.Update, table: type[Any], which: sa.ColumnElement[bool]) -> None:
    """Carry out a statement that leaves none of the rows that it is about, so many rows at a time."""
    batch = sa.select(table.id).where(which).limit(ROWS)
    while True:
        with separate_write() as session:
            done = session.execute(
                change.where(table.id.in_(batch)), execution_options={"synchronize_session": False}
            )
        if done.rowcount < ROWS:  # type: ignore[attr-defined]
            return


def _empty_bin() -> None:
    """Delete what has lain in the bin for its time."""
    with separate_write() as session:
        for entry in expired(session):
            delete_for_ever(session, entry)


def _abandoned_versions() -> list[int]:
    """Versions that are no course's content, that no job builds, that nobody can have back, and of which
    nothing lies in the bin."""
    used = sa.exists().where(Course.version_id == CourseVersion.id)
    building = sa.exists().where(Job.id == CourseVersion.job_id, Job.state.in_(ACTIVE))
    kept = CourseVersion.keep_until.is_not(None) & (CourseVersion.keep_until > utc_now())
    # A course that is being made has its version a moment before it.
    fresh = CourseVersion.job_id.is_(None) & CourseVersion.keep_until.is_(None)
    fresh &= CourseVersion.undo_course_id.is_(None) & (CourseVersion.created_at > _seconds_ago(HOUR))
    binned = sa.exists().where(CourseVersion.id.in_([BinEntry.version_id, BinEntry.origin_id]))
    unused = sa.select(CourseVersion.id).where(~used, ~building, ~kept, ~fresh, ~binned)
    with snapshot() as session:
        return list(session.scalars(unused, execution_options=WITH_BIN))


def _seconds_ago(seconds: float) -> sa.ColumnElement[object]:
    return sa.literal(utc_now() - timedelta(seconds=seconds), type_=CourseVersion.created_at.type)


def _forget_uploads() -> None:
    """Delete the rows of brought files whose restore is over; a restored course holds all of it."""
    old = ArchiveFile.created_at < _seconds_ago(HOUR)
    with separate_write() as session:
        session.execute(
            sa.delete(ArchiveFile).where(
                ArchiveFile.origin == ArchiveOrigin.UPLOAD, old, ~needed_by_a_restore()
            ),
            execution_options={"synchronize_session": False},
        )


def clear_contents() -> None:
    """Delete contents that no course lists, once they have been unused for an hour.

    Goes through the whole store. While a job runs nothing is deleted: what it has stored is listed at its end.
    """
    old = [path for path in places.storage().all() if age(path) > HOUR]
    if not old:
        return
    with snapshot() as session:
        used = set(session.scalars(sa.select(CourseFile.stored_hash).distinct()))
        at_work = (Job.state == JobState.RUNNING) & (Job.kind != JobKind.MAIL)
        if session.execute(sa.select(Job.id).where(at_work).limit(1)).first():
            return
    for path in old:
        # A job that has begun meanwhile makes new what it finds to be there already.
        if path.name not in used and age(path) > HOUR:
            path.unlink(missing_ok=True)
