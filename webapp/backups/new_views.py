"""Asking for a new backup, of a course or of a part of it."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from webapp.backups import bp
from webapp.backups.forms import NewBackupForm, PartBackupForm
from webapp.backups.operations import ask_for_backup, get_course, needs_what_is_left_out
from webapp.backups.parts import ask_for_part
from webapp.content.choices import choices_of, part_name
from webapp.content.lookups import find_part
from webapp.permissions import current_user, may
from webapp.streaming import begin_and_show


@bp.route("/courses/<int:course_id>/backups/new", methods=["GET", "POST"])
@may("back up")
def new_backup(course_id: int) -> ResponseReturnValue:
    """Ask what to include; then have the backup made, and show how far it is."""
    course, form = get_course(course_id), NewBackupForm()
    # Looking through a large course takes its time, so what the page has said already is not asked again.
    is_news = form.is_submitted() and form.seen.data != form.left_out
    needs = needs_what_is_left_out(course, form.options()) if is_news else []
    if form.validate_on_submit() and not needs:
        job, is_new = ask_for_backup(course, form.options(), current_user)
        return begin_and_show(job, is_new=is_new)
    page = render_template(
        "backups/new.html", course=course, form=form, choices=choices_of(course), needs=needs
    )
    return (page, 422) if form.is_submitted() else page


@bp.post("/courses/<int:course_id>/backups/left-out")
@may("back up")
def left_out(course_id: int) -> ResponseReturnValue:
    """Say what needs what is being left out, while somebody still chooses."""
    course, form = get_course(course_id), NewBackupForm()
    needs = needs_what_is_left_out(course, form.options())
    return render_template("backups/_left_out.html", course=course, form=form, needs=needs)


@bp.route("/courses/<int:course_id>/sections/<int:section_id>/backup", methods=["GET", "POST"])
@bp.route("/courses/<int:course_id>/activities/<int:activity_id>/backup", methods=["GET", "POST"])
@may("back up")
def new_part_backup(
    course_id: int, section_id: int | None = None, activity_id: int | None = None
) -> ResponseReturnValue:
    """The same for one section with all that is in it, or one activity."""
    course, form = get_course(course_id), PartBackupForm()
    part = find_part(course, section_id, activity_id) or abort(404)
    if form.validate_on_submit():
        job, is_new = ask_for_part(course, part, form.options(), current_user)
        return begin_and_show(job, is_new=is_new)
    page = render_template(
        "backups/new_part.html",
        course=course,
        form=form,
        name=part_name(part),
        is_section=section_id is not None,
        action=request.path,
    )
    return (page, 422) if form.is_submitted() else page
