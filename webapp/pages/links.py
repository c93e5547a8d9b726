"""Whole addresses, for mails and other places where no request says where we are; and ways back to a page of ours."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app


def external_url(endpoint: str, **values: Any) -> str:
    """The address of a page as somebody outside would type it."""
    base = urlsplit(current_app.config["BASE_URL"])
    adapter = current_app.url_map.bind(base.netloc, script_name=base.path or "/", url_scheme=base.scheme)
    return adapter.build(endpoint, values, force_external=True)


def local_path(asked: str) -> str:
    """The address if it leads to a page of ours; else nothing, so that no link leads people astray."""
    is_ours = asked.startswith("/") and not asked.startswith("//") and "\\" not in asked
    return asked if is_ours and asked.isprintable() else ""
