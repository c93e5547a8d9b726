"""Taking sections and activities over from another course."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from jobs.engine.import_look import dry_run_of_import
from jobs.problems import JobProblem
from webapp.access.permissions import can, current_user, may
from webapp.content.choices import choices_of
from webapp.content.headings import heading_of
from webapp.content.lookups import find_course, sections_of
from webapp.copies import bp
from webapp.copies.forms import ImportForm
from webapp.copies.operations import ask_for_import, courses_to_take_from, get_course
from webapp.job_requests.streaming import begin_and_show
from webapp.models import get_setting


@bp.get("/courses/<int:course_id>/import")
@may("restore")
def choose_source(course_id: int) -> ResponseReturnValue:
    """List the courses to import from."""
    search = request.args.get("q", "").strip()
    page = request.args.get("page", 1, int)
    listed = courses_to_take_from(current_user, search, page, but=course_id)
    return render_template("copies/sources.html", course=get_course(course_id), listed=listed, search=search)


@bp.route("/courses/<int:course_id>/import/<int:source_id>", methods=["GET", "POST"])
@may("restore")
def import_from(course_id: int, source_id: int) -> ResponseReturnValue:
    """Ask what of the other course comes and where it goes, say what would happen, and have it done."""
    course, source = get_course(course_id), find_course(source_id)
    if source is None or source.id == course.id or not can("back up", source):
        abort(404)
    choices, form, look = choices_of(source), ImportForm(), None
    there = [one for one in sections_of(course.version_id) if not one.parent_cmid]
    form.offer(choices, there, {one.id: heading_of(one) for one in there})
    if pick := request.form.get("pick"):
        form.pick(pick)
    elif form.validate_on_submit():
        options = form.options(course, source)
        if not form.look.data:
            job, is_new = ask_for_import(course, source, options, current_user)
            return begin_and_show(job, is_new=is_new)
        look = _look(options)
    page = render_template(
        "copies/import.html", course=course, source=source, choices=choices, form=form, look=look,
        undo_days=get_setting("undo_days"),
    )  # fmt: skip
    return (page, 422) if form.errors else page


def _look(options: dict[str, Any]) -> dict[str, Any]:
    """What would happen, or as `problem` why nothing would."""
    try:
        return dry_run_of_import(options, current_user.id)
    except JobProblem as problem:
        return {"problem": str(problem)}
