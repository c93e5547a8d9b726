"""Bringing a list of people into a course."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _, ngettext
from webapp.access.memberships import ROLE_WORDS
from webapp.access.permissions import current_user, may
from webapp.content.lookups import get_course
from webapp.models import Course
from webapp.participants import bp
from webapp.participants.imports import Plan, StillWrong, carry_out, plan_import
from webapp.spreadsheets import LARGEST, UnreadableTable, decode
from webapp.spreadsheets.forms import CarryOutForm, TableForm


@bp.route("/courses/<int:course_id>/people/list", methods=["GET", "POST"])
@may("set roles")
def bring_list(course_id: int) -> ResponseReturnValue:
    """Ask for the list; on POST show what it would do. Nothing is written here."""
    course, form = get_course(course_id), TableForm()
    if form.validate_on_submit():
        try:
            text = decode(form.table.data.read(LARGEST + 1))
            plan = plan_import(course, text, by=current_user)
            return _preview(course, CarryOutForm(formdata=None, text=text), plan)
        except UnreadableTable as problem:
            form.table.errors = [str(problem)]
    page = render_template("participants/import.html", course=course, form=form)
    return (page, 422) if form.is_submitted() else page


@bp.post("/courses/<int:course_id>/people/list/now")
@may("set roles")
def carry_out_list(course_id: int) -> ResponseReturnValue:
    course, form = get_course(course_id), CarryOutForm()
    text = form.text.data or ""
    try:
        done = carry_out(course, text, leave_out=form.leave_out.data, by=current_user)
    except UnreadableTable as problem:
        asked = TableForm(formdata=None)
        asked.table.errors = [str(problem)]
        return render_template("participants/import.html", course=course, form=asked), 422
    except StillWrong:
        form.leave_out.errors = [_("Say that wrong lines may be left out, or put the file right.")]
        return _preview(course, form, plan_import(course, text, by=current_user))
    flash(_summary(done))
    return redirect(url_for("participants.list_members", course_id=course_id), 303)


def _preview(course: Course, form: CarryOutForm, plan: Plan) -> ResponseReturnValue:
    """Nothing is done yet, and the status says so too."""
    page = render_template(
        "participants/preview.html", course=course, form=form, plan=plan, role_words=ROLE_WORDS
    )
    return page, 422


def _summary(plan: Plan) -> str:
    wrong = plan.count("wrong")
    words = (
        ngettext("%(num)s person taken in", "%(num)s people taken in", plan.count("new")),
        ngettext("%(num)s changed", "%(num)s changed", plan.count("changed")),
        ngettext("%(num)s taken out", "%(num)s taken out", plan.count("out")),
    )
    left_out = " " + ngettext("%(num)s line left out.", "%(num)s lines left out.", wrong) if wrong else ""
    return f"{', '.join(words)}.{left_out}"
