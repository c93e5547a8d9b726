"""Whether this site works, for whoever watches over it."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("health", __name__)

from webapp.health import views  # noqa: E402
from webapp.health.report import troubles_at_work  # noqa: E402

__all__ = ["bp", "troubles_at_work", "views"]
