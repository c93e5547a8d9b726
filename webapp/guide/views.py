"""The first steps with a new installation."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import current_user, may
from webapp.guide import bp
from webapp.guide.steps import all_steps, close_guide


@bp.get("/first-steps")
@may("administer")
def first_steps() -> ResponseReturnValue:
    return render_template("guide/first_steps.html", steps=all_steps())


@bp.post("/first-steps/close")
@may("administer")
def close() -> ResponseReturnValue:
    """Put the guide away; its page stays where it is."""
    close_guide(current_user)
    flash(_("The first steps are put away. You find them again in the menu for help."))
    return redirect(url_for("courses.index"), 303)
