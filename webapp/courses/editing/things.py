"""The words of the tables that say what is edited of an element: its fields, and the parts inside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from lxml import etree

from webapp.content.elements import Prepare
from webapp.courses.viewers.leaves import leaf


class Kind(Enum):
    LINE = "line"
    HTML = "html"
    DATE = "date"
    NUMBER = "number"
    #: A number with or without a point, or the "*" that stands for all others; and how far off one may be.
    NUMERAL = "numeral"
    TOLERANCE = "tolerance"
    #: The options of a feedback's question, a line each.
    OPTIONS = "options"
    #: What an answer counts, from 1 down to −1; from 1 down to 0; and right or wrong alone.
    SHARE = "share"
    GAIN = "gain"
    RIGHT = "right"


@dataclass(frozen=True)
class Field:
    """One leaf: the way to it, and what a person calls it."""

    #: From the thing or part; "{id}" in it stands for the part's own id, where something else refers to it.
    leaf: str
    label: str
    #: None: HTML where that is declared, else a line.
    kind: Kind | None = None
    needed: bool = False
    #: The date, if any, that it can't be before.
    after: str = ""
    hint: str = ""
    #: The letters that Moodle's database takes of a line.
    longest: int = 255


@dataclass(frozen=True)
class Part:
    """Elements inside a thing, each with the same fields."""

    word: str
    path: str
    fields: tuple[Field, ...]
    #: Whether there may be several, which are then counted.
    is_counted: bool = True
    #: The leaf that each is called by.
    named_by: str = ""


@dataclass(frozen=True)
class Contents:
    fields: tuple[Field, ...] = ()
    parts: tuple[Part, ...] = ()
    #: Texts of which most are empty; they stand folded at the end.
    asides: tuple[Field | Part, ...] = ()

    def __add__(self, other: Contents) -> Contents:
        return Contents(self.fields + other.fields, self.parts + other.parts, self.asides + other.asides)


@dataclass(frozen=True)
class Thing:
    """Something with a page of its own to edit it."""

    #: What that page is headed with.
    heading: str
    #: The way from the activity's element to it; empty: the activity itself.
    path: str = ""
    always: Contents = Contents()
    #: The leaf that says which of `kinds` it is.
    by: str = ""
    kinds: Mapping[str, Contents] = field(default_factory=dict)
    #: What one has that is none of `kinds`: a plugin's, say.
    others: Contents = Contents()
    #: Whether the activity's page shows one at a time.
    is_alone: bool = False
    #: What else has to happen where it is changed.
    prepare: Prepare | None = None

    #: Tells what one has that differs from one to the next.
    made_for: Callable[[etree._Element], Contents] | None = None

    def contents(self, element: etree._Element) -> Contents:
        if self.made_for is not None:
            return self.made_for(element)
        return self.always + self.kinds.get(leaf(element, self.by), self.others) if self.by else self.always
