"""One round of automatic backups: beginning it, how it goes, and its end."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _
from webapp.access.permissions import current_user, may
from webapp.automated import bp, operations


@bp.post("/settings/automatic/run")
@may("administer")
def begin_run() -> ResponseReturnValue:
    """Begin a round now, whatever the schedule says."""
    run, is_new = operations.begin_now(by=current_user)
    if not is_new:
        flash(_("A round is under way already. This is it."), "warn")
    return redirect(url_for("automated.show_run", run_id=run.id), 303)


@bp.get("/settings/automatic/runs/<int:run_id>")
@may("administer")
def show_run(run_id: int) -> ResponseReturnValue:
    """How a round went, course by course; what failed comes first."""
    run = operations.get_run(run_id)
    return render_template(
        "automated/run.html",
        run=run,
        summary=operations.summary_of(run),
        is_anybody_at_work=operations.is_anybody_at_work(),
    )


@bp.post("/settings/automatic/runs/<int:run_id>/stop")
@may("administer")
def stop_run(run_id: int) -> ResponseReturnValue:
    """Back up no further course."""
    is_stopped = operations.stop_run(operations.get_run(run_id))
    flash(
        _("The round stops. What was backed up is kept.") if is_stopped else _("The round was over already."),
        "ok",
    )
    return redirect(url_for("automated.show_run", run_id=run_id), 303)
