"""The rounds through the courses: beginning one, the next course of it, and its end.

All of it happens in write transactions of the caller, so that two workers can't take the same step.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.automated.calendar import Times
from jobs.automated.selecting import select_courses
from jobs.language import gettext as _
from webapp.models import (
    AutomatedItem,
    AutomatedRun,
    Course,
    ItemState,
    Job,
    JobKind,
    JobState,
    Schedule,
    SiteRole,
    User,
    the_schedule,
    utc_now,
)

_OUTCOMES = {JobState.DONE: ItemState.DONE, JobState.WARNED: ItemState.WARNED}


def times_of(schedule: Schedule) -> Times:
    return Times(schedule.days, schedule.hour, schedule.minute)


def open_run(session: Session) -> AutomatedRun | None:
    """The run that is under way."""
    found = sa.select(AutomatedRun).where(AutomatedRun.finished_at.is_(None)).order_by(AutomatedRun.id)
    return session.scalars(found.limit(1)).first()


def due_moment(session: Session, now: datetime) -> datetime | None:
    """The moment for which a run has to begin now; None if there is none.

    After a stop only the newest of the missed moments counts, and a moment that comes while a run
    is under way waits for its end.
    """
    schedule = the_schedule(session)
    moment = times_of(schedule).last(now) if schedule.active else None
    if moment is None or moment <= schedule.since or open_run(session) is not None:
        return None
    begun = sa.select(AutomatedRun.id).where(AutomatedRun.due_at == moment)
    return None if session.execute(begun).first() or acting_admin(session) is None else moment


def begin(session: Session, due_at: datetime, asked_by_id: int | None = None) -> AutomatedRun:
    """Write a run down with all its courses. Raises IntegrityError if there is one for the moment."""
    run = AutomatedRun(due_at=due_at, asked_by_id=asked_by_id)
    session.add(run)
    session.flush()
    schedule = the_schedule(session)
    for chosen in select_courses(session, schedule):
        session.add(
            AutomatedItem(
                run_id=run.id, course_id=chosen.course_id, title=chosen.title, reason=chosen.skipped_because,
                state=ItemState.SKIPPED if chosen.skipped_because else ItemState.WAITING,
                with_people=schedule.people, with_files=schedule.files, without=schedule.without,
            )
        )  # fmt: skip
    session.flush()
    return run


def take_in(session: Session, run: AutomatedRun) -> None:
    """Note how the jobs that are over have ended."""
    at_work = (AutomatedItem.run_id == run.id) & (AutomatedItem.state == ItemState.WORKING)
    for item in session.scalars(sa.select(AutomatedItem).where(at_work)):
        if item.job is None:
            item.state, item.reason = (
                ItemState.FAILED,
                _("The job that made it was deleted before it had ended."),
            )
        elif item.job.is_over:
            _take_in(item, item.job)
    session.flush()


def _take_in(item: AutomatedItem, job: Job) -> None:
    item.state = _OUTCOMES.get(job.state, ItemState.FAILED)
    item.reason = _("It was cancelled.") if job.state == JobState.CANCELLED else job.problem
    item.warnings, item.size = job.warnings, job.result.get("size", 0)
    item.archive_id, item.copy_id = job.result.get("archive_id"), job.result.get("copy_id")
    if changed_at := job.result.get("course_changed_at"):
        item.course_changed_at = datetime.fromisoformat(changed_at)


def next_backup(session: Session, run: AutomatedRun) -> Job | None:
    """Put the next course of the run in line; None if there is none left."""
    waiting = (AutomatedItem.run_id == run.id) & (AutomatedItem.state == ItemState.WAITING)
    for item in session.scalars(sa.select(AutomatedItem).where(waiting).order_by(AutomatedItem.id)):
        if item.course_id is not None and session.get(Course, item.course_id) is not None:
            return _put_in_line(session, item)
        item.state, item.reason = ItemState.SKIPPED, _("The course was deleted before its turn came.")
    return None


def _put_in_line(session: Session, item: AutomatedItem) -> Job:
    schedule, admin = the_schedule(session), acting_admin(session)
    options = {
        "people": item.with_people,
        "files": item.with_files,
        **({"without": item.without} if item.without else {}),
        "destination": schedule.destination.value,
        "folder": schedule.folder,
    }
    job = Job(kind=JobKind.AUTOMATED, scope="course", target_id=item.course_id, course_id=item.course_id,
              user_id=admin.id if admin else None, title=item.title, options=options)  # fmt: skip
    session.add(job)
    session.flush()
    item.state, item.job_id = ItemState.WORKING, job.id
    return job


def closing_job(session: Session, run: AutomatedRun) -> Job | None:
    """Put the end of a run in line, once; where that has failed, the run is over all the same."""
    if run.closing_job_id is None:
        admin = acting_admin(session)
        job = Job(kind=JobKind.CLOSING, scope="run", target_id=run.id, user_id=admin.id if admin else None,
                  title="The end of a round of automatic backups")  # fmt: skip
        session.add(job)
        session.flush()
        run.closing_job_id = job.id
        return job
    job = session.get_one(Job, run.closing_job_id)
    run.finished_at, run.notes = utc_now(), [*run.notes, job.problem or _("Its end was cancelled.")]
    return None


def stop(session: Session, run: AutomatedRun) -> list[int]:
    """Take back the courses that wait; returns the jobs that have to be cancelled."""
    waiting = (AutomatedItem.run_id == run.id) & (AutomatedItem.state == ItemState.WAITING)
    session.execute(
        sa.update(AutomatedItem)
        .where(waiting)
        .values(state=ItemState.SKIPPED, reason=_("The round was stopped by an admin."))
    )
    at_work = (AutomatedItem.run_id == run.id) & (AutomatedItem.state == ItemState.WORKING)
    return [job_id for job_id in session.scalars(sa.select(AutomatedItem.job_id).where(at_work)) if job_id]


def acting_admin(session: Session) -> User | None:
    """In whose name it is done: whoever set the schedule up, or else the admin who was there first."""
    by = the_schedule(session).changed_by
    if by is not None and by.active and by.is_admin:
        return by
    admins = sa.select(User).where(User.role == SiteRole.ADMIN, User.active).order_by(User.id)
    return session.scalars(admins.limit(1)).first()
