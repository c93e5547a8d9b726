"""Courses by the dozen: the categories that they stand in, who manages these, and what is done to many at once."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("management", __name__)

from webapp.management import bulk_views, category_views, list_views, manager_views  # noqa: E402

__all__ = ["bp", "bulk_views", "category_views", "list_views", "manager_views"]
