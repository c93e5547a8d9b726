"""Which backups there are, and what can be done with one as it lies there."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.engine.undo import adds, undo_until
from webapp.backups import bp, operations
from webapp.backups.incoming import size_limit
from webapp.extensions import db
from webapp.permissions import current_user, may, signed_in
from webapp.quotas import quota_of


@bp.get("/backups")
@signed_in
def my_backups() -> ResponseReturnValue:
    """The person's backups in all courses, and the place to bring a file."""
    return my_backups_page()


def my_backups_page(upload_problem: str = "") -> str:
    """The page, with what was wrong with a file that was just brought."""
    listed = operations.backups_for(current_user, request.args.get("page", 1, int))
    return render_template(
        "backups/mine.html",
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
    course = operations.get_course(course_id)
    return render_template(
        "backups/list.html",
        course=course,
        listed=operations.backups_of(course, request.args.get("page", 1, int)),
        kept=operations.kept(course),
        under_way=operations.backups_under_way(course),
        failed=operations.backups_that_failed(course),
        undo_until=undo_until(course_id),
        undo_takes_out=adds(course_id),
        may_restore=operations.may_restore_somewhere(current_user),
        size_limit=size_limit(),
        upload_problem="",
    )


@bp.get("/archives/<int:archive_id>/download")
@may("use archive")
def download(archive_id: int) -> ResponseReturnValue:
    archive = operations.get_archive(archive_id)
    answer = operations.send_archive(archive)
    if request.method == "GET":
        operations.note_download(archive)
    return answer


@bp.route("/archives/<int:archive_id>/delete", methods=["GET", "POST"])
@may("use archive")
def delete_backup(archive_id: int) -> ResponseReturnValue:
    """Ask first, then delete the backup."""
    archive = operations.get_archive(archive_id)
    if request.method == "GET":
        return render_template("backups/delete.html", archive=archive)
    course, filename = archive.course, archive.filename
    if operations.delete_archive(archive_id):
        flash(f"“{filename}” is deleted.")
    else:
        flash(f"“{filename}” is being restored. It can be deleted after that.", "bad")
    there = url_for("backups.list_backups", course_id=course.id) if course else url_for("backups.my_backups")
    return redirect(there, 303)
