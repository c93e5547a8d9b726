"""What would be kept and what would go, in numbers and by course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from jobs.automated.choosing import Choice, choices
from jobs.automated.keeping import Rules
from webapp.extensions import db
from webapp.models import utc_now

#: So many of those that would go are named; all are counted.
MOST_NAMED = 200


@dataclass(frozen=True)
class Share:
    """Some backups: how many, and their bytes together."""

    count: int
    size: int


@dataclass(frozen=True)
class CourseOutlook:
    course: str
    course_id: int
    stays: Share
    goes: Share


@dataclass(frozen=True)
class Outlook:
    """What the rules would do."""

    going: Sequence[Choice]
    stays: Share
    goes: Share
    courses: Sequence[CourseOutlook]

    @property
    def named(self) -> Sequence[Choice]:
        return self.going[:MOST_NAMED]


def dry_run(numbers: dict[str, int]) -> Outlook:
    """What rules would do now; `numbers` are named as the schedule’s columns. Deletes nothing."""
    rules = Rules(
        numbers["keep_last"], numbers["keep_daily"], numbers["keep_weekly"], numbers["keep_monthly"],
        numbers["keep_days"],
    )  # fmt: skip
    found = choices(db.session(), rules, utc_now())
    stays, goes = _shares(found)
    courses = [
        CourseOutlook(of_course[0].course, number, *_shares(of_course))
        for number, group in groupby(found, key=lambda one: one.course_id)
        if (of_course := list(group))
    ]
    return Outlook([one for one in found if one.goes], stays, goes, courses)


def _shares(found: Sequence[Choice]) -> tuple[Share, Share]:
    """Those that stay, and those that go."""
    going = [one.size for one in found if one.goes]
    staying = [one.size for one in found if not one.goes]
    return Share(len(staying), sum(staying)), Share(len(going), sum(going))
