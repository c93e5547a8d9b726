"""What admins decide about the line of jobs: which one is first, and whether anything begins at all."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from jobs import pause, queue
from jobs.language import gettext as _
from webapp.access.permissions import current_user, may
from webapp.pages.links import local_path
from webapp.progress import bp
from webapp.progress.operations import get_job


@bp.post("/jobs/<int:job_id>/first")
@may("administer")
def put_job_first(job_id: int) -> ResponseReturnValue:
    """Have a job that waits begin before all others."""
    if queue.put_first(get_job(job_id).id):
        flash(_("It begins next."))
    else:
        flash(_("It does not wait for its turn any more."), "warn")
    return redirect(local_path(request.form.get("back", "")) or url_for("progress.list_jobs"), 303)


@bp.post("/jobs/pause")
@may("administer")
def pause_jobs() -> ResponseReturnValue:
    if pause.pause(current_user.id):
        flash(_("Paused. What runs goes on to its end, and nothing else begins."))
    return redirect(url_for("progress.list_jobs"), 303)


@bp.post("/jobs/resume")
@may("administer")
def resume_jobs() -> ResponseReturnValue:
    if pause.resume(current_user.id):
        flash(_("Work goes on within seconds."))
    return redirect(url_for("progress.list_jobs"), 303)
