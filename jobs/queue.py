"""The queue: tells the workers about a job.

The job row is the truth; what Huey holds is only a nudge. A nudge that is lost is sent
again by `jobs.recovery`, and one that comes twice does no harm, because a job can be
claimed only once. It lies in a SQLite file of its own: Huey takes the write lock at every
poll, and nobody shall wait for that.
"""

from __future__ import annotations

import logging
from typing import Any

import sqlalchemy as sa
from flask import Flask
from huey import Huey
from huey.serializer import SignedSerializer
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jobs import notify
from jobs.language import ngettext
from jobs.nudge_file import NudgeFile
from jobs.nudges import nudge
from jobs.problems import JobRefused
from jobs.runner import run_claimed
from webapp.access.audit import actor
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.job_requests.quotas import check_quotas
from webapp.models import ACTIVE, ASKED_FOR, Course, Job, JobKind, JobState, User, get_setting, utc_now

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Open the queue's file and bind the one task there is."""
    # Huey pickles its messages; signed, so that writing the file is not enough to run code.
    serializer = SignedSerializer(secret=app.config["SECRET_KEY"], salt="coursekeep.queue")
    queue = Huey(
        "coursekeep",
        storage_class=NudgeFile,
        filename=str(app.config["INSTANCE"] / "queue.sqlite"),
        results=False,
        strict_fifo=True,
        fsync=True,
        serializer=serializer,
    )

    @queue.task(name="run_job")  # type: ignore[untyped-decorator]
    def run_job(job_id: int) -> None:
        """Carry out the job, if nobody else does."""
        with app.app_context():
            run_claimed(job_id)

    app.extensions["queue"] = queue
    # What deletes something lies below the jobs, and has to tell of those that end with it.
    app.extensions["tell_of_end"] = notify.tell
    app.extensions["run_job"] = run_job


def runs_in_background() -> bool:
    """The admin's switch, as it stands now."""
    return bool(get_setting("async_jobs"))


def ask_for(
    kind: JobKind,
    scope: str,
    target_id: int,
    *,
    user: User,
    title: str,
    course: Course | None = None,
    options: dict[str, Any] | None = None,
) -> tuple[Job, bool]:
    """Write the job down, or find the one that the person has under way for the same thing.

    Returns the job and whether it is new. The database decides, so twenty clicks at once
    make one job. Does not start it: see `start`. Raises JobRefused where the person has
    too many jobs under way, or no room for another backup.
    """
    user_id, course_id = user.id, course.id if course else None
    while True:
        try:
            with write_transaction() as session:
                job = Job(kind=kind, scope=scope, target_id=target_id, user_id=user_id, course_id=course_id,
                          title=title[:300], options=options or {}, behind_id=actor().behind_id)  # fmt: skip
                session.add(job)
                session.flush()
                check_may_wait(session, user_id, 0)
                if kind == JobKind.BACKUP:
                    check_quotas(session, 0, "it", user_id=user_id)
            log.info("job %s (%s) was asked for", job.id, kind)
            return job, True
        except IntegrityError:
            mine = (Job.user_id == user_id, Job.kind == kind, Job.scope == scope, Job.target_id == target_id)
            found = db.session.scalars(sa.select(Job).where(*mine, Job.state.in_(ACTIVE))).first()
            if found is not None:
                return found, False
            # It ended between the two questions; then the new one may be written.


def check_may_wait(session: Session, user_id: int, more: int = 1) -> None:
    """Raise JobRefused where the person would have too many jobs under way with so many more."""
    most = int(get_setting("jobs_per_person", session))
    mine = sa.select(sa.func.count()).select_from(Job).where(
        Job.user_id == user_id, Job.state.in_(ACTIVE), Job.kind.in_(ASKED_FOR)
    )  # fmt: skip
    there = int(session.execute(mine).scalar_one())
    if there + more > most:
        raise JobRefused(
            ngettext(
                "You have %(num)s job under way, and more are not taken at a time. Wait until some are "
                "done, or cancel them on the page Jobs; restores that wait for your answer count, too.",
                "You have %(num)s jobs under way, and more are not taken at a time. Wait until some are "
                "done, or cancel them on the page Jobs; restores that wait for your answer count, too.",
                most,
            )
        )


def start(job: Job) -> None:
    """Have a worker begin, where work is done in the background."""
    nudge(job.id, job.kind, job.priority)


def cancel(job_id: int) -> bool:
    """Ask for the end of a job; false if it is over already. What waits ends at once."""
    with write_transaction() as session:
        job = session.get(Job, job_id, with_for_update=True)
        if job is None or job.is_over:
            return False
        if job.state == JobState.RUNNING:
            job.cancel_asked = True
        else:
            job.state, job.problem, job.finished_at = JobState.CANCELLED, "", utc_now()
    return True


def put_first(job_id: int) -> bool:
    """Have a job that waits begin before all others that somebody asked for; false if it does not wait for its turn.

    What nobody asked for can't be put first: it gives way to everything (docs/adr/0012).
    """
    with write_transaction() as session:
        job = session.get(Job, job_id, with_for_update=True)
        if job is None or job.state != JobState.QUEUED or job.kind not in ASKED_FOR:
            return False
        highest = sa.select(sa.func.max(Job.priority)).where(Job.state == JobState.QUEUED)
        job.priority = session.scalars(highest).one() + 1
    nudge(job.id, job.kind, job.priority)
    return True


def dismiss(*job_ids: int) -> int:
    """Take note that jobs have failed, so that they are no longer listed; returns how many there were to note.

    Nothing is deleted: their pages and logs stay.
    """
    failed = Job.id.in_(job_ids) & (Job.state == JobState.FAILED) & Job.dismissed_at.is_(None)
    with write_transaction() as session:
        noted = session.execute(sa.update(Job).where(failed).values(dismissed_at=utc_now()))
    return int(noted.rowcount)  # type: ignore[attr-defined]


def answer(job_id: int, options: dict[str, Any], **changes: Any) -> bool:
    """Put a job that waits for an answer back in line with it; false if it does not wait (any more).

    Raises IntegrityError if the person has another job of this kind under way for the same target.
    """
    with write_transaction() as session:
        waits = (Job.id == job_id) & (Job.state == JobState.WAITING)
        given = session.execute(
            sa.update(Job).where(waits).values(
                state=JobState.QUEUED, queued_at=utc_now(), options=options, attempts=0, step_number=0,
                done_bytes=0, total_bytes=0, steps=[], started_at=None, **changes,
            )
        )  # fmt: skip
    return bool(given.rowcount)  # type: ignore[attr-defined]


def place_in_line(job: Job) -> int:
    """How many jobs go before this one, counting itself: 1 is next."""
    earlier = (Job.priority == job.priority) & (Job.queued_at < job.queued_at)
    before = sa.select(sa.func.count()).select_from(Job).where(
        Job.state == JobState.QUEUED, Job.kind.in_(ASKED_FOR), (Job.priority > job.priority) | earlier
    )  # fmt: skip
    return int(db.session.execute(before).scalar_one()) + 1
