"""Courses in the browser: the list, the course page, its activities, and editing them."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("courses", __name__)
