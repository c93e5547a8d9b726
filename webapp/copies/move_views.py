"""Moving a section or an activity into another course: which one, where in it, and then it is done."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.access.permissions import can, current_user, may
from webapp.content.choices import part_name
from webapp.content.lookups import find_course, find_part, sections_of
from webapp.copies import bp
from webapp.copies.forms import MoveForm
from webapp.copies.moved_work import outlook
from webapp.copies.operations import ask_for_move, courses_to_move_into, get_course, selected_to_move
from webapp.job_requests.streaming import begin_and_show
from webapp.models import Activity, Course, Section, get_setting


@bp.get("/courses/<int:course_id>/sections/<int:section_id>/move-to")
@bp.get("/courses/<int:course_id>/activities/<int:activity_id>/move-to")
@may("edit course")
def choose_target(
    course_id: int, section_id: int | None = None, activity_id: int | None = None
) -> ResponseReturnValue:
    """List the courses that it could go into."""
    course, part = _moved(course_id, section_id, activity_id)
    search = request.args.get("q", "").strip()
    page = request.args.get("page", 1, int)
    here = {"course_id": course_id, "section_id": section_id, "activity_id": activity_id}
    return render_template(
        "copies/targets.html",
        course=course,
        name=part_name(part),
        here={name: number for name, number in here.items() if number is not None},
        listed=courses_to_move_into(current_user, search, page, but=course_id),
        search=search,
        bin_days=get_setting("bin_days"),
    )


@bp.route(
    "/courses/<int:course_id>/sections/<int:section_id>/move-to/<int:target_id>", methods=["GET", "POST"]
)
@bp.route(
    "/courses/<int:course_id>/activities/<int:activity_id>/move-to/<int:target_id>", methods=["GET", "POST"]
)
@may("edit course")
def move_to(
    course_id: int, target_id: int, section_id: int | None = None, activity_id: int | None = None
) -> ResponseReturnValue:
    """Say what comes along and what stays, then have it moved."""
    course, part = _moved(course_id, section_id, activity_id)
    target = find_course(target_id)
    if target is None or target.id == course.id or not can("restore", target):
        abort(404)
    is_section = isinstance(part, Section)
    looked = outlook(
        selected_to_move(course, part), course, target, current_user, thoroughly="count" in request.args
    )
    form = MoveForm(data={"work": looked.proposed})
    there = [] if is_section else [one for one in sections_of(target.version_id) if not one.parent_cmid]
    form.offer(there, with_work=not looked.hindrance)
    if form.validate_on_submit() and get_setting("bin_days"):
        into = None if is_section else form.section_id.data
        job, is_new = ask_for_move(course, part, target, into, current_user, work=form.work.data)
        return begin_and_show(job, is_new=is_new)
    page = render_template(
        "copies/move_to.html",
        course=course,
        target=target,
        name=part_name(part),
        form=form,
        is_section=is_section,
        action=request.path,
        back=url_for("courses.edit_course", course_id=course_id),
        bin_days=get_setting("bin_days"),
        looked=looked,
    )
    return (page, 422) if form.is_submitted() else page


def _moved(
    course_id: int, section_id: int | None, activity_id: int | None
) -> tuple[Course, Section | Activity]:
    course = get_course(course_id)
    if not can("back up", course):
        abort(403)
    return course, find_part(course, section_id, activity_id) or abort(404)
