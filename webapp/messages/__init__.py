"""What people are told: the inbox behind the bell, the words an admin chooses, and the mails."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("messages", __name__)

from webapp.messages.views import unread_count  # noqa: E402

__all__ = ["bp", "unread_count"]
