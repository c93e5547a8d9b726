"""What each role may do in a course, as a table to tick."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField

from jobs.language import gettext as _
from webapp.access.directory import Refused
from webapp.access.memberships import ROLE_WORDS
from webapp.access.permissions import may
from webapp.access.rights import COURSE_RULES, rules_in_force
from webapp.people import bp
from webapp.people.course_rights import RIGHT_WORDS, rules_from, save_rules, table

_CELLS: list[Any] = [cell.value for row in table(COURSE_RULES).values() for cell in row]


class RightsForm(FlaskForm):  # type: ignore[misc]
    rights = SelectMultipleField("Rights", choices=_CELLS)


@bp.route("/people/roles", methods=["GET", "POST"])
@may("administer")
def course_rights() -> ResponseReturnValue:
    """Show the table; on POST put what is ticked into force."""
    form, faults, rules = RightsForm(), {}, None
    if form.validate_on_submit():
        rules = rules_from(set(form.rights.data or ()))
        try:
            is_changed = save_rules(rules)
        except Refused as refused:
            faults = refused.faults
        else:
            flash(_("Saved. It counts from now on.") if is_changed else _("Nothing was changed."))
            return redirect(url_for("people.course_rights"), 303)
    page = render_template(
        "people/rights.html", table=table(rules), faults=faults, words=RIGHT_WORDS, role_words=ROLE_WORDS,
        is_changed=rules_in_force() != COURSE_RULES,
    )  # fmt: skip
    return (page, 422) if form.is_submitted() else page


@bp.post("/people/roles/as-it-came")
@may("administer")
def put_rights_back() -> ResponseReturnValue:
    is_changed = save_rules(COURSE_RULES)
    flash(_("All roles may again what they might at first.") if is_changed else _("Nothing was changed."))
    return redirect(url_for("people.course_rights"), 303)
