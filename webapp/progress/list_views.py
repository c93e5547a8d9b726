"""All jobs that concern somebody."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from jobs.pause import is_paused
from webapp.permissions import can, current_user, signed_in
from webapp.progress import bp, lists
from webapp.progress.filters import STANDINGS, Wanted
from webapp.progress.forms import FilterForm
from webapp.progress.operations import SHOWN_KINDS


@bp.get("/jobs")
@signed_in
def list_jobs() -> ResponseReturnValue:
    """The person's own jobs; to admins everybody's, and how the work goes."""
    standing = request.args.get("show", "now")
    if standing not in STANDINGS:
        abort(404)
    form = FilterForm(request.args)
    wanted = form.wanted(standing) if can("administer") else Wanted(standing)
    at_work = lists.workers() if can("administer") else []
    return render_template(
        "progress/list.html",
        form=form,
        wanted=wanted,
        kinds=SHOWN_KINDS,
        standings=STANDINGS,
        counts=lists.counts(current_user),
        listed=lists.listed_jobs(wanted, current_user, request.args.get("page", 1, int)),
        workers=at_work,
        health=lists.health_words(at_work) if can("administer") else "",
        is_paused=is_paused(),
        oldest=lists.oldest_in_line() if can("administer") else None,
    )
