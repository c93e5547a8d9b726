"""Courses in the browser: the list, the course page, its activities, and editing them."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("courses", __name__)

from webapp.courses import (  # noqa: E402
    activity_edit_views,
    activity_views,
    bank_views,
    besides_views,
    course_views,
    file_views,
    folder_views,
    grade_views,
    guarding,
    holdings_views,
    list_views,
    question_views,
    section_views,
    text_views,
)

__all__ = [
    "activity_edit_views", "activity_views", "bank_views", "besides_views", "bp", "course_views", "file_views",
    "folder_views", "grade_views", "guarding", "holdings_views", "list_views", "question_views",
    "section_views", "text_views",
]  # fmt: skip
