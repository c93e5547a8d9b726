"""Shows how to begin, what a page is for, and which parts pages are made of."""

from __future__ import annotations

from flask import Blueprint

bp: Blueprint = Blueprint("guide", __name__)

from webapp.guide import styleguide_views, views  # noqa: E402, F401
from webapp.guide.page_help import help_with_page as help_with_page  # noqa: E402
from webapp.guide.steps import open_steps as open_steps  # noqa: E402
