"""Coursekeep: keeps a small school's courses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


def create_app(**overrides: Any) -> Flask:
    """Build the application.

    `overrides` are configuration values that win over the environment. The import is
    inside, so that `webapp.models` can be had without the views.
    """
    from webapp.app import build_app

    return build_app(overrides)
