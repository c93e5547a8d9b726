"""The pages of the settings, one for each group."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import current_user, may
from webapp.settings import bp
from webapp.settings.forms import GroupForm, form_of
from webapp.settings.operations import change_settings, how_they_stand, notes_on, values_of
from webapp.site_settings import GROUPS, SETTINGS, Group, palette

PAGES = {group.name: group for group in GROUPS if group.has_page}


@bp.app_context_processor
def name_pages() -> dict[str, object]:
    return {"setting_groups": PAGES.values()}


@bp.get("/settings")
@bp.route("/settings/<name>", methods=["GET", "POST"])
@may("administer")
def show_settings(name: str = "school") -> ResponseReturnValue:
    group = PAGES.get(name) or abort(404)
    form = form_of(group, values_of(one.name for one in group.everything))
    if form.validate_on_submit():
        is_changed = change_settings(form.chosen(), by=current_user)
        flash(_("Saved. It counts from now on.") if is_changed else _("Nothing was changed."), "ok")
        return _back_to(group)
    page = group_page(name, form)
    return (page, 422) if form.is_submitted() else page


def group_page(name: str, form: GroupForm | None = None, *, logo_problem: str = "") -> str:
    """The page of a group, with a form as it was sent, or with why a picture can't be the logo."""
    group = PAGES[name]
    return render_template(
        "settings/show.html",
        group=group,
        form=form or form_of(group, values_of(one.name for one in group.everything), unsent=True),
        standing=how_they_stand(group.everything),
        notes=notes_on(group),
        logo_problem=logo_problem,
        swatches=url_for("settings.send_colour", name="swatches", v=palette.mark(palette.swatches())),
    )


@bp.post("/settings/<name>/put-back")
@may("administer")
def put_back(name: str) -> ResponseReturnValue:
    """Give one setting of a page the value that it came with."""
    group = PAGES.get(name) or abort(404)
    setting = request.form.get("name", "")
    if setting not in [one.name for one in group.everything]:
        abort(404)
    is_changed = change_settings({setting: SETTINGS[setting].default}, by=current_user)
    flash(_("It is as it came.") if is_changed else _("It was as it came already."), "ok")
    return _back_to(group)


def _back_to(group: Group) -> ResponseReturnValue:
    return redirect(url_for("settings.show_settings", name=group.name), 303)
