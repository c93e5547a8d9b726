"""One's own account."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access import identity
from webapp.access.directory import Refused
from webapp.access.passwords import WeakPassword
from webapp.access.permissions import current_user, themselves
from webapp.access.sign_ins import devices_of
from webapp.accounts import bp
from webapp.accounts.forms import AccountForm, ChangePasswordForm
from webapp.accounts.operations import change_account, change_password


@bp.route("/account", methods=["GET", "POST"])
@themselves
def account() -> ResponseReturnValue:
    form = AccountForm(obj=current_user)
    if form.validate_on_submit():
        typed, address = form.password.data or "", request.remote_addr or ""
        try:
            change_account(current_user, form.changes(), typed, address=address)
        except Refused as refused:
            refused.mark(form)
        else:
            flash(_("Saved."))
            return redirect(url_for("accounts.account"), 303)
    page = _page(form, ChangePasswordForm(formdata=None))
    return (page, 422) if form.is_submitted() else page


@bp.post("/account/password", endpoint="change_password")
@themselves
def change_own_password() -> ResponseReturnValue:
    """Set a new password; this browser stays signed in, and no other."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        current, new = form.current_password.data or "", form.new_password.data or ""
        try:
            user = change_password(current_user, current, new, address=request.remote_addr or "")
        except WeakPassword as weak:
            form.new_password.errors = [str(weak)]
        except Refused as refused:
            refused.mark(form)
        else:
            identity.stay_signed_in(user)
            flash(_("Your password is changed. Wherever else you were signed in, you are signed out now."))
            return redirect(url_for("accounts.account"), 303)
    own = AccountForm(formdata=None, obj=current_user)
    return _page(own, form), 422


def _page(form: AccountForm, password_form: ChangePasswordForm) -> str:
    return render_template(
        "accounts/account.html",
        form=form,
        password_form=password_form,
        devices=devices_of(current_user),
        this_one=identity.this_sign_in(),
    )
