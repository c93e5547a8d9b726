"""The bin of a course: what was deleted from it."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jobs.language import gettext as _, ngettext
from webapp.access.permissions import may
from webapp.bin import bp
from webapp.bin.listing import rows_of_course
from webapp.bin.operations import find_part, throw_away
from webapp.content.edit import EditRefused
from webapp.content.lookups import find_course
from webapp.content.putting_back import GONE, put_back
from webapp.models import BinKind, Course


@bp.get("/courses/<int:course_id>/bin")
@may("edit course")
def course_bin(course_id: int) -> ResponseReturnValue:
    """List what was deleted from the course and can come back."""
    course = _course(course_id)
    return render_template("bin/course.html", course=course, rows=rows_of_course(course))


@bp.post("/courses/<int:course_id>/bin/<int:entry_id>/put-back")
@may("edit course")
def put_part_back(course_id: int, entry_id: int) -> ResponseReturnValue:
    """Put it back where it was, and go there."""
    course = _course(course_id)
    if find_part(course, entry_id) is None:
        return _gone(course)
    try:
        returned = put_back(course, entry_id)
    except EditRefused as refused:
        flash(str(refused), "bad")
        return redirect(url_for("bin.course_bin", course_id=course_id), 303)
    flash(returned.says)
    # What was moved has more to be said of it than where it is: that stands at the top of the page.
    place = f"{'a' if returned.kind == BinKind.ACTIVITY else 's'}{returned.row}"
    anchor = None if returned.is_elsewhere else place
    return redirect(url_for("courses.edit_course", course_id=course_id, _anchor=anchor), 303)


@bp.route("/courses/<int:course_id>/bin/<int:entry_id>/delete", methods=["GET", "POST"])
@may("edit course")
def delete_part(course_id: int, entry_id: int) -> ResponseReturnValue:
    """Ask, then delete it for ever."""
    course = _course(course_id)
    entry = find_part(course, entry_id)
    if entry is None:
        return _gone(course)
    if request.method == "GET":
        return render_template("bin/delete.html", course=course, name=entry.name)
    name = entry.name
    throw_away([entry_id])
    flash(_("“%(name)s” is deleted for ever.", name=name))
    return redirect(url_for("bin.course_bin", course_id=course_id), 303)


@bp.route("/courses/<int:course_id>/bin/empty", methods=["GET", "POST"])
@may("edit course")
def empty_course_bin(course_id: int) -> ResponseReturnValue:
    """Ask, then delete for ever what was in the bin when the question was asked."""
    course = _course(course_id)
    rows = rows_of_course(course)
    if request.method == "GET":
        return render_template("bin/empty.html", course=course, rows=rows)
    asked = set(request.form.getlist("entry", int))
    gone = throw_away(row.entry.id for row in rows if row.entry.id in asked)
    flash(
        ngettext(
            "The bin is emptied: %(num)s thing deleted for ever.",
            "The bin is emptied: %(num)s things deleted for ever.",
            gone,
        )
    )
    return redirect(url_for("bin.course_bin", course_id=course_id), 303)


def _course(course_id: int) -> Course:
    return find_course(course_id) or abort(404)


def _gone(course: Course) -> ResponseReturnValue:
    flash(str(GONE), "bad")
    return redirect(url_for("bin.course_bin", course_id=course.id), 303)
