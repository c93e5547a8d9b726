"""The address that a watchdog asks."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from webapp.health import bp
from webapp.health.operations import faults, notes
from webapp.permissions import public


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say "ok" (200), or what is wrong (503), a line each."""
    wrong = faults()
    answer = Response(
        "\n".join(wrong or ["ok", *notes()]) + "\n", 503 if wrong else 200, mimetype="text/plain"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
