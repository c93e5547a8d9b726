"""Setting a password without having one: by a link."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.access import identity
from webapp.access.invitations import INVITATION, RESET, Purpose, read_token
from webapp.access.passwords import WeakPassword
from webapp.access.permissions import public
from webapp.accounts import bp
from webapp.accounts.forms import ForgottenForm, NewPasswordForm
from webapp.accounts.operations import LinkSpent, ask_for_reset, sends_mail, set_password_by_link


@bp.route("/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Offer a link to a new password by mail; without a mail server say who can make one."""
    form = ForgottenForm()
    if sends_mail() and form.validate_on_submit():
        ask_for_reset(form.username.data or "", address=request.remote_addr or "")
        return redirect(url_for("accounts.forgotten_sent"), 303)
    page = render_template("accounts/forgotten.html", form=form, sends_mail=sends_mail())
    return (page, 422) if form.is_submitted() else page


@bp.get("/forgotten/sent")
@public
def forgotten_sent() -> ResponseReturnValue:
    return render_template("accounts/forgotten_sent.html", lasts=RESET.lasts)


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def accept_invitation(token: str) -> ResponseReturnValue:
    return _choose_password(token, INVITATION)


@bp.route("/new-password/<token>", methods=["GET", "POST"])
@public
def reset_password(token: str) -> ResponseReturnValue:
    return _choose_password(token, RESET)


def _choose_password(token: str, purpose: Purpose) -> ResponseReturnValue:
    """Ask for the new password; on POST set it, spend the link and sign in."""
    owner = read_token(token, purpose)
    if owner is None:
        return render_template("accounts/link_spent.html"), 410
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            user = set_password_by_link(token, purpose, form.new_password.data or "")
        except WeakPassword as weak:
            form.new_password.errors = [str(weak)]
        except LinkSpent:
            return render_template("accounts/link_spent.html"), 410
        else:
            identity.sign_in(user, remember=False)
            return redirect(url_for("courses.index"), 303)
    page = render_template(
        "accounts/choose_password.html", form=form, owner=owner, is_new=purpose is INVITATION
    )
    return (page, 422) if form.is_submitted() else page
