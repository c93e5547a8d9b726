"""How numbers, dates and sizes are written on a page, in a message and on a terminal."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from flask import Flask
from markupsafe import Markup

from webapp.models.types import utc_now


def size(count: int) -> str:
    """Bytes as people say them: "664 MB"."""
    if count < 1000:
        return f"{count} bytes" if count != 1 else "1 byte"
    amount = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= 1000
        if amount < 999.5 or unit == "TB":
            break
    return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:.0f} {unit}"


def duration(seconds: float) -> str:
    """A length of time, as exact as one cares: "21 seconds", "4 minutes", "2 hours"."""
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return counted(round(seconds), "second")
    if seconds < 90 * 60:
        return counted(round(seconds / 60), "minute")
    if seconds < 48 * 3600:
        return counted(round(seconds / 3600), "hour")
    return counted(round(seconds / 86400), "day")


def exact_duration(seconds: int) -> str:
    """A length of time that somebody has set: "90 minutes" is "1 hour 30 minutes", not about two hours."""
    parts = []
    for word, length in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(counted(count, word))
    return " ".join(parts) or "0 seconds"


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun: "1 file", "3 files"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


class Moment(str):
    """A moment as people say it. In a page the exact one stands behind it, for who points at it."""

    exactly: datetime

    def __new__(cls, words: str, exactly: datetime) -> Moment:
        made = super().__new__(cls, words)
        made.exactly = exactly
        return made

    def __html__(self) -> str:
        at = self.exactly
        exactly = f"{at:%A} {at.day} {at:%B %Y, %H:%M:%S} (UTC{at:%z})"
        return Markup('<time datetime="{}" title="{}">{}</time>').format(iso(at), exactly, str(self))


def moment(at: datetime | int | None) -> str:
    """A moment as we write it: "Fri 20 Nov, 16:05"; with the year where it is another one."""
    if not at:
        return ""
    when = (datetime.fromtimestamp(at, UTC) if isinstance(at, int) else at).astimezone()
    today = utc_now().astimezone()
    if when.date() == today.date():
        return Moment(f"today, {when:%H:%M}", when)
    if when.date() == today.date() - timedelta(days=1):
        return Moment(f"yesterday, {when:%H:%M}", when)
    return Moment(f"{day(when)}, {when:%H:%M}", when)


def beginning(words: str) -> str:
    """The words as a sentence begins with them: "Today, 16:05"."""
    upper = words[:1].upper() + words[1:]
    return Moment(upper, words.exactly) if isinstance(words, Moment) else upper


def day(at: date | datetime) -> str:
    """A day: "Fri 20 Nov", with the year where it is another one."""
    year = "" if at.year == utc_now().year else f" {at.year}"
    return f"{at:%a} {at.day} {at:%b}{year}"


def clock(at: datetime) -> str:
    return f"{at.astimezone():%H:%M}"


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def ordinal(number: int) -> str:
    """A place in line, in words up to ten: "Third"."""
    words = ("Next", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
    return words[number - 1] if 1 <= number <= len(words) else f"Number {number}"


def shelf_lines(shortname: str) -> list[str]:
    """A short name as the one or two lines of a label on a spine: "GEO 9 TID", "TIDE101"."""
    *first, last = shortname.split() or ["?"]
    if first:
        return [" ".join(first)[:8], last[:4]]
    letters_then_digits = re.fullmatch(r"(\D+)(\d.*)", last)
    return [part[:8] for part in letters_then_digits.groups()] if letters_then_digits else [last[:8]]


def register(app: Flask) -> None:
    """Make all of these Jinja filters."""
    for function in (size, duration, counted, moment, beginning, day, clock, iso, ordinal, shelf_lines):
        app.jinja_env.filters[function.__name__] = function
