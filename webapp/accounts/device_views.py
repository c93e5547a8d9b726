"""Where one is signed in, and ending that; and the way back of an admin who looks as somebody else."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access import identity
from webapp.access.permissions import current_user, signed_in, themselves
from webapp.accounts import bp
from webapp.accounts.operations import end_device, end_other_devices


@bp.post("/account/devices/<int:sign_in_id>/end", endpoint="end_device")
@themselves
def end_one_device(sign_in_id: int) -> ResponseReturnValue:
    """Sign out one browser; the one that asks itself signs out by its own button."""
    if end_device(current_user, sign_in_id):
        flash(_("That browser is signed out."))
    return redirect(url_for("accounts.account", _anchor="devices"), 303)


@bp.post("/account/devices/end-others")
@themselves
def end_others() -> ResponseReturnValue:
    end_other_devices(current_user, identity.this_sign_in())
    flash(_("Wherever else you were signed in, you are signed out now."))
    return redirect(url_for("accounts.account", _anchor="devices"), 303)


@bp.post("/go-back")
@signed_in
def go_back() -> ResponseReturnValue:
    """End looking as somebody else; leads to the page of whom one looked as."""
    looked_as = identity.go_back()
    if looked_as is None:
        return redirect(url_for("courses.index"), 303)
    return redirect(url_for("people.edit_person", user_id=looked_as.id), 303)
