"""What an admin decides for the whole site."""

from __future__ import annotations

from flask import Blueprint

bp: Blueprint = Blueprint("settings", __name__)

from webapp.settings import look_views, views  # noqa: E402, F401
from webapp.settings.look import site_look as site_look  # noqa: E402
