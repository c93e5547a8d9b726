"""All jobs that concern somebody."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from webapp.permissions import can, current_user, signed_in
from webapp.progress import bp, lists


@bp.get("/jobs")
@signed_in
def list_jobs() -> ResponseReturnValue:
    """The person's own jobs; to admins everybody's, and how the work goes."""
    tab = request.args.get("show", "now")
    if tab not in lists.TABS:
        abort(404)
    at_work = lists.workers() if can("administer") else []
    return render_template(
        "progress/list.html",
        tab=tab,
        tabs=lists.TABS,
        counts=lists.counts(current_user),
        listed=lists.listed_jobs(tab, current_user, request.args.get("page", 1, int)),
        workers=at_work,
        health=lists.health_words(at_work) if can("administer") else "",
    )
