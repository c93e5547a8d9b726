"""Which leaves of the archive live in a typed column, and how a text becomes a value and back.

A leaf lives in one place. On the way in `take_columns(element, columns)` takes out of an
element what its row keeps, leaves a slot for each and returns the values by attribute; on
the way out `fill(element, column_texts(row, columns))` puts them back (jobs.archive.xml).
A leaf that is missing gives no value and gets no slot. Neither does one whose text a column
can't hold as it is ("01", a null where a value is needed): it stays in its document, and the
column keeps its default.

| document          | element           | columns                  | row                         |
| ----------------- | ----------------- | ------------------------ | --------------------------- |
| course/course.xml | course            | COURSE, COURSE_VERSION   | Course, CourseVersion       |
| section.xml       | section           | SECTION                  | Section                     |
| module.xml        | module            | MODULE                   | Activity                    |
| TYPE.xml          | activity/TYPE     | activity_columns(type)   | Activity                    |
| users.xml         | users/user        | PERSON                   | Person                      |
| files.xml         | files/file        | FILE                     | CourseFile                  |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from lxml import etree

from jobs.archive.xml import take, text_of

#: What SQLite and PostgreSQL hold as a whole number.
_BIGGEST = 2**63 - 1


class Kind(Enum):
    TEXT = "text"
    NUMBER = "number"
    SWITCH = "switch"


class Unfit(ValueError):
    """The column can't hold this text so that it comes back the same."""


@dataclass(frozen=True)
class Column:
    """One leaf and the attribute that keeps its value."""

    leaf: str
    attribute: str
    kind: Kind = Kind.TEXT
    #: Whether the attribute needs a value: a null then stays in the document.
    needed: bool = False

    def value(self, text: str | None) -> str | int | bool | None:
        """The value that stands for a leaf's text. Raises Unfit."""
        if text is None:
            if self.needed:
                raise Unfit(self.leaf)
            return None
        if self.kind == Kind.NUMBER:
            return _number(text)
        if self.kind == Kind.SWITCH:
            if text not in ("0", "1"):
                raise Unfit(self.leaf)
            return text == "1"
        return text

    def text(self, value: Any) -> str | None:
        """A leaf's text for the attribute's value."""
        if value is None:
            return None
        return str(int(value)) if self.kind == Kind.SWITCH else str(value)


def _number(text: str) -> int:
    # Nothing but what `str` would write again: "01", " 1" and "1.0" are other texts.
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        raise Unfit(text)
    number = int(text)
    if str(number) != text or abs(number) > _BIGGEST:
        raise Unfit(text)
    return number


Columns = tuple[Column, ...]

COURSE: Columns = (
    Column("fullname", "fullname", needed=True),
    Column("shortname", "shortname", needed=True),
    Column("idnumber", "idnumber", needed=True),
    Column("startdate", "start_date", Kind.NUMBER, needed=True),
    Column("enddate", "end_date", Kind.NUMBER, needed=True),
    Column("visible", "visible", Kind.SWITCH, needed=True),
)
COURSE_VERSION: Columns = (
    Column("format", "format", needed=True),
    Column("summary", "summary"),
    Column("summaryformat", "summary_format", Kind.NUMBER),
)
SECTION: Columns = (
    Column("number", "number", Kind.NUMBER),
    Column("name", "name"),
    Column("summary", "summary"),
    Column("summaryformat", "summary_format", Kind.NUMBER),
    Column("visible", "visible", Kind.NUMBER),
)
MODULE: Columns = (
    Column("visible", "visible", Kind.NUMBER),
    Column("indent", "indent", Kind.NUMBER),
)
PERSON: Columns = (
    Column("username", "username"),
    Column("email", "email"),
    Column("firstname", "first_name"),
    Column("lastname", "last_name"),
)
FILE: Columns = (
    Column("contenthash", "contenthash", needed=True),
    Column("contextid", "context_id", Kind.NUMBER, needed=True),
    Column("component", "component", needed=True),
    Column("filearea", "filearea", needed=True),
    Column("itemid", "itemid", Kind.NUMBER, needed=True),
    Column("filepath", "filepath", needed=True),
    Column("filename", "filename", needed=True),
    Column("filesize", "filesize", Kind.NUMBER, needed=True),
    Column("mimetype", "mimetype"),
)
_ACTIVITY: Columns = (
    Column("name", "name"),
    Column("intro", "intro"),
    Column("introformat", "intro_format", Kind.NUMBER),
)
_OF_TYPE: dict[str, Columns] = {
    "page": (Column("content", "content"), Column("contentformat", "content_format", Kind.NUMBER)),
    "url": (Column("externalurl", "external_url"),),
}


def activity_columns(activity_type: str) -> Columns:
    """The columns of an activity's own element, whatever its type: what a plugin lacks is not taken."""
    return _ACTIVITY + _OF_TYPE.get(activity_type, ())


def take_columns(element: etree._Element, columns: Iterable[Column]) -> dict[str, Any]:
    """Take the columns' values out of the element, leaving slots; returns them by attribute."""
    values: dict[str, Any] = {}
    for column in columns:
        leaf = next((child for child in element.iterchildren(column.leaf) if not len(child)), None)
        if leaf is None:
            continue
        try:
            values[column.attribute] = column.value(text_of(leaf))
        except Unfit:
            continue
        take(element, column.leaf)
    return values


def column_texts(row: Any, columns: Iterable[Column]) -> dict[str, str | None]:
    """The texts of a row's columns by leaf, to `fill` the slots with."""
    return {column.leaf: column.text(getattr(row, column.attribute)) for column in columns}
