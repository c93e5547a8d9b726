"""What an admin decides for the whole site."""

from __future__ import annotations

from flask import Blueprint

bp: Blueprint = Blueprint("settings", __name__)

from webapp.settings import views  # noqa: E402, F401
