"""From the day on which a course is to begin to what that does to the dates of an archive."""

from __future__ import annotations

from datetime import date, datetime

from jobs.archive.dates import DateShift
from jobs.archive.manifest import Manifest
from jobs.language import gettext as _
from jobs.problems import JobProblem

#: The first and the last day that a course can begin on.
FIRST_DAY, LAST_DAY = date(1971, 1, 1), date(2100, 12, 31)


def shift_to(start_date: date | None, manifest: Manifest) -> DateShift | None:
    """How the dates of an archive move when its course begins on another day; None if they stay.

    Raises JobProblem if nobody knows when it began.
    """
    if start_date is None:
        return None
    start = manifest.original_course_startdate
    if not knows_start(start):
        raise JobProblem(
            _(
                "The file does not say when its course began, so nobody can say how far its dates would "
                "have to move. Nothing was changed. Restore it without a start date, and set the dates "
                "in the course."
            )
        )
    shift = DateShift.between(start, start_date)
    return shift if shift.days else None


def knows_start(start: int) -> bool:
    """Whether this moment (seconds since 1970) can be the one at which a course began."""
    return start > 0 and FIRST_DAY <= datetime.fromtimestamp(min(start, 2**32)).date() <= LAST_DAY


def read_day(text: str) -> date:
    """The day that somebody wrote as 2026-09-07. Raises ValueError with what is wrong with it."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(_("This is no date. Write it as year, month and day: 2026-09-07.")) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(
            _("Choose a day between %(first)s and %(last)s.", first=FIRST_DAY.year, last=LAST_DAY.year)
        )
    return day
