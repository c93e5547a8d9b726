"""Where one chooses between light and dark."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import signed_in
from webapp.accounts import bp
from webapp.accounts.look import LOOKS, remember_look


@bp.route("/account/look", methods=["GET", "POST"])
@signed_in
def look() -> ResponseReturnValue:
    """Ask, and keep the answer in the browser that was asked."""
    if request.method == "GET":
        return render_template("accounts/look.html", looks=LOOKS)
    answer = make_response(redirect(url_for("accounts.look"), 303))
    remember_look(answer, request.form.get("look", ""))
    flash(_("Changed, in this browser."))
    return answer
