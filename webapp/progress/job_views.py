"""One job: its page, the fragment that the page asks for, and what can be done with it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs import queue
from jobs.language import gettext as _
from jobs.pause import is_paused
from webapp.access.permissions import current_user, may
from webapp.job_requests.streaming import begin_and_show, run_and_show
from webapp.models import JobState
from webapp.pages.links import local_path
from webapp.progress import bp
from webapp.progress.operations import begin_again, can_begin_again, get_job


@bp.get("/jobs/<int:job_id>")
@may("see job")
def show_job(job_id: int) -> ResponseReturnValue:
    """The page that follows a job to its end."""
    return render_template(
        "progress/show.html",
        job=get_job(job_id),
        in_background=queue.runs_in_background(),
        is_paused=is_paused(),
    )


@bp.get("/jobs/<int:job_id>/progress")
@may("see job")
def job_progress(job_id: int) -> ResponseReturnValue:
    """The fragment that the page asks for again and again. Reads only."""
    return render_template("progress/_progress.html", job=get_job(job_id), told=request.args.get("told", ""))


@bp.route("/jobs/<int:job_id>/cancel", methods=["GET", "POST"])
@may("steer job")
def cancel_job(job_id: int) -> ResponseReturnValue:
    """Ask first, then have the job stop."""
    job = get_job(job_id)
    if request.method == "POST":
        if not queue.cancel(job_id):
            flash(_("It had ended before it could be cancelled."), "warn")
        return _to(job_id)
    return _to(job_id) if job.is_over else render_template("progress/cancel.html", job=job)


@bp.post("/jobs/<int:job_id>/run")
@may("steer job")
def run_job(job_id: int) -> ResponseReturnValue:
    """Carry out a job that has not begun, in this request, where there is no background work."""
    job = get_job(job_id)
    if queue.runs_in_background() or job.state != JobState.QUEUED:
        return _to(job_id)
    return run_and_show(job_id)


@bp.post("/jobs/<int:job_id>/again")
@may("steer job")
def begin_job_again(job_id: int) -> ResponseReturnValue:
    """Ask for the same as a job that came to nothing."""
    job = get_job(job_id)
    if not can_begin_again(job):
        abort(409)
    again, is_new = begin_again(job, current_user)
    return begin_and_show(again, is_new=is_new)


@bp.post("/jobs/<int:job_id>/dismiss")
@may("steer job")
def dismiss_job(job_id: int) -> ResponseReturnValue:
    """Take note that the job has failed; leads back to the list in which it stood."""
    if queue.dismiss(get_job(job_id).id):
        flash(_("Dismissed. You still find it under Jobs, Finished."))
    return redirect(local_path(request.form.get("back", "")) or url_for("progress.list_jobs"), 303)


def _to(job_id: int) -> ResponseReturnValue:
    return redirect(url_for("progress.show_job", job_id=job_id), 303)
