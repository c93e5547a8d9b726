"""The gradebook of a course, for its teachers to read and to take away."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from webapp.access.permissions import may
from webapp.courses import bp
from webapp.courses.finding import get_course
from webapp.courses.grades.displays import FORM_WORDS, Displays, displays_of
from webapp.courses.grades.export import header_of, note_export, rows_of
from webapp.courses.grades.marks import Marks
from webapp.courses.grades.model import GradeCategory
from webapp.courses.grades.setup import gradebook_of
from webapp.courses.grades.showing import line_of, lines_of, name_of, outcomes_of, scales_of
from webapp.courses.grades.words import notes_of, range_of, states_of, way_of, weight_of
from webapp.models import Course
from webapp.spreadsheets import send_table


@bp.get("/courses/<int:course_id>/grades")
@may("see people")
def gradebook(course_id: int) -> ResponseReturnValue:
    """Show what people got, a page of them at a time, for the items of one category."""
    course = get_course(course_id)
    top = gradebook_of(course)
    if top is None:
        return render_template("courses/grades/none.html", course=course)
    category = _chosen(top)
    shown = _shown()
    marks = Marks(course, top, displays_of(course, shown))
    asked = request.args.get("q", "").strip()
    people = marks.people(asked, request.args.get("page", 1, int))
    return render_template(
        "courses/grades/people.html", course=course, top=top, category=category, people=people, asked=asked,
        lines=lines_of(marks, people, is_filtered=bool(asked)), name_of=name_of, notes_of=notes_of,
        states_of=states_of, shown=shown, forms=FORM_WORDS,
    )  # fmt: skip


@bp.get("/courses/<int:course_id>/grades/setup")
@may("see people")
def gradebook_setup(course_id: int) -> ResponseReturnValue:
    """Show how grades are made up: categories with their items, scales, outcomes."""
    course = get_course(course_id)
    top = gradebook_of(course)
    return render_template(
        "courses/grades/setup.html", course=course, top=top, scales=scales_of(course),
        outcomes=outcomes_of(course, top), marks=Marks(course, top, Displays()) if top else None,
        name_of=name_of, range_of=range_of, states_of=states_of, way_of=way_of, weight_of=weight_of,
    )  # fmt: skip


@bp.get("/courses/<int:course_id>/grades/people/<int:person_id>")
@may("see people")
def grades_of_person(course_id: int, person_id: int) -> ResponseReturnValue:
    """Show all that one person got, with what was written to them."""
    course = get_course(course_id)
    top = _gradebook(course)
    marks = Marks(course, top, displays_of(course, _shown()))
    line = line_of(course, marks, person_id) or abort(404)
    return render_template(
        "courses/grades/person.html", course=course, top=top, marks=marks, line=line,
        name_of=name_of, notes_of=notes_of, range_of=range_of, states_of=states_of,
    )  # fmt: skip


@bp.get("/courses/<int:course_id>/grades.csv")
@may("see people")
def export_grades(course_id: int) -> ResponseReturnValue:
    """Send all grades as a table, in the form that the address says. Taking them away is noted."""
    course = get_course(course_id)
    top = _gradebook(course)
    note_export(course)
    rows = rows_of(Marks(course, top, displays_of(course, _shown())), top)
    return send_table(f"grades-{course.id}.csv", header_of(top), rows)


def _shown() -> str:
    """In which form the grades are to be shown; empty for the course’s own."""
    asked = request.args.get("shown", "")
    return asked if asked in FORM_WORDS else ""


def _gradebook(course: Course) -> GradeCategory:
    return gradebook_of(course) or abort(404)


def _chosen(top: GradeCategory) -> GradeCategory:
    """The category that the address names; without one that of the whole course."""
    asked = request.args.get("category", "")
    if not asked:
        return top
    return next((one for one in top.everything if str(one.id) == asked), None) or abort(404)
