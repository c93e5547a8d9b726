"""From a backup file to a course: asking for it, answering what and where, taking it back."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.engine.undo import adds, undo_restore, undo_until
from jobs.problems import JobProblem
from webapp.backups import bp
from webapp.backups.incoming import ask_for_restore
from webapp.backups.operations import get_archive, get_course, may_restore_somewhere
from webapp.backups.restore_form import RestoreForm, looked_at
from webapp.backups.reviewing import get_waiting, give_answer, look_at, review_of
from webapp.content.kinds import kind_word
from webapp.models import JobState, get_setting
from webapp.permissions import current_user, may
from webapp.streaming import begin_and_show


@bp.route("/archives/<int:archive_id>/restore", methods=["GET", "POST"])
@may("use archive")
def restore_archive(archive_id: int) -> ResponseReturnValue:
    """Have a backup read; nothing changes until the person has seen what is in it."""
    if not may_restore_somewhere(current_user):
        abort(403)
    archive = get_archive(archive_id)
    if request.method == "GET":
        return render_template("backups/restore.html", archive=archive)
    asked_from = request.form.get("course_id", archive.course_id, int)
    job, is_new = ask_for_restore(archive, current_user, asked_from)
    return begin_and_show(job, is_new=is_new)


@bp.route("/restores/<int:job_id>", methods=["GET", "POST"])
@may("steer job")
def review_restore(job_id: int) -> ResponseReturnValue:
    """Show what is in the file, ask where it should go, then restore."""
    job, archive = get_waiting(job_id)
    if job.state != JobState.WAITING or archive is None:
        return redirect(url_for("progress.show_job", job_id=job_id), 303)
    review = review_of(job, archive, job.user)
    asked = looked_at(request.args)
    form = RestoreForm(data=review.proposal() | asked)
    form.offer(review)
    if form.validate_on_submit():
        if form.look.data:
            return redirect(
                url_for("backups.review_restore", job_id=job_id, **form.chosen(), _anchor="go"), 303
            )
        if give_answer(job, form.options()):
            return begin_and_show(job)
        form.course_id.errors = ["Another restore into this course is under way. Wait for it, or cancel it."]
    look = look_at(job, archive, form.options()) if asked and not form.is_submitted() else None
    page = render_template(
        "backups/review.html",
        review=review,
        form=form,
        look=look,
        undo_days=get_setting("undo_days"),
        kind_word=kind_word,
    )
    return (page, 422) if form.is_submitted() else page


@bp.route("/courses/<int:course_id>/undo", methods=["GET", "POST"])
@may("restore")
def undo(course_id: int) -> ResponseReturnValue:
    """Ask first, then put back what was in the course before, or take out what was added."""
    course, until = get_course(course_id), undo_until(course_id)
    if request.method == "GET" and until is not None:
        return render_template("backups/undo.html", course=course, until=until, adds=adds(course_id))
    try:
        if request.method == "POST" and undo_restore(course_id):
            flash("The course is as it was before.")
            return redirect(url_for("courses.show_course", course_id=course_id), 303)
    except JobProblem as problem:
        flash(str(problem), "bad")
        return redirect(url_for("backups.list_backups", course_id=course_id), 303)
    flash("There is nothing to put back any more.", "bad")
    return redirect(url_for("backups.list_backups", course_id=course_id), 303)
