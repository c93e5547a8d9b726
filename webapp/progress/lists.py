"""Which jobs there are, and who works on them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from jobs import presence
from jobs.language import gettext as _, ngettext
from jobs.pause import is_paused
from jobs.queue import runs_in_background
from webapp import places
from webapp.extensions import db
from webapp.models import BACKGROUND, Job, JobState, User, utc_now
from webapp.pages.formatters import beginning
from webapp.pages.paging import Page, page_of
from webapp.progress.filters import Wanted, find
from webapp.progress.operations import SHOWN_KINDS
from webapp.progress.words import in_words

#: So many are dismissed by one press of a button.
MOST_DISMISSED = 500


@dataclass(frozen=True)
class Worker:
    """A process that runs jobs, and those it has in hand."""

    name: str
    jobs: list[Job]


def listed_jobs(wanted: Wanted, viewer: User, number: int) -> Page[Job]:
    """One page of the jobs that the person wants and may see. Raises KeyError for an unknown standing."""
    return page_of(find(wanted, viewer).options(joinedload(Job.user)), number)


def seen_by(viewer: User) -> sa.ColumnElement[bool]:
    """The jobs that the person may see in a list, as a condition."""
    shown = Job.kind.in_(SHOWN_KINDS)
    return shown if viewer.is_admin else shown & (Job.user_id == viewer.id)


def failed_ids(wanted: Wanted, viewer: User) -> list[int]:
    """The numbers of all failed jobs that the person wants and may see."""
    found = find(replace(wanted, standing="failed"), viewer).with_only_columns(Job.id)
    return list(db.session.scalars(found.limit(MOST_DISMISSED)))


def counts(viewer: User) -> dict[str, int]:
    """How many jobs stand in each way but the last, which only grows."""
    now = find(Wanted("now"), viewer).order_by(None).with_only_columns(Job.state, sa.func.count())
    of: Counter[JobState] = Counter()
    for state, number in db.session.execute(now.group_by(Job.state)):
        of[state] = number
    return {
        "now": of.total(),
        "running": of[JobState.RUNNING],
        "waiting": of[JobState.QUEUED] + of[JobState.WAITING],
        "failed": of[JobState.FAILED],
    }


def workers() -> list[Worker]:
    """The processes that can run jobs now: those of this host that live, and those heard of on others."""
    found = sa.select(Job).where(Job.state == JobState.RUNNING).order_by(Job.id)
    running = db.session.scalars(found).all()
    names = dict.fromkeys([*presence.living_workers(places.locks()), *(job.runner for job in running)])
    return [Worker(name, [job for job in running if job.runner == name]) for name in names]


def oldest_in_line() -> datetime | None:
    """Since when the job waits that waits longest of those that could begin; None if there is none."""
    due = Job.not_before.is_(None) | (Job.not_before <= utc_now())
    shown = Job.kind.in_(SHOWN_KINDS) & Job.kind.not_in(BACKGROUND)
    return db.session.scalars(
        sa.select(sa.func.min(Job.queued_at)).where(Job.state == JobState.QUEUED, due, shown)
    ).one()


def health_words(at_work: list[Worker]) -> str:
    """How the work goes, in a sentence or two. What waits for a person's answer is no worker's concern."""
    running, waiting = _count(JobState.RUNNING), _count(JobState.QUEUED)
    if is_paused():
        return _paused_words(running, waiting)
    if not runs_in_background():
        return _("Background work is off. Each job runs while whoever asked for it waits on its page.")
    if waiting and not at_work:
        return _(
            "No worker is running. %(waiting)s, and will not begin until one is started.",
            waiting=_waiting(waiting),
        )
    if not running and not waiting:
        return _("All is done. No job is running, and none is waiting.")
    if not waiting:
        return _("Work is flowing. %(running)s, and none is waiting.", running=_running(running))
    return _(
        "Work is flowing. %(running)s and %(waiting)s.", running=_running(running), waiting=_wait(waiting)
    )


def _paused_words(running: int, waiting: int) -> str:
    if not running and not waiting:
        return _("All jobs are paused. No job is running, and none is waiting.")
    if not running:
        return _("All jobs are paused. %(waiting)s.", waiting=_waiting(waiting))
    if not waiting:
        return _("All jobs are paused. %(running)s, and none is waiting.", running=_still(running))
    return _(
        "All jobs are paused. %(running)s and %(waiting)s.", running=_still(running), waiting=_wait(waiting)
    )


def _count(state: JobState) -> int:
    found = sa.select(sa.func.count()).where(Job.state == state, Job.kind.in_(SHOWN_KINDS))
    return db.session.scalars(found).one()


def _wait(number: int) -> str:
    return ngettext("%(number)s is waiting", "%(number)s are waiting", number, number=in_words(number))


def _waiting(number: int) -> str:
    return ngettext(
        "%(number)s job is waiting", "%(number)s jobs are waiting", number, number=beginning(in_words(number))
    )


def _running(number: int) -> str:
    return ngettext(
        "%(number)s job is running", "%(number)s jobs are running", number, number=beginning(in_words(number))
    )


def _still(number: int) -> str:
    return ngettext(
        "%(number)s job is still running",
        "%(number)s jobs are still running",
        number,
        number=beginning(in_words(number)),
    )
