"""Which backups of one course are kept, and why.

Each rule names some backups, and what any of them names is kept: the last ones, the newest of each of the
last days, weeks and months that have one, and all that are young enough. Only sound backups count, so that a
damaged one never takes the place of a good one. Whatever the rules say, the newest sound backup stays, and
so does a damaged one as long as no sound one is newer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from jobs.language import gettext as _


@dataclass(frozen=True)
class Stored:
    """A backup that is kept now: what it is found by, its moment in UTC, and its bytes."""

    key: Hashable
    made_at: datetime
    is_sound: bool = True
    size: int = 0


@dataclass(frozen=True)
class Rules:
    """How many are kept by each rule; `days` is an age. With nothing but zeros everything is kept."""

    last: int = 0
    daily: int = 0
    weekly: int = 0
    monthly: int = 0
    days: int = 0

    @property
    def keep_all(self) -> bool:
        return not (self.last or self.daily or self.weekly or self.monthly or self.days)


def kept(
    stored: Sequence[Stored], rules: Rules, now: datetime, zone: tzinfo | None = None
) -> dict[Hashable, list[str]]:
    """What is kept, by its key, each with the reasons. Days, weeks and months are those of `zone`."""
    newest_first = sorted(stored, key=lambda one: (one.made_at, str(one.key)), reverse=True)
    if rules.keep_all:
        return {one.key: [_("everything is kept")] for one in newest_first}
    sound = [one for one in newest_first if one.is_sound]
    reasons: dict[Hashable, list[str]] = {}

    def name(chosen: Sequence[Stored], why: str) -> None:
        for one in chosen:
            reasons.setdefault(one.key, []).append(why)

    name(sound[: rules.last], _("one of the last"))
    name(_newest_of_each(sound, rules.daily, lambda at: at.date(), zone), _("newest of a day"))
    name(_newest_of_each(sound, rules.weekly, lambda at: at.isocalendar()[:2], zone), _("newest of a week"))
    name(_newest_of_each(sound, rules.monthly, lambda at: (at.year, at.month), zone), _("newest of a month"))
    name([one for one in sound if one.made_at > now - timedelta(days=rules.days)], _("young enough"))
    name([one for one in sound[:1] if one.key not in reasons], _("the only sound one that is left"))
    name(_without_a_newer(newest_first, sound), _("damaged, and no newer one is sound"))
    return reasons


def _newest_of_each(
    newest_first: Sequence[Stored], number: int, period: Callable[[datetime], Hashable], zone: tzinfo | None
) -> list[Stored]:
    found: dict[Hashable, Stored] = {}
    for one in newest_first:
        found.setdefault(period(one.made_at.astimezone(zone)), one)
    return list(found.values())[:number]


def _without_a_newer(newest_first: Sequence[Stored], sound: Sequence[Stored]) -> list[Stored]:
    return [one for one in newest_first if not one.is_sound and (not sound or one.made_at > sound[0].made_at)]
