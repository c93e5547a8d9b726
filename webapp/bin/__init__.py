"""What was deleted and can still be put back: the bin of a course, and that of the site’s courses."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("bin", __name__)

from webapp.bin import course_views, part_views  # noqa: E402
from webapp.bin.listing import count_of_course, count_of_courses  # noqa: E402

__all__ = ["bp", "count_of_course", "count_of_courses", "course_views", "part_views"]
