"""What holds for every address of courses before its view runs."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Conflict

from webapp.content.edit import ContentChanged
from webapp.courses import bp
from webapp.models import get_setting
from webapp.permissions import current_user

#: What a database holds as a whole number.
BIGGEST = 2**63 - 1
#: Bytes that somebody may send who is not signed in: the form is read before it is refused.
STRANGERS_BYTES = 1_000_000


@bp.url_value_preprocessor
def check_numbers_and_size(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Answer 404 to numbers that are no ids, and bound what a form may bring before anything of it is read."""
    if any(isinstance(value, int) and value > BIGGEST for value in (values or {}).values()):
        abort(404)
    if request.method == "POST":
        most = int(get_setting("upload_limit_mb")) * 1_000_000 if current_user else STRANGERS_BYTES
        request.max_content_length = most


@bp.errorhandler(ContentChanged)
def say_that_it_changed(_changed: ContentChanged) -> ResponseReturnValue:
    return current_app.handle_http_exception(Conflict())
