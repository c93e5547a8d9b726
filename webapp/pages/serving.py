"""What every file that came from elsewhere is sent with, so that none can act as a page of ours."""

from __future__ import annotations

from flask import Response

#: A film or a picture opened by itself needs its own bytes and the browser's styles, and nothing else.
_POLICY = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
#: A browser's viewer of PDF does not work in a sandbox. It runs nothing of ours.
_PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def restrain(response: Response, kind: str | None) -> Response:
    """Take from an answer with a file of this type all power; keep it out of caches that others share."""
    response.headers["Content-Security-Policy"] = _PDF_POLICY if kind == "application/pdf" else _POLICY
    response.headers["Cache-Control"] = "private, no-cache"
    return response
