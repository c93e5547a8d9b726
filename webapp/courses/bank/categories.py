"""The categories of a course's questions, as a tree."""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from lxml import etree

from jobs.archive.xml import unpack
from jobs.language import gettext as _, lazy_gettext as _l
from webapp.content.lookups import activity_in_context
from webapp.courses.viewers.leaves import id_of, leaf, number
from webapp.extensions import db
from webapp.models import Course, Document, Record

_PLACES = {
    10: _l("The whole site"),
    40: _l("The course’s category"),
    50: _l("This course"),
    70: _l("An activity"),
    80: _l("A block"),
}


@dataclass
class Category:
    id: int
    name: str
    parent: int
    context_id: int
    context_level: int
    info: str
    info_format: int
    #: The gaps of the document that its questions fill.
    slots: list[int]
    count: int = 0
    inside: list[Category] = field(default_factory=list)

    @property
    def is_top(self) -> bool:
        """Whether it only holds the others of its context: Moodle 3.5 and later."""
        return self.parent == 0 and self.name == "top"


@dataclass
class Place:
    """What categories belong to: the course, an activity, the site."""

    name: str
    categories: list[Category]


def categories_of(document: Document) -> dict[int, Category]:
    """Each category with how many entries it holds."""
    asked = sa.select(Record.slot, sa.func.count()).where(Record.document_id == document.id)
    counts = {row[0]: row[1] for row in db.session.execute(asked.group_by(Record.slot))}
    categories = {}
    for element in unpack(document.skeleton).iterchildren("question_category"):
        category = _category(element)
        category.count = sum(counts.get(slot, 0) for slot in category.slots)
        categories[category.id] = category
    return categories


def places_of(course: Course, categories: dict[int, Category]) -> list[Place]:
    """The categories in their tree, by what they belong to; the top ones, which hold nothing, left out."""
    for category in categories.values():
        category.inside = []
    for category in categories.values():
        above = categories.get(category.parent)
        if above is not None and not _is_within(above, category, categories):
            above.inside.append(category)
    placed = {inner.id for category in categories.values() for inner in category.inside}
    places: dict[int, Place] = {}
    for category in categories.values():
        if category.id not in placed:
            place = places.get(category.context_id) or Place(_name(course, category), [])
            places[category.context_id] = place
            place.categories += category.inside if category.is_top and not category.count else [category]
    return [place for place in places.values() if place.categories]


def below(categories: dict[int, Category], number: int) -> set[int]:
    """The categories within this one, as their parents say."""
    return {
        one.id
        for one in categories.values()
        if number != one.id and _is_within(one, categories.get(number), categories)
    }


def _is_within(category: Category, other: Category | None, categories: dict[int, Category]) -> bool:
    """Whether `other` is the category or stands above it. A parent may be damaged, and lead in a circle."""
    seen: set[int] = set()
    at: Category | None = category
    while at is not None and at.id not in seen:
        if other is not None and at.id == other.id:
            return True
        seen.add(at.id)
        at = categories.get(at.parent)
    return False


def _category(element: etree._Element) -> Category:
    return Category(
        id=id_of(element),
        name=leaf(element, "name"),
        parent=number(element, "parent"),
        context_id=number(element, "contextid"),
        context_level=number(element, "contextlevel"),
        info=leaf(element, "info"),
        info_format=number(element, "infoformat"),
        slots=[int(gap.text or 0) for gap in element.iter(etree.ProcessingInstruction)],
    )


def _name(course: Course, category: Category) -> str:
    if category.context_level == 70:
        activity = activity_in_context(course, category.context_id)
        if activity is not None and activity.called:
            return _("“%(name)s”", name=activity.called)
    return str(_PLACES.get(category.context_level) or _("Elsewhere"))
