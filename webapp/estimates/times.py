"""How long work should take, by what took how long here lately."""

from __future__ import annotations

from statistics import median

import sqlalchemy as sa

from jobs.language import gettext as _
from webapp.extensions import db
from webapp.models import Job, JobKind, JobState
from webapp.pages.formatters import duration

#: So many finished jobs are asked how long they took.
HISTORY = 40
#: Work is alike if neither is more than so many times the other.
ALIKE = 4


def seconds_for(work: int, *kinds: JobKind) -> float | None:
    """How long jobs of these kinds took lately for about as many bytes of work; None if there were none.

    For more work than any of them had, the nearest is taken at its pace.
    """
    took = (Job.started_at, Job.finished_at, Job.total_bytes)
    ended = Job.state.in_((JobState.DONE, JobState.WARNED)) & Job.kind.in_(kinds) & (Job.total_bytes > 0)
    rows = db.session.execute(sa.select(*took).where(ended).order_by(Job.id.desc()).limit(HISTORY))
    history = [(total, (end - begin).total_seconds()) for begin, end, total in rows if begin and end]
    if not history:
        return None
    alike = [spent for total, spent in history if work / ALIKE <= total <= work * ALIKE]
    if alike:
        return median(alike)
    total, spent = min(history, key=lambda one: abs(one[0] - work))
    return spent * max(1.0, work / total)


def usually(seconds: float | None) -> str:
    """A time to expect, in words; empty where nobody knows."""
    if seconds is None:
        return ""
    if seconds < 45:
        return _("usually under a minute")
    if seconds < 90:
        return _("usually about a minute")
    return _("usually about %(time)s", time=duration(seconds))
