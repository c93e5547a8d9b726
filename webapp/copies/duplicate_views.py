"""Asking for a second one of a section or an activity."""

from __future__ import annotations

from flask import abort
from flask.typing import ResponseReturnValue

from webapp.access.permissions import current_user, may
from webapp.content.lookups import find_part
from webapp.copies import bp
from webapp.copies.operations import ask_for_duplicate, get_course
from webapp.job_requests.streaming import begin_and_show


@bp.post("/courses/<int:course_id>/sections/<int:section_id>/duplicate")
@bp.post("/courses/<int:course_id>/activities/<int:activity_id>/duplicate")
@may("edit course")
def duplicate(
    course_id: int, section_id: int | None = None, activity_id: int | None = None
) -> ResponseReturnValue:
    """Have it made, and show how far that is; from there it can be taken back at once."""
    course = get_course(course_id)
    part = find_part(course, section_id, activity_id) or abort(404)
    job, is_new = ask_for_duplicate(course, part, current_user)
    return begin_and_show(job, is_new=is_new)
