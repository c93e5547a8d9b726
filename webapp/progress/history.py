"""How long jobs of a kind took lately and how much they went through, as bars and in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

import sqlalchemy as sa

from jobs.language import gettext as _, ngettext
from jobs.language.sizes import size
from webapp.extensions import db
from webapp.models import BACKGROUND, IS_ASKED_FOR, IS_BACKGROUND, Job, JobKind, JobState, utc_now
from webapp.pages.formatters import duration

#: So far back, and so many jobs at most.
LATELY = timedelta(days=90)
MOST = 40
#: The size of a chart, and how much of each bar's place is the bar.
WIDTH, HEIGHT, SHARE = 400, 80, 0.75
#: A bar that means something is never lower than that.
LEAST = 2


@dataclass(frozen=True)
class Bar:
    """One job in a chart, in the units of the drawing."""

    x: float
    y: float
    width: float
    height: float
    is_bad: bool
    #: What it stands for: "Tides: 21 seconds".
    says: str


@dataclass(frozen=True)
class Chart:
    """Bars, oldest first, and what they tell in a sentence."""

    title: str
    summary: str
    bars: list[Bar]


@dataclass(frozen=True)
class History:
    kind: JobKind
    #: Newest first.
    jobs: Sequence[Job]

    @property
    def failed(self) -> int:
        return sum(job.state == JobState.FAILED for job in self.jobs)

    @property
    def charts(self) -> list[Chart]:
        return [_chart(_("How long they took"), self.jobs, seconds_of, duration),
                _chart(_("How much they went through"), self.jobs, bytes_of, _bytes_in_words)]  # fmt: skip


def history_of(kind: JobKind) -> History:
    """The jobs of this kind that ended lately, well or not; those that were cancelled tell nothing."""
    ended = (JobState.DONE, JobState.WARNED, JobState.FAILED)
    index = IS_BACKGROUND if kind in BACKGROUND else IS_ASKED_FOR
    found = sa.select(Job).where(
        index, Job.kind == kind, Job.finished_at > utc_now() - LATELY, Job.state.in_(ended)
    )
    return History(kind, db.session.scalars(found.order_by(Job.finished_at.desc()).limit(MOST)).all())


def seconds_of(job: Job) -> float:
    """How long the last attempt took."""
    return (job.finished_at - job.started_at).total_seconds() if job.finished_at and job.started_at else 0.0


def bytes_of(job: Job) -> float:
    """The size of what came out of it, where that is known; else how much it went through."""
    return float(job.result.get("size") or job.total_bytes)


def _chart(
    title: str, jobs: Sequence[Job], measure: Callable[[Job], float], say: Callable[[float], str]
) -> Chart:
    values = [measure(job) for job in reversed(jobs)]
    place, highest = WIDTH / max(len(jobs), 10), max(values, default=0) or 1
    bars = []
    for number, (job, value) in enumerate(zip(reversed(jobs), values, strict=True)):
        height = max(LEAST, HEIGHT * value / highest)
        is_bad = job.state == JobState.FAILED
        says = _bar_words(job.title, say(value), is_bad=is_bad)
        bars.append(Bar(round(number * place, 1), round(HEIGHT - height, 1), round(place * SHARE, 1),
                        round(height, 1), is_bad, says))  # fmt: skip
    return Chart(title, _summary(values, say), bars)


def _summary(values: list[float], say: Callable[[float], str]) -> str:
    if not values:
        return ""
    if len(values) == 1:
        return _("One job: %(value)s.", value=say(values[0]))
    return ngettext(
        "%(num)s job: half of them up to %(half)s, the most %(most)s.",
        "%(num)s jobs: half of them up to %(half)s, the most %(most)s.",
        len(values), half=say(median(values)), most=say(max(values)),
    )  # fmt: skip


def _bar_words(title: str, value: str, *, is_bad: bool) -> str:
    if is_bad:
        return _("%(title)s: %(value)s, failed", title=title, value=value)
    return _("%(title)s: %(value)s", title=title, value=value)


def _bytes_in_words(value: float) -> str:
    return size(round(value))
