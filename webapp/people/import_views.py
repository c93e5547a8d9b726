"""Bringing in a list of people."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _, ngettext
from webapp.access.memberships import ROLE_WORDS as COURSE_ROLE_WORDS
from webapp.access.permissions import may
from webapp.people import bp
from webapp.people.forms import InvitingForm
from webapp.people.imports import Plan, StillWrong, carry_out, plan_import
from webapp.people.operations import ROLE_WORDS
from webapp.spreadsheets import LARGEST, UnreadableTable, decode
from webapp.spreadsheets.forms import TableForm


@bp.route("/people/import", methods=["GET", "POST"])
@may("administer")
def import_people() -> ResponseReturnValue:
    """Ask for the list; on POST show what it would do. Nothing is written here."""
    form = TableForm()
    if form.validate_on_submit():
        try:
            text = decode(form.table.data.read(LARGEST + 1))
            return _preview(InvitingForm(formdata=None, text=text), plan_import(text))
        except UnreadableTable as problem:
            form.table.errors = [str(problem)]
    page = render_template("people/import.html", form=form)
    return (page, 422) if form.is_submitted() else page


@bp.post("/people/import/now")
@may("administer")
def carry_out_import() -> ResponseReturnValue:
    form = InvitingForm()
    text = form.text.data or ""
    try:
        done = carry_out(text, leave_out=form.leave_out.data, invite=form.invite.data)
    except UnreadableTable as problem:
        asked: Any = TableForm(formdata=None)
        asked.table.errors = [str(problem)]
        return render_template("people/import.html", form=asked), 422
    except StillWrong:
        form.leave_out.errors = [_("Say that wrong lines may be left out, or put the file right.")]
        return _preview(form, plan_import(text))
    flash(_summary(done))
    return redirect(url_for("people.list_people"), 303)


def _preview(form: InvitingForm, plan: Plan) -> ResponseReturnValue:
    """Nothing is done yet, and the status says so too."""
    return render_template(
        "people/preview.html",
        form=form,
        plan=plan,
        role_words=ROLE_WORDS,
        course_role_words=COURSE_ROLE_WORDS,
    ), 422


def _summary(plan: Plan) -> str:
    made, changed, wrong = (len(plan.of(kind)) for kind in ("new", "changed", "wrong"))
    words = (
        ngettext("%(num)s account made", "%(num)s accounts made", made),
        ngettext("%(num)s account changed", "%(num)s accounts changed", changed),
    )
    left_out = " " + ngettext("%(num)s line left out.", "%(num)s lines left out.", wrong) if wrong else ""
    return f"{', '.join(words)}.{left_out}"
