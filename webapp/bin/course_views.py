"""The bin of the site: courses that were deleted."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _, ngettext
from webapp.access.permissions import current_user, signed_in
from webapp.bin import bp
from webapp.bin.listing import rows_of_courses
from webapp.bin.operations import find_course, throw_away
from webapp.content.edit import EditRefused
from webapp.content.putting_back import GONE, put_course_back


@bp.get("/bin")
@signed_in
def courses_bin() -> ResponseReturnValue:
    """List the deleted courses that the person may put back."""
    return render_template("bin/courses.html", rows=rows_of_courses(current_user))


@bp.post("/bin/<int:entry_id>/put-back")
@signed_in
def put_course(entry_id: int) -> ResponseReturnValue:
    """Put a course back, and go there."""
    if find_course(current_user, entry_id) is None:
        return _gone()
    try:
        returned = put_course_back(entry_id)
    except EditRefused as refused:
        flash(str(refused), "bad")
        return redirect(url_for("bin.courses_bin"), 303)
    flash(returned.says)
    return redirect(url_for("courses.show_course", course_id=returned.course_id), 303)


@bp.route("/bin/<int:entry_id>/delete", methods=["GET", "POST"])
@signed_in
def delete_course(entry_id: int) -> ResponseReturnValue:
    """Ask, then delete a course for ever."""
    entry = find_course(current_user, entry_id)
    if entry is None:
        return _gone()
    name = entry.name
    if request.method == "GET":
        return render_template("bin/delete.html", course=None, name=name)
    throw_away([entry_id])
    flash(_("“%(name)s” is deleted for ever.", name=name))
    return redirect(url_for("bin.courses_bin"), 303)


@bp.route("/bin/empty", methods=["GET", "POST"])
@signed_in
def empty_courses_bin() -> ResponseReturnValue:
    """Ask, then delete for ever the courses that were in the bin when the question was asked."""
    rows = rows_of_courses(current_user)
    if request.method == "GET":
        return render_template("bin/empty.html", course=None, rows=rows)
    asked = set(request.form.getlist("entry", int))
    gone = throw_away(row.entry.id for row in rows if row.entry.id in asked)
    flash(
        ngettext(
            "The bin is emptied: %(num)s course deleted for ever.",
            "The bin is emptied: %(num)s courses deleted for ever.",
            gone,
        )
    )
    return redirect(url_for("bin.courses_bin"), 303)


def _gone() -> ResponseReturnValue:
    flash(str(GONE), "bad")
    return redirect(url_for("bin.courses_bin"), 303)
