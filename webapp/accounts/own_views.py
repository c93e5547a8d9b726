"""Somebody’s own page: their courses, work, messages and room in one place."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.access.permissions import current_user, themselves
from webapp.accounts import bp
from webapp.accounts.own_page import own_page, work_of
from webapp.job_requests.live import follow
from webapp.models import Job


@bp.get("/me")
@themselves
def show_own_page() -> ResponseReturnValue:
    return render_template("accounts/own.html", own=own_page(current_user))


@bp.get("/me/live")
@themselves
def live_own_work() -> ResponseReturnValue:
    """What is new of the work on that page, which asks for it again and again. Reads only."""
    return render_template(
        "progress/_live_jobs.html",
        address=url_for("accounts.live_own_work"),
        here=url_for("accounts.show_own_page"),
        found=follow(request.args.get("told", ""), work_of(current_user), Job.user_id == current_user.id),
    )
