"""Asking for a new backup, of a course or of a part of it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import current_user, may
from webapp.backups import bp
from webapp.backups.choosing import STEPS, chosen_before, defaults
from webapp.backups.forms import NewBackupForm, PartBackupForm
from webapp.backups.operations import (
    all_left_out,
    ask_for_backup,
    get_course,
    needs_what_is_left_out,
)
from webapp.backups.parts import ask_for_part
from webapp.content.choices import choices_of, part_name
from webapp.content.lookups import find_part
from webapp.estimates.outlook import names_of_left_out, outlook_of
from webapp.job_requests import asking
from webapp.job_requests.asking import everything
from webapp.job_requests.streaming import begin_and_show
from webapp.models import Course


@bp.get("/courses/<int:course_id>/backups/new")
@may("back up")
def new_backup(course_id: int) -> ResponseReturnValue:
    """One step towards a backup; what was chosen in the others stands in the address."""
    course, form = get_course(course_id), NewBackupForm(data=chosen_before(request.args))
    step = request.args.get("step", "what")
    try:
        return _step(course, form, step if step in STEPS else "what")
    except ValueError:
        flash(_("This address is not whole. Choose again what goes in."), "bad")
        return redirect(url_for("backups.new_backup", course_id=course_id), 303)


@bp.post("/courses/<int:course_id>/backups/new")
@may("back up")
def begin_backup(course_id: int) -> ResponseReturnValue:
    """Go to the step that is asked for with what was chosen; without one, have the backup made."""
    course, form = get_course(course_id), NewBackupForm()
    address: dict[str, Any]
    if "everything" in request.form:
        job, is_new = ask_for_backup(course, everything(), current_user)
        return begin_and_show(job, is_new=is_new)
    try:
        if pick := request.form.get("pick"):
            address = {"course_id": course_id, "step": "what", **form.chosen(), "out": form.pick(pick)}
            return redirect(url_for("backups.new_backup", **address), 303)
        if not form.validate():
            return _step(course, form, "what" if form.sections.errors else "content"), 422
        if (step := request.form.get("go")) in STEPS:
            address = {"course_id": course_id, "step": step, **form.chosen()}
            return redirect(url_for("backups.new_backup", **address), 303)
        job, is_new = ask_for_backup(course, form.options(), current_user)
    except ValueError:
        abort(400)
    return begin_and_show(job, is_new=is_new)


def _step(course: Course, form: NewBackupForm, step: str) -> str:
    """The page of one step. Raises ValueError if what was left out can't be read."""
    facts = (
        _review(course, form.options()) if step == "review" else {"choices": choices_of(course), "needs": []}
    )
    return render_template(
        "backups/new.html",
        course=course,
        form=form,
        step=step,
        steps=STEPS,
        kinds=form.kinds,
        **facts,
    )


def _review(course: Course, options: dict[str, Any]) -> dict[str, Any]:
    """What is looked through before the backup begins."""
    whole = options | {"leave_out": all_left_out(course, options)}
    return {
        "needs": needs_what_is_left_out(course, options),
        "outlook": outlook_of(course, whole),
        "absent": names_of_left_out(course, options["leave_out"]),
        "options": options,
        "room_problem": asking.room_problem(course, whole, current_user),
    }


@bp.post("/courses/<int:course_id>/backups/left-out")
@may("back up")
def left_out(course_id: int) -> ResponseReturnValue:
    """Say what needs what is being left out, while somebody still chooses."""
    course, form = get_course(course_id), NewBackupForm()
    needs = needs_what_is_left_out(course, form.options())
    return render_template("backups/_left_out.html", address=request.path, needs=needs)


@bp.route("/courses/<int:course_id>/sections/<int:section_id>/backup", methods=["GET", "POST"])
@bp.route("/courses/<int:course_id>/activities/<int:activity_id>/backup", methods=["GET", "POST"])
@may("back up")
def new_part_backup(
    course_id: int, section_id: int | None = None, activity_id: int | None = None
) -> ResponseReturnValue:
    """The same for one section with all that is in it, or one activity."""
    course, form = get_course(course_id), PartBackupForm(data=defaults())
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
        kinds=form.kinds,
        action=request.path,
        outlook=outlook_of(course, form.options(), part),
    )
    return (page, 422) if form.is_submitted() else page
