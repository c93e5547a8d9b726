"""What has become of the jobs that a list shows since it asked last; a list asks for all of its rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from jobs.archive.ids.numbers import is_whole
from webapp.database import BIGGEST
from webapp.extensions import db
from webapp.models import Job

#: No list shows more of them.
MOST = 100


@dataclass(frozen=True)
class Live:
    """The jobs of a list, by what has to be done with their rows."""

    #: In another state than the list has them; their rows are written anew.
    changed: list[Job]
    #: Not in the list yet.
    new: list[Job]
    #: As the list has them, but for how far they are.
    same: list[Job]

    @property
    def shown(self) -> list[Job]:
        """What the list shows once all of that is done."""
        return [*self.new, *self.changed, *self.same]


def mark_of(jobs: Iterable[Job]) -> str:
    """What a list shows, for the address that it asks: "12-running.15-queued"."""
    return ".".join(f"{job.id}-{job.state}" for job in jobs)


def follow(told: str, now: Sequence[Job], whose: sa.ColumnElement[bool]) -> Live:
    """Compare what a list was told (see `mark_of`) with the jobs that belong into it `now`.

    `whose` holds for every job that the list may show: it asks for no others, whatever it says.
    """
    known = _read(told)
    there = {job.id: job for job in now}
    gone = [number for number in known if number not in there and number <= BIGGEST]
    if gone:
        found = sa.select(Job).options(joinedload(Job.user)).where(Job.id.in_(gone), whose)
        there |= {job.id: job for job in db.session.scalars(found)}
    followed = [there[number] for number in known if number in there]
    return Live(
        changed=[job for job in followed if known[job.id] != job.state],
        new=[job for job in now if job.id not in known and job.is_busy],
        same=[job for job in followed if known[job.id] == job.state],
    )


def _read(told: str) -> dict[int, str]:
    pairs = (one.partition("-") for one in told.split(".")[:MOST])
    return {int(number): state for number, _, state in pairs if is_whole(number)}
