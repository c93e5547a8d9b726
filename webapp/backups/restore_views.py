"""From a backup file to a course: asking for it, answering what and where, taking it back."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.engine.undo import added_by, adds, undo_restore, undo_until
from jobs.language import gettext as _
from jobs.problems import JobProblem
from webapp.access.permissions import current_user, may
from webapp.backups import bp
from webapp.backups.in_file import activity_ids, names_in, section_title
from webapp.backups.incoming import ask_for_restore, asked_at
from webapp.backups.operations import get_archive, get_course, may_restore_somewhere
from webapp.backups.restore_form import ASKED, STEPS, RestoreForm, chosen_before
from webapp.backups.reviewing import Review, get_waiting, give_answer, look_at, needs_of, review_of
from webapp.content.kinds import kind_word
from webapp.estimates.times import seconds_for, usually
from webapp.job_requests.streaming import begin_and_show
from webapp.models import JobKind, JobState, get_setting


@bp.route("/archives/<int:archive_id>/restore", methods=["GET", "POST"])
@may("use archive")
def restore_archive(archive_id: int) -> ResponseReturnValue:
    """Have a backup read; nothing changes until the person has seen what is in it."""
    if not may_restore_somewhere(current_user):
        abort(403)
    archive = get_archive(archive_id)
    if request.method == "GET":
        return render_template("backups/restore.html", archive=archive)
    job, is_new = ask_for_restore(archive, current_user, asked_at(request.form, archive.course_id))
    return begin_and_show(job, is_new=is_new)


@bp.get("/restores/<int:job_id>")
@may("steer job")
def review_restore(job_id: int) -> ResponseReturnValue:
    """One step towards a restore; what was chosen in the others stands in the address."""
    job, archive = get_waiting(job_id)
    if job.state != JobState.WAITING or archive is None:
        return redirect(url_for("progress.show_job", job_id=job_id), 303)
    review = review_of(job, archive, job.user)
    form = RestoreForm(data=review.proposal() | chosen_before(request.args))
    form.offer(review)
    step = request.args.get("step", "")
    return _step(review, form, step if step in ASKED else "contents")


@bp.post("/restores/<int:job_id>")
@may("steer job")
def answer_restore(job_id: int) -> ResponseReturnValue:
    """Go to the step that is asked for with what was chosen; without one, have it restored."""
    job, archive = get_waiting(job_id)
    if job.state != JobState.WAITING or archive is None:
        return redirect(url_for("progress.show_job", job_id=job_id), 303)
    review, form = review_of(job, archive, job.user), RestoreForm()
    form.offer(review)
    try:
        is_valid, step = form.validate(), _asked_for(form)
        if step:
            address: dict[str, Any] = {"job_id": job_id, **form.chosen(), **step}
            return redirect(url_for("backups.review_restore", **address), 303)
    except ValueError:
        abort(400)
    if is_valid and give_answer(job, form.options()):
        return begin_and_show(job)
    if is_valid:
        form.course_id.errors = [
            _("Another restore into this course is under way. Wait for it, or cancel it.")
        ]
    return _step(review, form, form.first_wrong() or "contents"), 422


@bp.post("/restores/<int:job_id>/left-out")
@may("steer job")
def left_out_of_restore(job_id: int) -> str:
    """Say what needs what is being left out, while somebody still chooses."""
    job, archive = get_waiting(job_id)
    if job.state != JobState.WAITING or archive is None:
        abort(404)
    form = RestoreForm()
    form.offer(review_of(job, archive, job.user))
    return render_template("backups/_left_out.html", address=request.path, needs=_needs(form))


def _needs(form: RestoreForm) -> list[str]:
    options = {"people": form.brings_people} | form.left_out_options()
    return needs_of(form.review.job, form.review.archive, options)


def _asked_for(form: RestoreForm) -> dict[str, str]:
    """The step that is gone to, if it can be gone to; what is ticked for all or nothing is seen where it is."""
    if pick := request.form.get("pick"):
        return {"step": "contents", "out": form.pick(pick)}
    to, wrong = request.form.get("go", ""), form.first_wrong()
    return {"step": to} if to in STEPS and not (wrong and _is_before(wrong, to)) else {}


def _is_before(step: str, other: str) -> bool:
    order = list(STEPS)
    return order.index(step) < order.index(other)


def _step(review: Review, form: RestoreForm, step: str) -> str:
    """The page of one step."""
    order, is_last = list(STEPS), step == "review"
    place = order.index(step)
    look = look_at(review.job, review.archive, form.options()) if is_last else {"needs": _needs(form)}
    return render_template(
        "backups/review.html",
        review=review,
        form=form,
        step=step,
        steps=STEPS,
        step_before=order[place - 1],
        next_step="" if is_last else order[place + 1],
        look=look,
        time_words=usually(seconds_for(review.archive.size, JobKind.RESTORE)),
        undo_days=get_setting("undo_days"),
        kind_word=kind_word,
        kinds=form.kinds,
        section_title=section_title,
        offered_activities=activity_ids(review.choices),
        absent=names_in(review.choices, form.left_out) if is_last else [],
    )


@bp.route("/courses/<int:course_id>/undo", methods=["GET", "POST"])
@may("restore")
def undo(course_id: int) -> ResponseReturnValue:
    """Ask first, then put back what was in the course before, or take out what was added."""
    course, until = get_course(course_id), undo_until(course_id)
    if request.method == "GET" and until is not None:
        return render_template(
            "backups/undo.html",
            course=course,
            until=until,
            adds=adds(course_id),
            added_by=added_by(course_id),
        )
    try:
        if request.method == "POST" and undo_restore(course_id):
            flash(_("The course is as it was before."))
            return redirect(url_for("courses.show_course", course_id=course_id), 303)
    except JobProblem as problem:
        flash(str(problem), "bad")
        return redirect(url_for("backups.list_backups", course_id=course_id), 303)
    flash(_("There is nothing to put back any more."), "bad")
    return redirect(url_for("backups.list_backups", course_id=course_id), 303)
