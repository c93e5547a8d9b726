"""Whether this site works, for whoever watches over it."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("health", __name__)

from webapp.health import views  # noqa: E402

__all__ = ["bp", "views"]
