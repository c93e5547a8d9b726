"""What a page is for, in two sentences."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from jobs.language import gettext as _

TEXTS = Path(__file__).with_name("page_help.toml")


def help_with_page(endpoint: str | None) -> str:
    """The two sentences for the page of this view; empty where there are none."""
    blueprint, _dot, view = (endpoint or "").partition(".")
    text = _texts().get(blueprint, {}).get(view)
    return _(text) if text else ""


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(TEXTS.read_text("utf-8"))
