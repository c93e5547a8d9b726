"""Leaves of the archive as values; every leaf may be missing, since old archives lack many."""

from __future__ import annotations

from lxml import etree

from jobs.archive.xml import is_slot, text_of
from jobs.language import decimal

_EARLIEST, _LATEST = 10**8, 10**11


def leaf(element: etree._Element | None, path: str) -> str:
    """A leaf's text without blanks around it; empty where it is missing, null or kept in a column."""
    found = element.find(path) if element is not None else None
    if found is None or is_slot(found):
        return ""
    return (text_of(found) or "").strip()


def number(element: etree._Element | None, path: str) -> int:
    """A leaf's whole number; 0 where there is none."""
    return whole(leaf(element, path))


def whole(text: str | None) -> int:
    """A text's whole number; 0 where it is none."""
    digits = (text or "").removeprefix("-")
    return int(text or 0) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


def figures(text: str) -> str:
    """A number of the database ("88.50000") without what says nothing ("88.5"); other texts as they are."""
    whole_part, point, rest = text.partition(".")
    return f"{whole_part}.{rest.rstrip('0')}".rstrip(".") if point and rest.isdigit() else text


def shown(text: str) -> str:
    """The same as the reader's language writes it ("88,5")."""
    short = figures(text)
    return decimal(short) if short.replace(".", "", 1).removeprefix("-").isdecimal() else short


def when(element: etree._Element | None, path: str) -> int | None:
    """A leaf's moment, for the filter `moment`; None where there is none."""
    return moment_in(leaf(element, path))


def moment_in(text: str) -> int | None:
    """The same of a text."""
    at = whole(text)
    return at if _EARLIEST <= at < _LATEST else None


def id_of(element: etree._Element) -> int:
    """The archive's id of an element."""
    return whole(element.get("id"))
