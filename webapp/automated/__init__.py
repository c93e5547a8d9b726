"""Automatic backups: what admins decide about them, and how each round went."""

from __future__ import annotations

from flask import Blueprint

bp: Blueprint = Blueprint("automated", __name__)

from webapp.automated import keeping_views, run_views, schedule_views  # noqa: E402, F401
