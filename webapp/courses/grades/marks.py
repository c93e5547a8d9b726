"""Looks up what people got: for a page of people at a time, however many there are in the course."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa
from lxml import etree
from markupsafe import Markup

from jobs.archive.xml import text_of, unpack
from webapp.courses.grades.displays import Displays
from webapp.courses.grades.model import GradeCategory, GradeItem, GradeType, Mark
from webapp.courses.grades.setup import shut
from webapp.courses.texts import Texts
from webapp.courses.viewers.around import Around
from webapp.courses.viewers.leaves import id_of, moment_in
from webapp.extensions import db
from webapp.html import format_of
from webapp.models import Course, Person, Record
from webapp.pages.paging import Page, page_of
from webapp.pages.searching import have_words

#: So many people's marks are looked up at once where all are written out.
BATCH = 200
#: Of people whose archive has marks but no names, so many are shown.
MOST_STRANGERS = 100


class Marks:
    """What people got for the items of one course."""

    def __init__(self, course: Course, top: GradeCategory, displays: Displays) -> None:
        self._course = course
        self._version_id = course.version_id
        self._by_gap = {(one.document_id, one.slot): one for one in top.all_columns}
        self._documents = sorted({one.document_id for one in top.all_columns})
        self._displays = displays
        self._around = Around(course)
        self._texts = Texts(course)

    def people(self, asked: str, number: int) -> Page[Person]:
        """A page of those who have a line in the gradebook, by last name."""
        return page_of(self._graded(asked), number)

    def everybody(self) -> Iterator[list[Person]]:
        """All of them, in batches."""
        start = 0
        while some := list(db.session.scalars(self._graded("").limit(BATCH).offset(start))):
            yield some
            start += BATCH

    def strangers(self) -> list[int]:
        """The ids of people who have marks, but no name in the archive."""
        named = sa.select(Person.moodle_id).where(Person.version_id == self._version_id)
        asked = sa.select(Record.graded_id).distinct().where(*self._is_mark(), Record.graded_id.not_in(named))
        return [one for one in db.session.scalars(asked.limit(MOST_STRANGERS)) if one]

    def of(self, people: Collection[int]) -> dict[tuple[int, int], Mark]:
        """The marks of some people (by their ids of the archive), by person and item."""
        asked = sa.select(Record.document_id, Record.slot, Record.graded_id, Record.body)
        found = db.session.execute(
            asked.where(*self._is_mark(), Record.graded_id.in_(sorted(people))).execution_options(
                yield_per=500
            )
        )
        marks = {}
        for document_id, slot, person_id, body in found:
            item = self._by_gap.get((document_id, slot))
            if item is not None:
                marks[person_id or 0, item.id] = self._mark(item, unpack(body))
        return marks

    def scale(self, item: GradeItem) -> list[str]:
        """The words of the scale that an item is marked with; empty for one that has none."""
        return self._around.scale(item.scale_id)[1] if item.scale_id else []

    def feedback(self, item: GradeItem, mark: Mark) -> Markup:
        """What was written with a mark, as a page shows it."""
        context_id = item.activity.context_id if item.activity else self._course.version.context_id
        area = ("grade", "feedback", mark.id)
        return self._texts.within(context_id, mark.html, mark.format, area, f"g{mark.id}", top=3)

    def _graded(self, asked: str) -> sa.Select[Any]:
        is_graded = sa.exists().where(*self._is_mark(), Record.graded_id == Person.moodle_id)
        found = sa.select(Person).where(Person.version_id == self._version_id, is_graded)
        found = found.where(*have_words(asked, Person.first_name, Person.last_name, Person.username))
        order = (
            Person.sort_name,
            sa.func.lower(Person.last_name),
            sa.func.lower(Person.first_name),
            Person.id,
        )
        return found.order_by(*order)

    def _is_mark(self) -> tuple[sa.ColumnElement[bool], ...]:
        return Record.document_id.in_(self._documents), Record.graded_id.is_not(None)

    def _mark(self, item: GradeItem, element: etree._Element) -> Mark:
        # All leaves at once: there are many marks, and looking for each leaf by its name takes longest.
        said = {child.tag: (text_of(child) or "").strip() for child in element}
        return Mark(
            id_of(element),
            self._words(item, said.get("finalgrade", "")),
            said.get("feedback", ""),
            format_of(said.get("feedbackformat")),
            shut(said.get("hidden", "")),
            shut(said.get("locked", ""), said.get("locktime", "")),
            said.get("overridden", "0") not in ("0", ""),
            said.get("excluded", "0") not in ("0", ""),
            moment_in(said.get("timemodified", "")),
        )

    def _words(self, item: GradeItem, value: str) -> str:
        if not value or item.grade_type in (GradeType.NONE, GradeType.TEXT):
            return ""
        number, word = _real(value), ""
        if item.grade_type == GradeType.SCALE:
            word = self._around.mark(-item.scale_id, str(round(number)))
        return self._displays.words(item, number, word)


def _real(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
