"""When automatic backups are due: one moment on each chosen day, whatever the clocks do.

Days and times of day are those of a place, moments are UTC. A time of day that a change of the clocks
leaves out (02:30 in March) is due when it would have been by the clock before the change; one that comes
twice (in October) is due the first time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True)
class Times:
    """The days of the week (Monday is 0) and the time of day. Without `zone` the server's own counts."""

    days: Sequence[int]
    hour: int
    minute: int
    zone: tzinfo | None = None

    def moment_on(self, day: date) -> datetime:
        """The one moment that is due on this day, in UTC."""
        by_the_clock = datetime.combine(day, time(self.hour, self.minute))
        if self.zone is not None:
            by_the_clock = by_the_clock.replace(tzinfo=self.zone)
        return by_the_clock.astimezone(UTC)

    def last(self, now: datetime) -> datetime | None:
        """The newest moment that was due at `now` or before; None if no day is chosen."""
        backwards = (self._today(now) + timedelta(days=1 - back) for back in range(9))
        return next((moment for moment in self._on(backwards) if moment <= now), None)

    def next(self, now: datetime) -> datetime | None:
        """The first moment that is due after `now`; None if no day is chosen."""
        forwards = (self._today(now) + timedelta(days=ahead - 1) for ahead in range(10))
        return next((moment for moment in self._on(forwards) if moment > now), None)

    def _today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def _on(self, days: Iterator[date]) -> Iterator[datetime]:
        return (self.moment_on(day) for day in days if day.weekday() in self.days)
