"""Looking into a backup file without restoring it."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("archives", __name__)

from webapp.archives import views  # noqa: E402

__all__ = ["bp", "views"]
