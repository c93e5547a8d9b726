"""What a gradebook consists of: categories in a tree, the items in them, and the marks for an item."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from markupsafe import Markup

from webapp.html import words
from webapp.models import Activity


class GradeType(IntEnum):
    """What an item is marked with. Moodle 4.5 lib/grade/constants.php GRADE_TYPE_*"""

    NONE = 0
    VALUE = 1
    SCALE = 2
    TEXT = 3


@dataclass(frozen=True)
class Shut:
    """Whether something is hidden (or locked): always, from or until a moment, or not at all."""

    is_so: bool = False
    #: Seconds since 1970; of what is hidden until when it is, of what is locked since or from when it is.
    at: int | None = None

    def __bool__(self) -> bool:
        return self.is_so or self.at is not None


@dataclass(frozen=True)
class GradeItem:
    """One column of the gradebook."""

    id: int
    #: Where its marks are: the document, and the gap in it that they fill.
    document_id: int
    slot: int
    #: "mod", "manual", "category" or "course".
    kind: str
    name: str
    category_id: int
    #: Of a total: the category that it is the total of.
    instance_id: int
    grade_type: GradeType
    most: str
    least: str
    passes_at: str
    scale_id: int
    outcome_id: int
    calculation: str
    coefficient: float
    #: The share of a category that adds up, 0 to 1.
    share: float
    is_weight_set: bool
    hidden: Shut
    locked: Shut
    place: int
    #: How many are shown; None where the course says so.
    decimals: int | None
    #: In which form, as the archive has it (`webapp.courses.grades.displays`); "0" where the course says so.
    display: str
    #: What it belongs to, where that is here.
    activity: Activity | None = None

    @property
    def is_total(self) -> bool:
        return self.kind in ("category", "course")


@dataclass(eq=False)
class GradeCategory:
    id: int
    name: str
    parent_id: int
    aggregation: int
    keep_highest: int
    drop_lowest: int
    only_graded: bool
    with_outcomes: bool
    hidden: Shut
    total: GradeItem | None = None
    items: list[GradeItem] = field(default_factory=list)
    inside: list[GradeCategory] = field(default_factory=list)

    @property
    def place(self) -> int:
        """Where it stands among what it is in: its total says so, as in Moodle."""
        return self.total.place if self.total else 0

    @property
    def children(self) -> list[GradeItem | GradeCategory]:
        """The items and categories directly in it, in the gradebook's order."""
        return sorted([*self.items, *self.inside], key=lambda one: one.place)

    @property
    def columns(self) -> list[GradeItem]:
        """What a table of this category shows: its items, the totals of what is in it, and last its own total."""
        columns = [one if isinstance(one, GradeItem) else one.total for one in self.children]
        return [one for one in [*columns, self.total] if one is not None]

    @property
    def all_columns(self) -> list[GradeItem]:
        """The same with everything that is further in."""
        columns: list[GradeItem] = []
        for one in self.children:
            columns += [one] if isinstance(one, GradeItem) else one.all_columns
        return [*columns, self.total] if self.total else columns

    @property
    def everything(self) -> list[GradeCategory]:
        return [self, *(below for one in self.inside for below in one.everything)]


@dataclass(frozen=True)
class Mark:
    """What one person got for an item."""

    #: The archive's id of it.
    id: int
    #: "88.5", a scale's word, or empty where there is none yet.
    text: str
    #: What was written with it, as it is kept, and in which format.
    html: str
    format: int
    hidden: Shut
    locked: Shut
    is_overridden: bool
    #: It does not count for this person.
    is_excluded: bool
    marked_at: int | None

    @property
    def says(self) -> str:
        """The words that were written with it."""
        return words(self.html)


@dataclass(frozen=True)
class Outcome:
    name: str
    description: Markup
    scale: str
    words: list[str]
    items: list[str]


@dataclass(frozen=True)
class Scale:
    name: str
    words: list[str]
