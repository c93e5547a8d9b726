"""All files of a course, for its teachers to look through."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.access.permissions import may
from webapp.content.lookups import activities_of
from webapp.courses import bp
from webapp.courses.finding import get_course
from webapp.courses.holdings.holders import Holders
from webapp.courses.holdings.kinds import WORDS
from webapp.courses.holdings.listing import ORDERS, Wanted, page_of_files
from webapp.courses.holdings.totals import MOST_HOLDERS, totals_of


@bp.get("/courses/<int:course_id>/files")
@may("see people")
def list_files(course_id: int) -> ResponseReturnValue:
    """Show the files with where they are used, and what takes the space."""
    course = get_course(course_id)
    holders = Holders(activities_of(course.version_id))
    wanted = Wanted.from_query(request.args)
    page = page_of_files(course, holders, wanted, request.args.get("page", 1, int))
    return render_template(
        "courses/files.html", course=course, wanted=wanted, files=page, totals=totals_of(course, holders),
        kinds=WORDS, orders=ORDERS, most_holders=MOST_HOLDERS,
    )  # fmt: skip
