"""How numbers, dates and sizes are written on a page, in a message and on a terminal."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from babel.dates import format_date, format_datetime
from flask import Flask
from markupsafe import Markup

from jobs.language import current_locale, decimal, gettext as _, lazy_gettext as _l, ngettext, number, percent
from jobs.language.sizes import size
from webapp.models.types import utc_now

#: The first places in line.
_PLACES = (
    _l("Next"), _l("Second"), _l("Third"), _l("Fourth"), _l("Fifth"),
    _l("Sixth"), _l("Seventh"), _l("Eighth"), _l("Ninth"), _l("Tenth"),
)  # fmt: skip


def duration(seconds: float) -> str:
    """A length of time, as exact as one cares: "21 seconds", "4 minutes", "2 hours"."""
    if seconds < 1:
        return _("less than a second")
    if seconds < 90:
        return _seconds(round(seconds))
    if seconds < 90 * 60:
        return _minutes(round(seconds / 60))
    if seconds < 48 * 3600:
        return _hours(round(seconds / 3600))
    return _days(round(seconds / 86400))


def exact_duration(seconds: int) -> str:
    """A length of time that somebody has set: "90 minutes" is "1 hour 30 minutes", not about two hours."""
    parts = []
    for say, length in ((_days, 86400), (_hours, 3600), (_minutes, 60), (_seconds, 1)):
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(say(count))
    return " ".join(parts) or _seconds(0)


def _days(count: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", count)


def _hours(count: int) -> str:
    return ngettext("%(num)s hour", "%(num)s hours", count)


def _minutes(count: int) -> str:
    return ngettext("%(num)s minute", "%(num)s minutes", count)


def _seconds(count: int) -> str:
    return ngettext("%(num)s second", "%(num)s seconds", count)


class Moment(str):
    """A moment as people say it. In a page the exact one stands behind it, for who points at it."""

    exactly: datetime

    def __new__(cls, words: str, exactly: datetime) -> Moment:
        made = super().__new__(cls, words)
        made.exactly = exactly
        return made

    def __html__(self) -> str:
        at = self.exactly
        exactly = f"{format_datetime(at, 'EEEE d MMMM y, HH:mm:ss', locale=current_locale())} (UTC{at:%z})"
        return Markup('<time datetime="{}" title="{}">{}</time>').format(iso(at), exactly, str(self))


def moment(at: datetime | int | None) -> str:
    """A moment as we write it: "Fri 20 Nov, 16:05"; with the year where it is another one."""
    if not at:
        return ""
    when = (datetime.fromtimestamp(at, UTC) if isinstance(at, int) else at).astimezone()
    today = utc_now().astimezone()
    if when.date() == today.date():
        return Moment(_("today, %(time)s", time=clock(when)), when)
    if when.date() == today.date() - timedelta(days=1):
        return Moment(_("yesterday, %(time)s", time=clock(when)), when)
    return Moment(f"{day(when)}, {clock(when)}", when)


def beginning(words: str) -> str:
    """The words as a sentence begins with them: "Today, 16:05"."""
    upper = words[:1].upper() + words[1:]
    return Moment(upper, words.exactly) if isinstance(words, Moment) else upper


def day(at: date | datetime) -> str:
    """A day: "Fri 20 Nov", with the year where it is another one."""
    pattern = "EEE d MMM" if at.year == utc_now().year else "EEE d MMM y"
    return format_date(at, pattern, locale=current_locale())


def clock(at: datetime) -> str:
    return f"{at.astimezone():%H:%M}"


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def ordinal(number: int) -> str:
    """A place in line, in words up to ten: "Third"."""
    if 1 <= number <= len(_PLACES):
        return str(_PLACES[number - 1])
    return _("Number %(number)s", number=number)


def shelf_lines(shortname: str) -> list[str]:
    """A short name as the one or two lines of a label on a spine: "GEO 9 TID", "TIDE101"."""
    *first, last = shortname.split() or ["?"]
    if first:
        return [" ".join(first)[:8], last[:4]]
    letters_then_digits = re.fullmatch(r"(\D+)(\d.*)", last)
    return [part[:8] for part in letters_then_digits.groups()] if letters_then_digits else [last[:8]]


def register(app: Flask) -> None:
    """Make all of these Jinja filters."""
    for function in (
        size,
        duration,
        number,
        decimal,
        percent,
        moment,
        beginning,
        day,
        clock,
        iso,
        ordinal,
        shelf_lines,
    ):
        app.jinja_env.filters[function.__name__] = function
