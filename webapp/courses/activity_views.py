"""The page of one activity."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.access.permissions import can, may
from webapp.content.kinds import is_plugin, kind_word
from webapp.courses import bp
from webapp.courses.activity_page import ActivityPage
from webapp.courses.finding import get_activity, get_course
from webapp.courses.outline import heading_of
from webapp.courses.viewers.documents import Asked


@bp.get("/courses/<int:course_id>/activities/<int:activity_id>")
@may("see course")
def show_activity(course_id: int, activity_id: int) -> ResponseReturnValue:
    course = get_course(course_id)
    activity = get_activity(course, activity_id)
    asked = Asked(request.args.get("page", 1, _number), request.args.get("item", None, _number))
    shown = ActivityPage(
        course, activity, asked, with_people=can("see people", course), whole="all" in request.args
    )
    if shown.opens is not None:
        return redirect(url_for("courses.show_course", course_id=course.id, _anchor=f"s{shown.opens}"), 303)
    return render_template(
        "courses/activity.html",
        course=course,
        activity=activity,
        shown=shown,
        kind=kind_word(activity.type),
        is_plugin=is_plugin(activity.type),
        heading=heading_of(shown.section),
        may_edit=can("edit course", course),
    )


def _number(text: str) -> int:
    """A number of an address that the database can be asked for. Raises ValueError."""
    number = int(text)
    if abs(number) > 10**15:
        raise ValueError(text)
    return number
