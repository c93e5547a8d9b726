"""Changing the texts inside activities: chapters, entries, options, pages, instructions."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.access.permissions import current_user, may
from webapp.content.elements import change_element
from webapp.content.kinds import kind_word
from webapp.courses import bp
from webapp.courses.editing.form import form_of
from webapp.courses.editing.opening import open_thing
from webapp.courses.editor import open_editor
from webapp.courses.finding import get_activity, get_course
from webapp.job_requests.busy import busy_jobs


@bp.route("/courses/<int:course_id>/activities/<int:activity_id>/texts/<name>", methods=["GET", "POST"])
@bp.route(
    "/courses/<int:course_id>/activities/<int:activity_id>/texts/<name>/<int:item>", methods=["GET", "POST"]
)
@may("edit course")
def edit_text(course_id: int, activity_id: int, name: str, item: int = 0) -> ResponseReturnValue:
    """Change one thing in an activity: `name` says of which sort, `item` is the archive's id of it."""
    course = get_course(course_id)
    activity = get_activity(course, activity_id)
    opened = open_thing(course, activity, name, item) or abort(404)
    form = form_of(opened.sheet)
    page_number = request.args.get("page", type=int)
    back = url_for(
        "courses.show_activity", course_id=course.id, activity_id=activity.id, page=page_number,
        item=item if opened.thing.is_alone else None, _anchor=f"{name}-{item}" if item else name,
    )  # fmt: skip
    if form.validate_on_submit():
        if changes := opened.sheet.changes(form):
            change_element(course, opened.place, changes, current_user, prepare=opened.thing.prepare)
        return redirect(back, 303)
    open_editor()
    page = render_template(
        "courses/text_form.html", course=course, form=form, sheet=opened.sheet, what=opened.thing.heading,
        where=activity.called or kind_word(activity.type), back=back, busy_jobs=busy_jobs(course.id), is_answered=False,
        address=url_for("courses.edit_text", **(request.view_args or {}), page=page_number),
    )  # fmt: skip
    return (page, 422) if form.is_submitted() else page
