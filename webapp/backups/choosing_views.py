"""The first step of a restore into a course that somebody is in: which file."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import can, current_user, may
from webapp.backups import bp, operations
from webapp.backups.incoming import size_limit
from webapp.backups.restore_form import STEPS
from webapp.content.choices import part_name
from webapp.content.lookups import find_activity, find_section


@bp.get("/courses/<int:course_id>/restore")
@bp.get("/courses/<int:course_id>/sections/<int:section_id>/restore")
@bp.get("/courses/<int:course_id>/activities/<int:activity_id>/restore")
@may("restore")
def choose_file(
    course_id: int, section_id: int | None = None, activity_id: int | None = None
) -> ResponseReturnValue:
    """List what can be restored here: into the course, a section of it, or the section of an activity."""
    course, into = operations.get_course(course_id), None
    if activity_id is not None:
        activity = find_activity(course, activity_id) or abort(404)
        section_id = activity.section_id
    if section_id is not None:
        into = find_section(course, section_id) or abort(404)
    here = operations.backups_of(course, 1).rows if can("back up", course) else []
    mine = [one for one in operations.backups_for(current_user, 1).rows if one.course_id != course.id]
    return render_template(
        "backups/choose_file.html",
        course=course,
        into=into,
        name=part_name(into) if into else "",
        steps=STEPS,
        shelves=[(_("Backups of this course"), here), (_("Your other backups"), mine)],
        courses=operations.courses_of([*here, *mine]),
        size_limit=size_limit(),
        upload_problem="",
    )
