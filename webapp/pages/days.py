"""Days as people choose them, and the seconds since 1970 that an archive has instead; 0 for none.

By the clock of this machine, as everything that is shown.
"""

from __future__ import annotations

from datetime import date, datetime, time


def seconds_of(day: date | None, before: int = 0) -> int:
    """The beginning of a day; a day that stays that of `before` keeps its time of day."""
    if day == day_of(before):
        return before
    return int(datetime.combine(day, time()).timestamp()) if day else 0


def day_of(seconds: int) -> date | None:
    try:
        return datetime.fromtimestamp(seconds).date() if seconds else None
    except (ValueError, OverflowError, OSError):
        return None
