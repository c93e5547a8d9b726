"""Asking for a new backup."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.backups import bp
from webapp.backups.choices import choices_of
from webapp.backups.forms import NewBackupForm
from webapp.backups.operations import ask_for_backup, get_course
from webapp.permissions import current_user, may
from webapp.streaming import begin_and_show


@bp.route("/courses/<int:course_id>/backups/new", methods=["GET", "POST"])
@may("back up")
def new_backup(course_id: int) -> ResponseReturnValue:
    """Ask what to include; then have the backup made, and show how far it is."""
    course, form = get_course(course_id), NewBackupForm()
    if form.validate_on_submit():
        job, is_new = ask_for_backup(course, form.options(), current_user)
        return begin_and_show(job, is_new=is_new)
    page = render_template("backups/new.html", course=course, form=form, choices=choices_of(course))
    return (page, 422) if form.is_submitted() else page
