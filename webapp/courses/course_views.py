"""The page of a course, to read and to edit, and its settings."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import can, current_user, may
from webapp.access.rights import may_put_into
from webapp.content.catalogue import categories_in_order
from webapp.content.course_settings import change_course, delete_course
from webapp.content.edit import EditRefused
from webapp.courses import bp
from webapp.courses.course_page import CoursePage
from webapp.courses.deleted import tell_deleted
from webapp.courses.editor import open_editor, summary_text
from webapp.courses.finding import get_course
from webapp.courses.forms import DeleteForm, SettingsForm, settings_of
from webapp.job_requests.busy import busy_jobs
from webapp.job_requests.failed_jobs import failed_on_course
from webapp.models import get_setting


@bp.get("/courses/<int:course_id>")
@may("see course")
def show_course(course_id: int) -> ResponseReturnValue:
    course = get_course(course_id)
    shown = CoursePage(
        course,
        with_hidden=can("see hidden", course),
        with_people=can("see people", course),
        with_backups=can("back up", course),
    )
    return render_template("courses/show.html", course=course, shown=shown)


@bp.get("/courses/<int:course_id>/edit")
@may("edit course")
def edit_course(course_id: int) -> ResponseReturnValue:
    """Show the course with what one can do to each of its parts."""
    course = get_course(course_id)
    shown = CoursePage(
        course,
        with_hidden=True,
        with_people=True,
        with_backups=can("back up", course),
        with_restores=can("restore", course),
    )
    return render_template(
        "courses/edit.html",
        course=course,
        shown=shown,
        busy_jobs=busy_jobs(course.id),
        failed_jobs=failed_on_course(course.id),
        moved=request.args.get("moved", ""),
        way=request.args.get("way", ""),
    )


@bp.route("/courses/<int:course_id>/settings", methods=["GET", "POST"])
@may("edit course")
def settings(course_id: int) -> ResponseReturnValue:
    """Change what the course is called, where it stands and who sees it."""
    course = get_course(course_id)
    text = summary_text(course)
    offered = [one for one in categories_in_order() if may_put_into(current_user, course, one.id)]
    form = SettingsForm(offered, data=settings_of(course, text.shown))
    if form.validate_on_submit():
        try:
            change_course(course, form.values(course), text.kept(form.summary.data), current_user)
        except EditRefused as refused:
            form.refuse(refused)
        else:
            flash(_("The course’s settings are saved."))
            return redirect(url_for("courses.show_course", course_id=course.id), 303)
    open_editor()
    page = render_template("courses/settings.html", course=course, form=form, text=text)
    return (page, 422) if form.is_submitted() else page


@bp.route("/courses/<int:course_id>/delete", methods=["GET", "POST"])
@may("delete course")
def confirm_delete_course(course_id: int) -> ResponseReturnValue:
    """Ask for the course's name to be typed, then delete it."""
    course = get_course(course_id)
    form = DeleteForm(course.shortname)
    if form.validate_on_submit():
        name = course.fullname
        tell_deleted(name, None, delete_course(course))
        return redirect(url_for("courses.index"), 303)
    page = render_template(
        "courses/delete_course.html", course=course, form=form, bin_days=get_setting("bin_days")
    )
    return (page, 422) if form.is_submitted() else page
