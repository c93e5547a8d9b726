"""The inbox behind the bell. Looking changes nothing: a message is marked as read by a button."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.access.permissions import current_user, themselves
from webapp.messages import bp
from webapp.messages.inbox import (
    count_unread,
    event_of,
    find_message,
    list_messages,
    mark_read,
    path_of,
)
from webapp.models import Message


def unread_count() -> int:
    """How many new messages the person has who is signed in; 0 for nobody."""
    return count_unread(current_user.id) if current_user else 0


@bp.get("/messages")
@themselves
def inbox() -> ResponseReturnValue:
    listing = list_messages(current_user.id, request.args.get("page", 1, int))
    return render_template("messages/inbox.html", listing=listing, event_of=event_of)


@bp.post("/messages/read")
@themselves
def read_all() -> ResponseReturnValue:
    mark_read(current_user.id)
    return redirect(url_for("messages.inbox"), 303)


@bp.get("/messages/<int:message_id>")
@themselves
def open_message(message_id: int) -> ResponseReturnValue:
    message = _own(message_id)
    return render_template(
        "messages/show.html", message=message, event=event_of(message), path=path_of(message)
    )


@bp.post("/messages/<int:message_id>")
@themselves
def read_message(message_id: int) -> ResponseReturnValue:
    """Mark the message as read, and show it."""
    mark_read(current_user.id, _own(message_id).id)
    return redirect(url_for("messages.open_message", message_id=message_id), 303)


def _own(message_id: int) -> Message:
    return find_message(current_user.id, message_id) or abort(404)
