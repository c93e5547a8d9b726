"""The people of a course: those with a role here, those who came with its content, and their groups."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("participants", __name__)

from webapp.participants import group_views, import_views, list_views, member_views  # noqa: E402

__all__ = ["bp", "group_views", "import_views", "list_views", "member_views"]
