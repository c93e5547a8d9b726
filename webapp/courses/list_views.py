"""The courses of a person, and making a new one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import current_user, may, signed_in
from webapp.content.catalogue import categories_in_order
from webapp.content.edit import EditRefused
from webapp.content.making import make_course
from webapp.courses import bp
from webapp.courses.forms import NewCourseForm
from webapp.courses.listing import by_category, courses_for
from webapp.job_requests.busy import copies_on_their_way


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    search = request.args.get("q", "").strip()
    page = courses_for(current_user, search, request.args.get("page", 1, int))
    return render_template(
        "courses/index.html",
        courses=page,
        groups=list(by_category(page)),
        copies=copies_on_their_way(current_user),
        search=search,
    )


@bp.route("/courses/new", methods=["GET", "POST"])
@may("make courses")
def new_course() -> ResponseReturnValue:
    """Ask what the course is called; it begins with empty sections."""
    form = NewCourseForm(categories_in_order())
    if form.validate_on_submit():
        try:
            course = make_course(
                *form.names(),
                form.category(),
                current_user,
                sections=form.sections.data or 0,
                visible=form.visible.data,
            )
        except EditRefused as refused:
            form.refuse(refused)
        else:
            flash(
                _(
                    "“%(name)s” is there. Give its sections names, and put something into them.",
                    name=course.fullname,
                )
            )
            return redirect(url_for("courses.edit_course", course_id=course.id), 303)
    page = render_template("courses/new.html", form=form)
    return (page, 422) if form.is_submitted() else page
