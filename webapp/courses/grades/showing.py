"""What the gradebook's pages show: people with their marks, one person's marks, scales and outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from lxml import etree

from jobs.archive.xml import unpack
from jobs.language import gettext as _
from webapp.content.lookups import records_of_course
from webapp.courses.besides.texts import CourseTexts
from webapp.courses.grades.marks import Marks
from webapp.courses.grades.model import GradeCategory, GradeItem, Mark, Outcome, Scale
from webapp.courses.viewers.around import Around
from webapp.courses.viewers.leaves import id_of, leaf, number
from webapp.courses.viewers.names import STRANGER
from webapp.extensions import db
from webapp.models import Course, Person, Record
from webapp.pages.paging import Page

#: Scales and outcomes that a page shows; a school has a dozen.
MOST = 500


@dataclass(frozen=True)
class Line:
    """One person's line of the table."""

    person_id: int
    name: str
    #: By the item's id.
    marks: dict[int, Mark]


def lines_of(marks: Marks, people: Page[Person], *, is_filtered: bool) -> list[Line]:
    """The lines of a page of people; on the last one also those of whom the archive has no name."""
    named = {one.moodle_id: one.name for one in people.rows}
    if not people.has_more and not is_filtered:
        named |= dict.fromkeys(marks.strangers(), STRANGER)
    found = marks.of(named)
    lines = {one: Line(one, name, {}) for one, name in named.items()}
    for (person_id, item_id), mark in found.items():
        lines[person_id].marks[item_id] = mark
    return list(lines.values())


def line_of(course: Course, marks: Marks, person_id: int) -> Line | None:
    """One person's marks; None where there are none."""
    found = marks.of([person_id])
    if not found:
        return None
    asked = sa.select(Person).where(Person.version_id == course.version_id, Person.moodle_id == person_id)
    person = db.session.scalars(asked.limit(1)).first()
    return Line(
        person_id,
        person.name if person else STRANGER,
        {item_id: mark for (_person_id, item_id), mark in found.items()},
    )


def name_of(item: GradeItem, top: GradeCategory) -> str:
    """What a column is called."""
    if not item.is_total:
        return item.name or (item.activity.called if item.activity else "") or _("Without a name")
    category = next((one for one in top.everything if one.total is item), top)
    is_inside = category is not top and category.name
    return _("Total of “%(name)s”", name=category.name) if is_inside else _("Course total")


def scales_of(course: Course) -> list[Scale]:
    """The scales that came with the course."""
    found = []
    for element in _records(course, "scales.xml", "scales_definition/scale"):
        words = [word.strip() for word in leaf(element, "scale").split(",")]
        found.append(Scale(leaf(element, "name"), [word for word in words if word]))
    return found


def outcomes_of(course: Course, top: GradeCategory | None) -> list[Outcome]:
    """What pupils are to reach, with the items that say how far they have."""
    around, texts, outcomes = Around(course), CourseTexts(course), []
    items = top.all_columns if top else []
    for element in _records(course, "outcomes.xml", "outcomes_definition/outcome"):
        area = ("grade", "outcome", id_of(element))
        name, words = around.scale(number(element, "scaleid"))
        description = texts.of(element, "description", area, "descriptionformat")
        used = [name_of(one, top) for one in items if top and one.outcome_id == id_of(element)]
        title = leaf(element, "fullname") or leaf(element, "shortname")
        outcomes.append(Outcome(title, description, name, words, used))
    return outcomes


def _records(course: Course, name: str, path: str) -> Iterator[etree._Element]:
    asked = records_of_course(course.version_id, name, path).with_only_columns(Record.body)
    for body in db.session.scalars(asked.order_by(Record.position, Record.id).limit(MOST)):
        yield unpack(body)
