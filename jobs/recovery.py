"""Heals what a crash leaves behind. Runs in every worker, at its start and every few seconds."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta

import sqlalchemy as sa

from jobs import notify, pause, presence
from jobs.language import gettext as _, speaking
from jobs.nudges import nudge
from jobs.runner import MOST_ATTEMPTS
from webapp import places
from webapp.database import separate_write, snapshot
from webapp.models import Job, JobKind, JobState, utc_now
from webapp.pages.languages import language_of

log = logging.getLogger(__name__)

#: A queued job older than this is nudged again; a runner on another host that was not heard
#: for so long is taken for dead; an unanswered restore is given up.
NUDGE_AGAIN = timedelta(seconds=5)
SILENCE = timedelta(seconds=60)
PATIENCE = timedelta(days=7)


class Sweep:
    """Remembers when it nudged last, so that a long line is not nudged all the time."""

    def __init__(self) -> None:
        #: When, by the clock that nobody can set.
        self._nudged: dict[int, float] = {}

    def heal(self) -> None:
        """Hand back or end the jobs whose runner is gone; nudge those that nobody was told of."""
        for job_id in _orphans():
            _take_back(job_id)
        self._nudge_forgotten()

    def _nudge_forgotten(self) -> None:
        now, long_enough = time.monotonic(), 12 * NUDGE_AGAIN.total_seconds()
        waiting = _forgotten()
        self._nudged = {job_id: self._nudged[job_id] for job_id, *_ in waiting if job_id in self._nudged}
        for job_id, kind, priority in waiting:
            if now - self._nudged.get(job_id, float("-inf")) > long_enough:
                self._nudged[job_id] = now
                nudge(job_id, kind, priority)


def give_up_unanswered() -> None:
    """Cancel restores whose question nobody answered for days."""
    with separate_write() as session:
        session.execute(
            sa.update(Job)
            .where(Job.state == JobState.WAITING, Job.queued_at < utc_now() - PATIENCE)
            .values(state=JobState.CANCELLED, finished_at=utc_now())
        )


def _forgotten() -> list[tuple[int, JobKind, int]]:
    """The jobs that wait for a while already and may begin, in the order of the line: number, kind and priority."""
    now = utc_now()
    due = Job.not_before.is_(None) | (Job.not_before <= now)
    # One from the future was put in line before somebody set the clock back.
    for_long = (Job.queued_at < now - NUDGE_AGAIN) | (Job.queued_at > now + NUDGE_AGAIN)
    with snapshot() as session:
        found = sa.select(Job.id, Job.kind, Job.priority).where(
            Job.state == JobState.QUEUED, for_long, due, pause.lets_begin(session)
        )
        rows = session.execute(found.order_by(Job.priority.desc(), Job.queued_at, Job.id))
        return [(job_id, kind, priority) for job_id, kind, priority in rows]


def _orphans() -> list[int]:
    with snapshot() as session:
        found = sa.select(Job.id, Job.runner, Job.heard_at).where(Job.state == JobState.RUNNING)
        running = session.execute(found).all()
    return [job_id for job_id, runner, heard_at in running if is_gone(runner, heard_at)]


def is_gone(runner: str, heard_at: datetime | None) -> bool:
    """Whether a job's runner is no more: told by its lock on this host, by its silence on another."""
    alive = presence.is_alive(places.locks(), runner)
    if alive is None:
        return heard_at is None or utc_now() - heard_at > SILENCE
    return not alive


def _take_back(job_id: int) -> None:
    """Give an orphaned job another try, or end it with the reason."""
    with separate_write() as session:
        job = session.get(Job, job_id)
        if job is None or job.state != JobState.RUNNING or not is_gone(job.runner, job.heard_at):
            return
        log.warning("job %s lost its runner %s, attempt %s", job.id, job.runner, job.attempts)
        job.token += 1  # whatever the old runner still writes is void
        if job.cancel_asked:
            job.state, job.finished_at = JobState.CANCELLED, utc_now()
        elif job.attempts >= MOST_ATTEMPTS:
            job.state, job.finished_at = JobState.FAILED, utc_now()
            with speaking(language_of(job.user, session)):
                job.problem = _(
                    "The program that did the work stopped %(attempts)s times in the middle of it. Nothing "
                    "was changed. Tell an admin; the reason is in the server’s log.",
                    attempts=job.attempts,
                )
        else:
            job.state, job.queued_at, job.step_number = JobState.QUEUED, utc_now(), 0
        if job.is_over:
            notify.tell(session, job)
        again = job.state == JobState.QUEUED
        kind, priority = job.kind, job.priority
    if again:
        nudge(job_id, kind, priority)
