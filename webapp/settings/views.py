"""The page of the settings."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.models.setting import DEFAULTS
from webapp.permissions import current_user, may
from webapp.settings import bp
from webapp.settings.forms import SettingsForm
from webapp.settings.operations import all_settings, change_settings, last_changes


@bp.route("/settings", methods=["GET", "POST"])
@may("administer")
def show_settings() -> ResponseReturnValue:
    form = SettingsForm(data=all_settings())
    if form.validate_on_submit():
        is_changed = change_settings(form.chosen(), by=current_user)
        flash("Saved. It counts from now on." if is_changed else "Nothing was changed.", "ok")
        return redirect(url_for("settings.show_settings"), 303)
    page = render_template("settings/show.html", form=form, changes=last_changes(), defaults=DEFAULTS)
    return (page, 422) if form.is_submitted() else page
