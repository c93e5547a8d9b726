"""Copies of courses, duplicates of sections and activities, and imports from another course."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("copies", __name__)

from webapp.copies import copy_views, duplicate_views, import_views, move_views  # noqa: E402

__all__ = ["bp", "copy_views", "duplicate_views", "import_views", "move_views"]
