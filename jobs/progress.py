"""One attempt at a job, as the work sees it: what to do, how far it is, whether to go on.

Progress is written on a connection of its own, beside the work's own transaction, a
few times a second at most; each time the row is asked whether the job is still ours
and still wanted.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs import courtesy
from jobs.language import ENGLISH
from jobs.problems import ClaimLost, JobCancelled, JobHandedBack
from webapp.database import separate_write
from webapp.models import BACKGROUND, Job, JobKind, JobState, utc_now

#: Seconds between two writes of progress.
PACE = 0.3

#: Set when this process has to stop: its jobs go back in line at their next checkpoint.
stopping = threading.Event()


@dataclass(frozen=True)
class Step:
    """A part of the work: its name in words, and its weight in bytes."""

    title: str
    weight: int


@dataclass
class Run:
    """One attempt at one job. Must not be told of progress inside an own write transaction."""

    job_id: int
    token: int
    kind: JobKind
    scope: str
    target_id: int
    course_id: int | None
    user_id: int
    options: dict[str, Any]
    result: dict[str, Any]
    behind_id: int | None = None
    #: What it says of itself is in this one of jobs.language.LANGUAGES.
    language: str = ENGLISH
    warnings: list[str] = field(default_factory=list)

    _steps: list[Step] = field(default_factory=list)
    _seconds: list[float | None] = field(default_factory=list)
    _number: int = 0
    _done: int = 0
    _entered: float = 0.0
    _told: float = 0.0

    def plan(self, steps: Sequence[Step]) -> None:
        """Say what all there is to do, before the first step."""
        self._steps = list(steps)
        self._seconds = [None] * len(steps)
        self._number = 0

    def enter(self, number: int) -> None:
        """Begin the step with this number, counted from 1."""
        self._close_step()
        self._number, self._done, self._entered = number, 0, time.monotonic()
        self._tell()

    def advance(self, amount: int) -> None:
        """Note that `amount` bytes of the step are done; stops the work where it has to stop.

        Raises JobCancelled, JobHandedBack or ClaimLost.
        """
        self._done += amount
        if time.monotonic() - self._told >= PACE:
            self._tell()

    @property
    def weight(self) -> int:
        """Bytes of the step that is under way."""
        return self._steps[self._number - 1].weight if self._number else 0

    def checkpoint(self) -> None:
        """Ask whether to go on, where nothing can be counted. Raises as `advance`."""
        self.advance(0)

    def warn(self, sentence: str) -> None:
        """Add to what the person is told at the end."""
        self.warnings.append(sentence)

    def hold(self, session: Session, **values: Any) -> None:
        """Make a write transaction one of this run: raises ClaimLost if the job went elsewhere."""
        mine = (Job.id == self.job_id) & (Job.token == self.token) & (Job.state == JobState.RUNNING)
        written = session.execute(sa.update(Job).where(mine).values(heard_at=utc_now(), **values))
        if written.rowcount != 1:  # type: ignore[attr-defined]
            raise ClaimLost

    def _close_step(self) -> None:
        if self._number:
            self._seconds[self._number - 1] = round(time.monotonic() - self._entered, 1)

    def _tell(self) -> None:
        if stopping.is_set():
            raise JobHandedBack
        self._told = time.monotonic()
        with separate_write(lasting=False) as session:
            self.hold(session, **self._figures())
            if session.scalars(sa.select(Job.cancel_asked).where(Job.id == self.job_id)).one():
                raise JobCancelled
            if self.kind in BACKGROUND and courtesy.somebody_waits(session):
                raise JobHandedBack

    def _figures(self) -> dict[str, Any]:
        total = sum(step.weight for step in self._steps)
        before = sum(step.weight for step in self._steps[: max(0, self._number - 1)])
        weight = self.weight
        done = before + min(self._done, weight)
        return {
            "steps": [[step.title, spent] for step, spent in zip(self._steps, self._seconds, strict=True)],
            "step_number": self._number,
            "step_done": min(self._done, weight),
            "step_total": weight,
            "done_bytes": sa.case((Job.done_bytes > done, Job.done_bytes), else_=done),
            "total_bytes": sa.case((Job.total_bytes > total, Job.total_bytes), else_=total),
        }
