"""Carries out a job: in a worker, in a request, or on the command line, always in the same way.

A job is claimed by one UPDATE that raises its token; every later write of this attempt
carries the token, so a worker that wakes up after its job was given away changes nothing.
What the work leads to, its state and the messages are written in one transaction.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from jobs import courtesy, notify, pause, presence, reserve
from jobs.engine import RUNNERS
from jobs.engine.outcome import TryLater
from jobs.failures import is_full, words_for
from jobs.language import speaking
from jobs.memory import give_back
from jobs.nudges import nudge
from jobs.problems import ClaimLost, JobCancelled, JobHandedBack, JobProblem
from jobs.progress import Run, stopping
from webapp import logs, places
from webapp.access import audit
from webapp.database import separate_write
from webapp.models import BACKGROUND, Job, JobKind, JobState, utc_now
from webapp.pages.languages import language_of, site_language

log = logging.getLogger(__name__)

#: So many times a job may lose its runner before it is given up.
MOST_ATTEMPTS = 3
#: Seconds until an end that could not be written is tried again.
WRITE_AGAIN = 5.0


def run_claimed(job_id: int) -> bool:
    """Claim the job and carry it out; false if somebody else has it, or it is not to be run."""
    run = claim(job_id)
    if run is None:
        return False
    # What nobody asked for is the program's own doing.
    audit.set_actor(None if run.kind in BACKGROUND else run.user_id, run.behind_id)
    began = time.monotonic()
    with logs.about_job(run.job_id), speaking(run.language):
        log.info("job %s (%s) begins, attempt token %s", run.job_id, run.kind, run.token)
        _carry_out(run)
        give_back()
        log.info("job %s ends here after %.1f s", run.job_id, time.monotonic() - began)
    return True


def claim(job_id: int) -> Run | None:
    """Take the job for this process, or return None. One UPDATE: two can't both succeed."""
    name = presence.my_name(places.locks())
    free = (Job.id == job_id) & (Job.state == JobState.QUEUED)
    due = Job.not_before.is_(None) | (Job.not_before <= utc_now())
    in_turn = Job.kind.not_in(BACKGROUND) | ~courtesy.comes_before_background()
    with separate_write() as session:
        taken = session.execute(
            sa.update(Job)
            .where(free, due, in_turn, pause.lets_begin(session))
            .values(
                state=JobState.RUNNING, runner=name, token=Job.token + 1, attempts=Job.attempts + 1,
                started_at=utc_now(), heard_at=utc_now(), step_number=0, problem=_unless_cancelled(""),
            )
        )  # fmt: skip
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            return None
        return _run_of(session.get_one(Job, job_id), session)


def _run_of(job: Job, session: Session) -> Run:
    return Run(
        job_id=job.id, token=job.token, kind=job.kind, scope=job.scope, target_id=job.target_id,
        course_id=job.course_id, user_id=job.user_id, options=dict(job.options), result=dict(job.result),
        behind_id=job.behind_id,
        # What nobody asked for is said as the school speaks.
        language=site_language(session) if job.kind in BACKGROUND else language_of(job.user, session),
    )  # fmt: skip


def _carry_out(run: Run) -> None:
    try:
        outcome = RUNNERS[run.kind](run)
        state = outcome.state(run.warnings)
        _write_end(run, _Ending(state, apply=outcome.apply, result=outcome.result))
    except TryLater as later:
        _back_in_line(run, wait=later.seconds, problem=str(later))
    except JobHandedBack:
        _back_in_line(run, wait=0, problem="")
    except ClaimLost:
        _let_be(run)
    except JobCancelled:
        _end(run, _Ending(JobState.CANCELLED))
    except JobProblem as problem:
        _end(run, _Ending(JobState.FAILED, str(problem)))
    except Exception as error:
        log.exception("job %s failed", run.job_id)
        _end(run, _Ending(JobState.FAILED, words_for(error, run.job_id)))


@dataclass
class _Ending:
    state: JobState
    problem: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    apply: Callable[[Session], dict[str, Any]] | None = None


def _end(run: Run, ending: _Ending) -> None:
    """Write that it came to nothing."""
    _write_surely(run, lambda: _write_end(run, ending))


def _write_surely(run: Run, write: Callable[[], None]) -> None:
    """Write how the attempt ended, again and again while the database can't be written to.

    Or the job would look for ever as if it went on. On a full disk the end goes where room was
    kept for it. Where this process has to stop meanwhile, the job heals as after a crash.
    """
    while True:
        try:
            return write()
        except ClaimLost:
            return _let_be(run)
        except OperationalError as error:
            if is_full(error) and reserve.let_go():
                continue
            log.exception("the end of job %s can't be written; it is tried again", run.job_id)
        if stopping.wait(WRITE_AGAIN):
            return None


def _let_be(run: Run) -> None:
    log.warning("job %s was given to another runner; this one lets it be", run.job_id)


def _write_end(run: Run, ending: _Ending) -> None:
    with separate_write() as session:
        run.hold(session)
        result = run.result | ending.result | (ending.apply(session) if ending.apply else {})
        job = session.get_one(Job, run.job_id)
        job.state, job.result, job.warnings = ending.state, result, run.warnings
        if ending.state != JobState.CANCELLED:  # there the problem is why it was to stop, if anything is
            job.problem = ending.problem
        job.course_id = job.course_id or result.get("course_id")  # found with the course that it has made
        job.cancel_asked = False
        if job.is_over:
            job.finished_at = utc_now()
        if job.state in (JobState.DONE, JobState.WARNED):
            audit.note_job(session, job)
        mails = notify.tell(session, job) if job.is_over else []
        session.flush()
        numbers = [mail.id for mail in mails]
    for number in numbers:
        nudge(number, JobKind.MAIL)


def _back_in_line(run: Run, *, wait: float, problem: str) -> None:
    def write() -> None:
        with separate_write() as session:
            later = utc_now() + timedelta(seconds=wait) if wait else None
            # Only a crash counts as an attempt, not a mail server that is down or a stop in good order.
            run.hold(session, state=JobState.QUEUED, queued_at=utc_now(), not_before=later,
                     attempts=Job.attempts - 1, problem=_unless_cancelled(problem))  # fmt: skip

    _write_surely(run, write)


def _unless_cancelled(problem: str) -> sa.ColumnElement[str]:
    """Why the job waits, if it does: but of one that is to stop, why it is to stop remains."""
    return sa.case((Job.cancel_asked, Job.problem), else_=problem)
