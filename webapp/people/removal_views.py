"""Removing a person: what becomes of their work is said and chosen first."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.access.directory import Refused, find_account
from webapp.access.permissions import current_user, may
from webapp.models import User
from webapp.people import bp
from webapp.people.forms import PLAIN
from webapp.people.operations import get_person
from webapp.people.removal import remove_person, work_of


class RemovalForm(FlaskForm):  # type: ignore[misc]
    way = RadioField(
        _l("What becomes of their courses and backups"),
        choices={"hand": _l("Hand them over"), "keep": _l("Leave them")},
    )
    heir = StringField(_l("User name or mail address of who gets them"), render_kw=PLAIN)
    typed = StringField(_l("User name"), render_kw=PLAIN)

    def chosen_heir(self) -> User | None:
        """Whom the work goes to; None where it stays as it is. Raises Refused where nobody is so called."""
        if self.way.data != "hand":
            return None
        heir = find_account(self.heir.data or "")
        if heir is None:
            raise Refused({"heir": _("Nobody here has this user name or mail address.")})
        return heir

    def check_name(self, person: User) -> None:
        """Raise Refused unless the user name was typed."""
        if (self.typed.data or "").strip() != person.username:
            raise Refused({"typed": _("Type %(username)s as it stands here.", username=person.username)})


@bp.route("/people/<int:user_id>/remove", methods=["GET", "POST"])
@may("administer")
def remove(user_id: int) -> ResponseReturnValue:
    """Say what there is of the person and ask; on POST remove them."""
    person = get_person(user_id)
    work, form = work_of(person), RemovalForm(way="hand")
    if not work.can_be_handed_over:
        del form.way, form.heir
    if form.validate_on_submit():
        name = person.name
        try:
            form.check_name(person)
            heir = form.chosen_heir() if work.can_be_handed_over else None
            remove_person(person, heir=heir, by=current_user)
        except Refused as refused:
            refused.mark(form)
        else:
            flash(_("%(name)s is removed.", name=name))
            return redirect(url_for("people.list_people"), 303)
    page = render_template("people/remove.html", form=form, person=person, work=work)
    return (page, 422) if form.is_submitted() else page
