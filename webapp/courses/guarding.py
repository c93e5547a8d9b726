"""What holds for every address of courses before its view runs."""

from __future__ import annotations

from typing import Any

from flask import request

from webapp.access.permissions import current_user
from webapp.courses import bp
from webapp.models import get_setting

#: Bytes that somebody may send who is not signed in: the form is read before it is refused.
STRANGERS_BYTES = 1_000_000


@bp.url_value_preprocessor
def bound_size(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Bound what a form may bring before anything of it is read."""
    if request.method == "POST":
        most = int(get_setting("upload_limit_mb")) * 1_000_000 if current_user else STRANGERS_BYTES
        request.max_content_length = most
