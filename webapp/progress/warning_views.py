"""The warning to whoever edits a course on which a job works."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.access.permissions import can, may
from webapp.extensions import db
from webapp.job_requests.busy import busy_jobs, work_on
from webapp.models import Course
from webapp.progress import bp
from webapp.progress.words import warning_mark


@bp.get("/courses/<int:course_id>/warning")
@may("edit course")
def course_warning(course_id: int) -> ResponseReturnValue:
    """The fragment that the page asks for again and again; nothing if there is nothing new. Reads only."""
    jobs = busy_jobs(course_id)
    is_same = request.args.get("told") == warning_mark(jobs)
    course = db.session.get_one(Course, course_id)
    more = {"with_work": work_on(course_id)} if "work" in request.args and can("back up", course) else {}
    if is_same and not more.get("with_work"):
        return "", 204
    answer = render_template(
        "progress/_course_warning.html", busy_jobs=jobs, course_id=course_id, is_answer=True, **more
    )
    # What is read aloud is not written again where it is the same.
    return answer, 200, {"HX-Reswap": "none"} if is_same else {}


@bp.get("/courses/<int:course_id>/work")
@may("back up")
def course_work(course_id: int) -> ResponseReturnValue:
    """What goes on in the course, or with one activity of it, for pages that show no warning. Reads only."""
    activity_id = request.args.get("activity_id", None, int)
    address = url_for("progress.course_work", course_id=course_id, activity_id=activity_id)
    return render_template(
        "progress/_course_work.html", work=work_on(course_id, activity_id), work_address=address
    )
