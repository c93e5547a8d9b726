"""The list of courses to manage."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.access.permissions import current_user, may
from webapp.management import bp
from webapp.management.forms import indented
from webapp.management.listing import (
    NO_CATEGORY,
    ORDERS,
    Wanted,
    categories_for,
    member_counts,
    page_of_courses,
)


@bp.get("/courses/manage")
@may("manage courses")
def list_courses() -> ResponseReturnValue:
    """Show the courses, to tick and do something to several of them."""
    wanted = Wanted.from_query(request.args)
    listed = page_of_courses(current_user, wanted, request.args.get("page", 1, int))
    return render_template(
        "management/list.html", wanted=wanted, listed=listed, members=member_counts(listed.rows),
        categories=indented(categories_for(current_user)), orders=ORDERS, no_category=NO_CATEGORY,
    )  # fmt: skip
