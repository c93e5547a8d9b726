"""What a job's work comes to, before anybody can see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import JobState


def _nothing_more(_session: Session) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Outcome:
    """The work is done; `apply` makes it visible, in the transaction that ends the job.

    `apply` must be short, and returns what to add to the job's result.
    """

    result: dict[str, Any] = field(default_factory=dict)
    apply: Callable[[Session], dict[str, Any]] = _nothing_more
    #: The person has to answer before it goes on.
    waits: bool = False

    def state(self, warnings: Sequence[str]) -> JobState:
        if self.waits:
            return JobState.WAITING
        return JobState.WARNED if warnings else JobState.DONE


class TryLater(Exception):
    """It did not work now, for a reason that may pass; try again after so many seconds."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.seconds = seconds
