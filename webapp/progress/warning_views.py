"""The warning to whoever edits a course on which a job works."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.busy import busy_jobs
from webapp.permissions import may
from webapp.progress import bp
from webapp.progress.words import warning_mark


@bp.get("/courses/<int:course_id>/warning")
@may("edit course")
def course_warning(course_id: int) -> ResponseReturnValue:
    """The fragment that the page asks for again and again; nothing if there is nothing new. Reads only."""
    jobs = busy_jobs(course_id)
    if request.args.get("told") == warning_mark(jobs):
        return "", 204
    return render_template(
        "progress/_course_warning.html", busy_jobs=jobs, course_id=course_id, is_answer=True
    )
