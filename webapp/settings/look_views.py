"""What every page fetches of the school's own look, and the place to bring a logo."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import current_user, may, public
from webapp.pages.serving import restrain
from webapp.settings import bp
from webapp.settings.look import LARGEST_LOGO, LogoRefused, find_logo
from webapp.settings.operations import change_logo
from webapp.settings.views import group_page
from webapp.site_settings import palette

#: Addresses change with what they lead to.
FOR_EVER = "public, max-age=31536000, immutable"


@bp.get("/site/colours/<name>.css")
@public
def send_colour(name: str) -> ResponseReturnValue:
    """The stylesheet of a colour, or the samples of all."""
    if name == "swatches":
        return _stylesheet(palette.swatches())
    return _stylesheet(palette.stylesheet(name)) if name in palette.COLOURS else abort(404)


@bp.get("/site/logo/<mark>")
@public
def send_logo(mark: str) -> ResponseReturnValue:
    logo = find_logo(mark) or abort(404)
    answer = restrain(Response(logo.body, mimetype=logo.type), logo.type)
    answer.headers["Cache-Control"] = FOR_EVER
    return answer


@bp.post("/settings/school/logo")
@may("administer")
def bring_logo() -> ResponseReturnValue:
    file = request.files.get("logo")
    try:
        change_logo(file.stream.read(LARGEST_LOGO + 1) if file else b"", by=current_user)
    except LogoRefused as refused:
        return group_page("school", logo_problem=str(refused)), 422
    flash(_("This is the logo from now on."), "ok")
    return redirect(url_for("settings.show_settings", name="school"), 303)


def _stylesheet(text: str) -> Response:
    answer = Response(text, mimetype="text/css")
    answer.headers["Cache-Control"] = FOR_EVER
    return answer
