"""Which backups there are, and what can be done with one as it lies there."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.engine.undo import added_by, adds, undo_until
from jobs.language import gettext as _
from webapp.access.permissions import current_user, may, signed_in
from webapp.backups import bp, operations
from webapp.backups.incoming import size_limit
from webapp.backups.naming import NameForm
from webapp.extensions import db
from webapp.job_requests.live import Live, follow
from webapp.job_requests.quotas import quota_of
from webapp.models import Course


@bp.get("/backups")
@signed_in
def my_backups() -> ResponseReturnValue:
    """The person's backups in all courses, and the place to bring a file."""
    return my_backups_page()


def my_backups_page(upload_problem: str = "") -> str:
    """The page, with what was wrong with a file that was just brought."""
    search = request.args.get("q", "").strip()
    listed = operations.backups_for(current_user, request.args.get("page", 1, int), search)
    return render_template(
        "backups/mine.html",
        search=search,
        listed=listed,
        courses=operations.courses_of(listed.rows),
        work=operations.work_of(current_user),
        quota=quota_of(db.session(), current_user.id),
        may_restore=operations.may_restore_somewhere(current_user),
        size_limit=size_limit(),
        upload_problem=upload_problem,
    )


@bp.get("/courses/<int:course_id>/backups")
@may("back up")
def list_backups(course_id: int) -> ResponseReturnValue:
    """The backups of one course, with those being made and those that did not finish."""
    course, search = operations.get_course(course_id), request.args.get("q", "").strip()
    return render_template(
        "backups/list.html",
        course=course,
        search=search,
        listed=operations.backups_of(course, request.args.get("page", 1, int), search),
        kept=operations.kept(course),
        under_way=operations.backups_under_way(course),
        failed=operations.backups_that_failed(course),
        undo_until=undo_until(course_id),
        undo_takes_out=adds(course_id),
        added_by=added_by(course_id),
        may_restore=operations.may_restore_somewhere(current_user),
        size_limit=size_limit(),
        upload_problem="",
    )


@bp.get("/backups/live")
@signed_in
def live_mine() -> ResponseReturnValue:
    """What is new among the person's backups; their list asks for it again and again. Reads only."""
    work, own = operations.work_of(current_user), operations.is_work_of(current_user)
    return _news(follow(request.args.get("told", ""), work, own), None, url_for("backups.my_backups"))


@bp.get("/courses/<int:course_id>/backups/live")
@may("back up")
def live_backups(course_id: int) -> ResponseReturnValue:
    """The same among the backups of a course."""
    course = operations.get_course(course_id)
    work, theirs = operations.backups_under_way(course), operations.is_backup_of(course)
    here = url_for("backups.list_backups", course_id=course_id)
    return _news(follow(request.args.get("told", ""), work, theirs), course, here)


def _news(found: Live, course: Course | None, here: str) -> str:
    return render_template(
        "backups/_live.html",
        found=found,
        course=course,
        courses={job.course_id: job.course for job in found.changed if job.course},
        here=here,
        address=request.path,
        may_restore=operations.may_restore_somewhere(current_user),
    )


@bp.get("/archives/<int:archive_id>/download")
@may("use archive")
def download(archive_id: int) -> ResponseReturnValue:
    archive = operations.get_archive(archive_id)
    answer = operations.send_archive(archive)
    if request.method == "GET":
        operations.note_download(archive)
    return answer


@bp.route("/archives/<int:archive_id>/name", methods=["GET", "POST"])
@may("use archive")
def name_backup(archive_id: int) -> ResponseReturnValue:
    """Say what a backup is called, and what there is to note about it."""
    archive = operations.get_archive(archive_id)
    form = NameForm(data={"archive_name": archive.name, "note": archive.note})
    if form.validate_on_submit():
        operations.rename(archive_id, **form.chosen())
        flash(_("Saved."))
        return redirect(_list_of(archive.course), 303)
    page = render_template("backups/name.html", archive=archive, form=form)
    return (page, 422) if form.is_submitted() else page


@bp.route("/archives/<int:archive_id>/delete", methods=["GET", "POST"])
@may("use archive")
def delete_backup(archive_id: int) -> ResponseReturnValue:
    """Ask first, then delete the backup."""
    archive = operations.get_archive(archive_id)
    if request.method == "GET":
        return render_template("backups/delete.html", archive=archive)
    course, filename = archive.course, archive.filename
    if operations.delete_archive(archive_id):
        flash(_("“%(filename)s” is deleted.", filename=filename))
    else:
        flash(_("“%(filename)s” is being restored. It can be deleted after that.", filename=filename), "bad")
    return redirect(_list_of(course), 303)


def _list_of(course: Course | None) -> str:
    """The address of the list that a backup of the course is in."""
    return url_for("backups.list_backups", course_id=course.id) if course else url_for("backups.my_backups")
