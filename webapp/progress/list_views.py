"""All jobs that concern somebody."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs import queue
from jobs.language import ngettext
from jobs.pause import is_paused
from webapp.access.permissions import can, current_user, may, signed_in
from webapp.job_requests.live import follow
from webapp.models import JobKind
from webapp.progress import bp, lists
from webapp.progress.filters import STANDINGS, Wanted
from webapp.progress.forms import FilterForm
from webapp.progress.history import HEIGHT, LATELY, MOST, WIDTH, history_of
from webapp.progress.operations import SHOWN_KINDS


@bp.get("/jobs/live")
@signed_in
def live_jobs() -> ResponseReturnValue:
    """What is new of such a list, which asks for it again and again. Reads only."""
    standing, page = request.args.get("show", "now"), request.args.get("page", 1, int)
    if standing not in STANDINGS:
        abort(404)
    form = FilterForm(request.args)
    wanted = form.wanted(standing) if can("administer") else Wanted(standing)
    listed = lists.listed_jobs(wanted, current_user, page)
    more: dict[str, Any] = {**wanted.narrowing, "show": standing, "page": page}
    return render_template(
        "progress/_live_jobs.html",
        address=url_for("progress.live_jobs", **more),
        here=url_for("progress.list_jobs", **more),
        found=follow(request.args.get("told", ""), listed.rows, lists.seen_by(current_user)),
    )


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


@bp.post("/jobs/dismiss")
@signed_in
def dismiss_listed() -> ResponseReturnValue:
    """Take note of all failed jobs of the list as it is narrowed down; other people's only for an admin."""
    wanted = FilterForm(request.form).wanted("failed") if can("administer") else Wanted("failed")
    number = queue.dismiss(*lists.failed_ids(wanted, current_user))
    flash(
        ngettext(
            "%(num)s job dismissed. You still find them under Finished.",
            "%(num)s jobs dismissed. You still find them under Finished.",
            number,
        )
    )
    back: dict[str, Any] = {**wanted.narrowing, "show": "failed"}
    return redirect(url_for("progress.list_jobs", **back), 303)


@bp.get("/jobs/history")
@may("administer")
def show_history() -> ResponseReturnValue:
    """How long jobs of one kind took lately, and how large they were."""
    kind = request.args.get("kind", JobKind.BACKUP)
    if kind not in list(SHOWN_KINDS):
        abort(404)
    return render_template(
        "progress/history.html",
        history=history_of(JobKind(kind)),
        kinds=SHOWN_KINDS,
        most=MOST,
        days=LATELY.days,
        width=WIDTH,
        height=HEIGHT,
    )
