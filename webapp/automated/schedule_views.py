"""The page of the schedule: what is decided, and when the next round begins."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import current_user, may
from webapp.automated import bp, operations
from webapp.automated.forms import ScheduleForm
from webapp.content.catalogue import categories_in_order
from webapp.models import the_schedule, utc_now
from webapp.site_settings.declared import CONTENT


@bp.route("/settings/automatic", methods=["GET", "POST"])
@may("administer")
def show_schedule() -> ResponseReturnValue:
    """Show the schedule and the newest rounds; on POST keep what was chosen."""
    schedule = the_schedule()
    form = ScheduleForm(schedule, categories_in_order())
    if form.validate_on_submit():
        operations.change_schedule(form.chosen(), by=current_user)
        flash(_("Saved. It counts from now on."), "ok")
        return redirect(url_for("automated.show_schedule"), 303)
    listed = operations.newest_runs(request.args.get("page", 1, int))
    page = render_template(
        "automated/schedule.html",
        form=form,
        schedule=schedule,
        kinds=CONTENT,
        next_moment=operations.next_moment(schedule),
        is_anybody_at_work=operations.is_anybody_at_work(),
        clock=utc_now().astimezone().tzname(),
        listed=listed,
        lines=operations.lines_of(listed.rows),
        damaged=operations.count_damaged(),
    )
    return (page, 422) if form.is_submitted() else page
