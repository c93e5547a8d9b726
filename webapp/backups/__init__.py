"""Backups of a course, and what restores from one."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("backups", __name__)

from webapp.backups import choosing_views, list_views, new_views, parts, restore_views, upload_views  # noqa: E402

__all__ = ["bp", "choosing_views", "list_views", "new_views", "parts", "restore_views", "upload_views"]
