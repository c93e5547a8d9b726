"""The people of the site: finding, making and changing accounts."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access import identity
from webapp.access.directory import Refused
from webapp.access.invitations import purpose_for
from webapp.access.permissions import current_user, may
from webapp.models import User
from webapp.people import bp
from webapp.people.audit_log import note_export
from webapp.people.forms import ChangePersonForm, LinkForm, NewPersonForm
from webapp.people.listing import COLUMNS, STATES, Wanted, all_people, find_people
from webapp.people.operations import (
    ROLE_WORDS,
    add_person,
    change_person,
    get_person,
    link_for,
    renew_link,
)
from webapp.spreadsheets import send_table


@bp.get("/people")
@may("administer")
def list_people() -> ResponseReturnValue:
    wanted = Wanted.from_query(request.args)
    listing = find_people(wanted, request.args.get("page", 1, int))
    return render_template(
        "people/list.html", listing=listing, wanted=wanted, role_words=ROLE_WORDS, states=STATES
    )


@bp.get("/people.csv")
@may("administer")
def export_people() -> ResponseReturnValue:
    """Send everybody whom the list shows for the same query. Taking it away is noted."""
    note_export("list exported")
    return send_table("people.csv", COLUMNS, all_people(Wanted.from_query(request.args)))


@bp.route("/people/new", methods=["GET", "POST"])
@may("administer")
def new_person() -> ResponseReturnValue:
    """Make an account, with a password or with a link to choose one."""
    form = NewPersonForm()
    if form.validate_on_submit():
        try:
            user = add_person(form.new_details(), form.new_password())
        except Refused as refused:
            refused.mark(form)
        else:
            return _after_new(user)
    page = render_template("people/new.html", form=form)
    return (page, 422) if form.is_submitted() else page


@bp.route("/people/<int:user_id>", methods=["GET", "POST"])
@may("administer")
def edit_person(user_id: int) -> ResponseReturnValue:
    person = get_person(user_id)
    form = ChangePersonForm(obj=person)
    if form.validate_on_submit():
        details = form.details(person.username, active=form.active.data)
        try:
            change_person(person, details, by=current_user)
        except Refused as refused:
            refused.mark(form)
        else:
            flash(_("%(name)s is saved.", name=person.name))
            return redirect(url_for("people.list_people"), 303)
    page = render_template(
        "people/edit.html", form=form, person=person, link_form=LinkForm(formdata=None, by_mail=True)
    )
    return (page, 422) if form.is_submitted() else page


@bp.get("/people/<int:user_id>/link")
@may("administer")
def show_link(user_id: int) -> ResponseReturnValue:
    """Show the link with which the person sets a password, to be handed on."""
    person = get_person(user_id)
    if not person.active:
        flash(_("%(name)s may not sign in, so no link would work.", name=person.name), "warn")
        return redirect(url_for("people.edit_person", user_id=person.id), 303)
    lasts = purpose_for(person).lasts
    return render_template("people/link.html", person=person, link=link_for(person), lasts=lasts)


@bp.post("/people/<int:user_id>/link")
@may("administer")
def make_link(user_id: int) -> ResponseReturnValue:
    person = get_person(user_id)
    form = LinkForm()
    if person.active:
        _renew(person, by_mail=form.by_mail.data)
    return redirect(url_for("people.show_link", user_id=person.id), 303)


@bp.post("/people/<int:user_id>/look")
@may("administer")
def look_as(user_id: int) -> ResponseReturnValue:
    """Sign in as the person, to see what they see."""
    person = get_person(user_id)
    try:
        identity.look_as(person)
    except identity.CannotLook:
        abort(403, _("Nobody can be signed in as an admin, or as somebody who may not sign in."))
    return redirect(url_for("courses.index"), 303)


def _after_new(user: User) -> ResponseReturnValue:
    if user.password_hash:
        flash(_("%(name)s can sign in now, as %(username)s.", name=user.name, username=user.username))
        return redirect(url_for("people.list_people"), 303)
    _renew(user, by_mail=True)
    return redirect(url_for("people.show_link", user_id=user.id), 303)


def _renew(person: User, *, by_mail: bool) -> None:
    renew_link(person, by_mail=by_mail)
    if by_mail and person.email:
        flash(_("A mail with the link is on its way to %(email)s.", email=person.email))
