"""Changing a question of the bank."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import current_user, may
from webapp.content.elements import change_element
from webapp.courses import bp
from webapp.courses.editing.bank import open_question, was_answered
from webapp.courses.editing.form import form_of
from webapp.courses.editing.question_checks import checks_of
from webapp.courses.editor import open_editor
from webapp.courses.finding import get_course
from webapp.job_requests.busy import busy_jobs
from webapp.models import Course


@bp.route("/courses/<int:course_id>/questions/<int:record_id>/<int:question_id>", methods=["GET", "POST"])
@may("edit course")
def edit_question(course_id: int, record_id: int, question_id: int) -> ResponseReturnValue:
    """Change a question's texts, its answers and what they count."""
    course = get_course(course_id)
    opened = open_question(course, record_id, question_id) or abort(404)
    form = form_of(opened.sheet, *checks_of(opened.element))
    back, name = _back(course, record_id), opened.name or _("a question")
    if form.validate_on_submit():
        if changes := opened.sheet.changes(form):
            change_element(course, opened.place, changes, current_user, also=opened.identity)
        return redirect(back, 303)
    open_editor()
    page = render_template(
        "courses/text_form.html", course=course, form=form, sheet=opened.sheet, what=_("Edit “%(name)s”", name=name),
        where=_("Questions"), back=back, busy_jobs=busy_jobs(course.id),
        address=url_for("courses.edit_question", **(request.view_args or {}), **_came_from()),
        is_answered=was_answered(course, question_id),
    )  # fmt: skip
    return (page, 422) if form.is_submitted() else page


def _back(course: Course, record_id: int) -> str:
    """Where the question was looked at: a quiz, or a page of a category."""
    asked = _came_from()
    if "activity" in asked:
        slot = f"slot-{asked.get('slot', 1)}"
        return url_for(
            "courses.show_activity", course_id=course.id, activity_id=asked["activity"], _anchor=slot
        )
    return url_for("courses.question_bank", course_id=course.id, **asked, _anchor=f"question-{record_id}")


def _came_from() -> dict[str, Any]:
    named = {name: request.args.get(name, type=int) for name in ("activity", "slot", "category", "page")}
    return {name: number for name, number in named.items() if number is not None and 0 < number < 10**15}
