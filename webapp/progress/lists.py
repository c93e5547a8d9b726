"""Which jobs there are, and who works on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from jobs import presence
from jobs.queue import runs_in_background
from webapp import places
from webapp.extensions import db
from webapp.models import ACTIVE, Job, JobKind, JobState, User, utc_now
from webapp.paging import Page, page_of
from webapp.progress.operations import SHOWN_KINDS
from webapp.progress.words import in_words

#: The tabs, each with the states of the jobs under it. What failed lately also stands under "now".
TABS: dict[str, tuple[JobState, ...]] = {
    "now": ACTIVE,
    "running": (JobState.RUNNING,),
    "waiting": (JobState.QUEUED, JobState.WAITING),
    "failed": (JobState.FAILED,),
    "finished": (JobState.DONE, JobState.WARNED, JobState.CANCELLED),
}
LATELY = timedelta(days=1)
_TURNS = (JobState.RUNNING, JobState.QUEUED, JobState.WAITING)


@dataclass(frozen=True)
class Worker:
    """A process that runs jobs, and those it has in hand."""

    name: str
    jobs: list[Job]


def listed_jobs(tab: str, viewer: User, number: int) -> Page[Job]:
    """One page of the jobs under a tab that the person may see. Raises KeyError for an unknown tab."""
    found = sa.select(Job).options(joinedload(Job.user)).where(_visible_to(viewer), _under(tab))
    if tab not in ("now", "running", "waiting"):
        return page_of(found.order_by(Job.id.desc()), number)
    turn = sa.case({state: place for place, state in enumerate(_TURNS)}, value=Job.state, else_=len(_TURNS))
    return page_of(found.order_by(turn, Job.queued_at, Job.id), number)


def counts(viewer: User) -> dict[str, int]:
    """How many jobs are under each tab but the last, which only grows."""
    tabs = [tab for tab in TABS if tab != "finished"]
    columns = [sa.func.coalesce(sa.func.sum(sa.cast(_under(tab), sa.Integer)), 0) for tab in tabs]
    states = (*ACTIVE, JobState.FAILED)
    row = db.session.execute(sa.select(*columns).where(_visible_to(viewer), Job.state.in_(states))).one()
    return dict(zip(tabs, row, strict=True))


def workers() -> list[Worker]:
    """The processes that can run jobs now: those of this host that live, and those heard of on others."""
    running = db.session.scalars(sa.select(Job).where(Job.state == JobState.RUNNING).order_by(Job.id)).all()
    names = dict.fromkeys([*presence.living_workers(places.locks()), *(job.runner for job in running)])
    return [Worker(name, [job for job in running if job.runner == name]) for name in names]


def health_words(at_work: list[Worker]) -> str:
    """How the work goes, in a sentence or two. What waits for a person's answer is no worker's concern."""
    running, waiting = _count(JobState.RUNNING), _count(JobState.QUEUED)
    if not runs_in_background():
        return "Background work is off. Each job runs while whoever asked for it waits on its page."
    if waiting and not at_work:
        return f"No worker is running. {_are(waiting, 'waiting')}, and will not begin until one is started."
    if not running and not waiting:
        return "All is done. No job is running, and none is waiting."
    if not waiting:
        return f"Work is flowing. {_are(running, 'running')}, and none is waiting."
    more = f"{in_words(waiting)} {'is' if waiting == 1 else 'are'} waiting"
    return f"Work is flowing. {_are(running, 'running')} and {more}."


def _count(state: JobState) -> int:
    found = sa.select(sa.func.count()).where(Job.state == state, Job.kind.in_(SHOWN_KINDS))
    return db.session.scalars(found).one()


def _are(number: int, what: str) -> str:
    return f"{in_words(number).capitalize()} {'job is' if number == 1 else 'jobs are'} {what}"


def _visible_to(viewer: User) -> sa.ColumnElement[bool]:
    # Automatic backups that came to a good end are listed with their round.
    shown = Job.kind.in_(SHOWN_KINDS) & (
        (Job.kind != JobKind.AUTOMATED) | Job.state.in_((*ACTIVE, JobState.FAILED))
    )
    return shown if viewer.is_admin else shown & (Job.user_id == viewer.id)


def _under(tab: str) -> sa.ColumnElement[bool]:
    under = Job.state.in_(TABS[tab])
    if tab != "now":
        return under
    return under | ((Job.state == JobState.FAILED) & (Job.finished_at > utc_now() - LATELY))
