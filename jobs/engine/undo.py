"""Takes back what a job did to a course: its former content returns, or what was added to it goes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.engine.moving import return_original
from jobs.language import gettext as _
from jobs.problems import JobProblem
from jobs.steps.merging.taking_out import edited_since, take_out
from jobs.steps.placing import exchange_dates, set_aside
from webapp.access.audit import note
from webapp.content.edit import Edit
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Course, CourseVersion, Job, JobKind, utc_now

#: So many reasons are told.
TOLD = 5


def undo_until(course_id: int) -> datetime | None:
    """Until when the last restore into the course can be taken back; None if it can't."""
    version = db.session.scalars(_kept(course_id)).first()
    return version.keep_until if version else None


def adds(course_id: int) -> bool:
    """Whether the last restore into the course has added to it, so that taking it back removes that."""
    version = db.session.scalars(_kept(course_id)).first()
    return version is not None and "added" in version.manifest


def added_by(course_id: int) -> Job | None:
    """The job whose addition to the course would be taken out; None if nothing would be, or the job is forgotten."""
    version = db.session.scalars(_kept(course_id)).first()
    added = version.manifest.get("added") if version else None
    return db.session.get(Job, added["job"]) if added else None


def undo_restore(course_id: int) -> bool:
    """Take the last restore back; false if there is none any more. A replaced content can itself be put back.

    Raises JobProblem where what was added has been edited since, saying what.
    """
    with write_transaction() as session:
        course = session.get(Course, course_id)
        version = _latest(session, course_id)
        if course is None or version is None:
            return False
        if "added" in version.manifest:
            _take_out(session, course, version)
        else:
            _put_back(session, course, version)
        course.changed_at = utc_now()
        version.undo_course_id = version.keep_until = None
        note(session, "restore undone", course)
    return True


def undo_job(job: Job) -> None:
    """Take back what a job has done to a course. Raises JobProblem where that can't be."""
    course_id = job.result.get("course_id")
    if not course_id or not job.result.get("undo"):
        raise JobProblem(_("This job has changed nothing that could be put back."))
    if not is_last(job):
        raise JobProblem(
            _("Something came after it, or it is too long ago. It can’t be taken back any more.")
        )
    undo_restore(course_id)


def is_last(job: Job) -> bool:
    """Whether this job is the last of its kind that changed its course, and can still be taken back."""
    course = db.session.get(Course, job.result.get("course_id") or 0)
    version = _latest(db.session(), course.id) if course else None
    if course is None or version is None or course.version_id != job.result.get("version_id"):
        return False
    added = version.manifest.get("added")
    return added["job"] == job.id if added is not None else replaces(job)


def replaces(job: Job) -> bool:
    """Whether it puts something in the place of what a course holds, rather than adding to it."""
    return job.kind == JobKind.RESTORE and job.options.get("target") != "merge"


def _put_back(session: Session, course: Course, version: CourseVersion) -> None:
    """Have a course show its former content, which knows its own dates if they went with it."""
    former = dict(version.manifest)
    dates = former.pop("course_dates", None)
    old = set_aside(session, course)
    course.version_id, version.manifest = version.id, former
    if dates is not None:
        exchange_dates(course, old, dates)


def _take_out(session: Session, course: Course, version: CourseVersion) -> None:
    added = version.manifest["added"]
    if course.version_id != added["version_id"]:
        raise JobProblem(
            _("The content of the course was replaced since, so there is nothing left to take out.")
        )
    change = Edit(session, course, session.get_one(CourseVersion, course.version_id))
    if reasons := edited_since(change, added):
        told = reasons[:TOLD]
        if len(reasons) > TOLD:
            told.append(_("And %(count)s more.", count=len(reasons) - TOLD))
        raise JobProblem(
            _(
                "Taking it out would lose work: %(reasons)s Delete what you do not need by hand.",
                reasons=" ".join(told),
            )
        )
    return_original(session, added["job"])
    take_out(change, added)


def _latest(session: Session, course_id: int) -> CourseVersion | None:
    return session.scalars(_kept(course_id)).first()


def _kept(course_id: int) -> sa.Select[CourseVersion]:
    kept = (CourseVersion.undo_course_id == course_id) & (CourseVersion.keep_until > utc_now())
    return (
        sa.select(CourseVersion)
        .where(kept)
        .order_by(CourseVersion.keep_until.desc(), CourseVersion.id.desc())
    )
