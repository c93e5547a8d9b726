"""Signing in and out."""

from __future__ import annotations

import logging

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.access import identity
from webapp.access.permissions import current_user, nobody_yet, public
from webapp.accounts import bp
from webapp.accounts.forms import SignInForm
from webapp.accounts.operations import check_sign_in
from webapp.accounts.tries import WINDOW, TooManyTries
from webapp.pages.links import local_path

log = logging.getLogger(__name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask who it is; on the right answer go on to the page that was asked for."""
    onward = local_path(request.args.get("next", ""))
    there = onward or url_for("courses.index")
    if current_user:
        return redirect(there, 303)
    form, is_wrong = SignInForm(), False
    if form.validate_on_submit():
        name, password = form.username.data or "", form.password.data or ""
        user = check_sign_in(name, password, address=request.remote_addr or "")
        if user is not None:
            identity.sign_in(user, remember=form.remember.data)
            return redirect(there, 303)
        is_wrong = True
    page = render_template(
        "accounts/sign_in.html", form=form, onward=onward or None, is_wrong=is_wrong, is_empty=nobody_yet()
    )
    return (page, 422) if form.is_submitted() else page


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    identity.sign_out()
    return redirect(url_for("accounts.sign_in"), 303)


@bp.errorhandler(TooManyTries)
def show_too_many(_error: TooManyTries) -> ResponseReturnValue:
    """Answer whatever needs a password, once there were too many wrong ones."""
    log.warning("too many tries with passwords")
    seconds = int(WINDOW.total_seconds())
    return render_template("accounts/too_many.html"), 429, {"Retry-After": str(seconds)}
