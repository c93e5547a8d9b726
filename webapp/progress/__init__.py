"""How far jobs are, and what came of them."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("progress", __name__)

from webapp.progress import admin_views, job_views, list_views, log, warning_views, words  # noqa: E402

__all__ = ["admin_views", "bp", "job_views", "list_views", "log", "warning_views", "words"]
