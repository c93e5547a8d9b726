"""All grades of a course as rows of a table to take away."""

from __future__ import annotations

from collections.abc import Iterator

from jobs.language import gettext as _
from webapp.access.audit import note
from webapp.courses.grades.marks import Marks
from webapp.courses.grades.model import GradeCategory, GradeItem, GradeType
from webapp.courses.grades.showing import name_of
from webapp.courses.viewers.leaves import shown
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Course


def header_of(top: GradeCategory) -> list[str]:
    """Names and ids of people, then a column for each item's grade and one for what was written with it."""
    columns = ["last_name", "first_name", "username", "email"]
    for item in top.all_columns:
        name = name_of(item, top)
        columns += [f"{name}{_most(item)}", _("%(name)s: feedback", name=name)]
    return columns


def rows_of(marks: Marks, top: GradeCategory) -> Iterator[list[str]]:
    """A row for each person, by last name; read a few people at a time, so that nobody's writing waits."""
    items = top.all_columns
    for people in marks.everybody():
        found = marks.of([one.moodle_id for one in people])
        for person in people:
            row = [person.last_name, person.first_name, person.username, person.email]
            for item in items:
                mark = found.get((person.moodle_id, item.id))
                row += [mark.text, mark.says] if mark else ["", ""]
            yield [cell or "" for cell in row]
        db.session.rollback()


def note_export(course: Course) -> None:
    """Write down that the grades of a course were taken away."""
    with write_transaction() as session:
        note(session, "list exported", session.get_one(Course, course.id), title="", detail="grades")


def _most(item: GradeItem) -> str:
    return (
        f" {_('(of %(most)s)', most=shown(item.most))}"
        if item.grade_type == GradeType.VALUE and item.most
        else ""
    )
