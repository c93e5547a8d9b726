"""Asking for copies of courses."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _, ngettext
from jobs.queue import runs_in_background, start
from webapp.access.permissions import can, current_user, may
from webapp.content.choices import count_people
from webapp.content.lookups import find_course
from webapp.copies import bp
from webapp.copies.forms import CopyForm
from webapp.copies.operations import courses_to_take_from, get_course
from webapp.database import BIGGEST
from webapp.job_requests.asking import ask_for_copy, proposal
from webapp.job_requests.streaming import begin_and_show
from webapp.pages.days import day_of


@bp.route("/courses/<int:course_id>/copy", methods=["GET", "POST"])
@may("back up")
def copy_course(course_id: int) -> ResponseReturnValue:
    """Ask what the copy is called, when it is and who is in it; then have it made."""
    if not can("make courses"):
        abort(403)
    course = get_course(course_id)
    dates = {"start": day_of(course.start_date), "end": day_of(course.end_date)}
    form = CopyForm(data=proposal(course) | {"category_id": course.category_id or 0, **dates})
    form.offer(course, current_user)
    if form.validate_on_submit():
        job, is_new = ask_for_copy(course, form.options(), current_user)
        return begin_and_show(job, is_new=is_new)
    page = render_template("copies/copy.html", course=course, form=form, people=count_people(course))
    return (page, 422) if form.is_submitted() else page


@bp.route("/courses/copies", methods=["GET", "POST"])
@may("make courses")
def copy_several() -> ResponseReturnValue:
    """Copy courses as they are, under names that say so; without people, and hidden."""
    if request.method == "GET":
        return _several()
    numbers = request.form.getlist("courses", int)
    chosen = [find_course(number) if number <= BIGGEST else None for number in numbers]
    if not chosen:
        return _several(_("Choose at least one course.")), 422
    courses = [course for course in chosen if course is not None and can("back up", course)]
    if len(courses) != len(chosen):
        abort(404)
    jobs = [ask_for_copy(one, proposal(one) | {"numbered": True}, current_user) for one in courses]
    if len(jobs) == 1:
        return begin_and_show(jobs[0][0], is_new=jobs[0][1])
    for job, is_new in jobs:
        if is_new:
            start(job)
    later = "" if runs_in_background() else _("Background work is off: begin each of them on its page.")
    asked = ngettext("%(num)s copy of courses asked for.", "%(num)s copies of courses asked for.", len(jobs))
    flash(f"{asked} {later}".rstrip())
    return redirect(url_for("progress.list_jobs"), 303)


def _several(problem: str = "") -> str:
    search = request.args.get("q", "").strip()
    listed = courses_to_take_from(current_user, search, request.args.get("page", 1, int))
    return render_template("copies/several.html", listed=listed, search=search, problem=problem)
