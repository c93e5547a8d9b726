"""The question bank of a course, for its teachers to read."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from jobs.archive.ids.numbers import whole
from webapp.access.permissions import can, may
from webapp.courses import bp
from webapp.courses.bank.categories import places_of
from webapp.courses.bank.lookup import ROWS, QuestionBank
from webapp.courses.finding import get_course
from webapp.courses.viewers.documents import Pages


@bp.get("/courses/<int:course_id>/questions")
@may("see people")
def question_bank(course_id: int) -> ResponseReturnValue:
    """Show the categories, and the questions of the one that is asked for."""
    course = get_course(course_id)
    bank = QuestionBank(course)
    category = None
    if asked := request.args.get("category", ""):
        category = bank.categories.get(whole(asked)) or abort(404)
    last = (category.count - 1) // ROWS + 1 if category and category.count else 1
    number = min(max(1, request.args.get("page", 1, int)), last)
    return render_template(
        "courses/questions.html",
        course=course,
        places=places_of(course, bank.categories),
        total=sum(one.count for one in bank.categories.values()),
        category=category,
        info=bank.info(category) if category else "",
        questions=bank.page_of(category, number) if category else [],
        may_edit=can("edit course", course),
        pages=Pages(number, category.count, ROWS) if category else None,
    )
