"""What a person sees when a page can't be shown."""

from __future__ import annotations

import logging

from flask import Flask, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import Forbidden, HTTPException

from jobs.failures import cause_of
from jobs.language import gettext as _, lazy_gettext as _l
from jobs.problems import JobRefused
from webapp.content.edit import ContentChanged
from webapp.logs import request_number

log = logging.getLogger(__name__)

_NOT_IN_THIS_COURSE = _l(
    "You may look at this course, but not do this in it. A manager can give you the role."
)
#: Title, what it means and what to do, by HTTP status.
WORDS = {
    400: (_l("That could not be read"),
          _l("The browser sent something we do not understand. Go back and try once more.")),
    403: (_l("That is not yours to change"),
          _l("Your account may not do this. Ask an admin if it should.")),
    404: (_l("Nothing here"),
          _l("The address leads nowhere, or to something that is not shared with you.")),
    405: (_l("Nothing here"),
          _l("This address is not meant to be opened this way. Go back and use the button on the page.")),
    409: (_l("Something changed meanwhile"),
          _l("Open the page again: it shows how things stand now.")),
    413: (_l("Too large"),
          _l("What was sent is larger than this school allows. Ask an admin, or send it in parts.")),
    429: (_l("Too many tries"), _l("Wait a quarter of an hour, then try again.")),
    500: (_l("Something went wrong here"),
          _l("It has been written down. Nothing was half done; try again in a moment.")),
}  # fmt: skip


def register_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, _show_http)
    app.register_error_handler(CSRFError, _show_stale_form)
    app.register_error_handler(ContentChanged, _show_changed)
    app.register_error_handler(JobRefused, _show_refusal)
    app.register_error_handler(OverflowError, _show_beyond)
    app.register_error_handler(Exception, _show_failure)


def _show_http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if status == 403:
        log.warning("refused at %s", request.endpoint)
    title, text = WORDS.get(status, WORDS[400 if status < 500 else 500])
    return _page(status, title, _why_not(error, text) if status == 403 else text)


def _why_not(refused: HTTPException, usually: str) -> str:
    """Why somebody may not do something: what refuses it may say so in a sentence of its own."""
    if refused.description and refused.description != Forbidden.description:
        return refused.description
    return _NOT_IN_THIS_COURSE if "course_id" in (request.view_args or {}) else usually


def _show_stale_form(_error: CSRFError) -> ResponseReturnValue:
    log.warning("a form without its token at %s", request.endpoint)
    text = _(
        "You have signed in anew since it was opened. Go back, open the page again and send it once more."
    )
    return _page(400, _("This form is too old"), text)


def _show_beyond(_error: OverflowError) -> ResponseReturnValue:
    """Answer a number that no database holds: nobody came by it on a page of ours."""
    log.warning("a number beyond all bounds at %s", request.endpoint)
    return _page(400, *WORDS[400])


def _show_changed(_error: ContentChanged) -> ResponseReturnValue:
    return _page(409, *WORDS[409])


def _show_refusal(refused: JobRefused) -> ResponseReturnValue:
    return _page(422, _("Not now"), str(refused), (_("To your backups"), url_for("backups.my_backups")))


def _show_failure(error: Exception) -> ResponseReturnValue:
    log.error("request failed at %s", request.endpoint, exc_info=error)
    title, text = WORDS[500]
    number = _("If it goes on, tell an admin the number %(number)s.", number=request_number())
    text = cause_of(error) or f"{text} {number}"
    try:
        return _page(500, title, text)
    except Exception:
        # What failed is what every page needs: the database.
        log.exception("no page can be shown")
        return Response(f"{title}. {text}\n", 500, mimetype="text/plain")


def _page(status: int, title: str, text: str, way: tuple[str, str] | None = None) -> ResponseReturnValue:
    """`way` is where to go from here: what the link says, and its address."""
    way = way or (_("To the courses"), url_for("courses.index"))
    return render_template("errors/error.html", title=title, text=text, status=status, way=way), status
