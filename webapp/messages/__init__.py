"""What people are told: the inbox behind the bell, the words an admin chooses, and the mails."""

from __future__ import annotations

from flask import Blueprint

bp: Blueprint = Blueprint("messages", __name__)

from webapp.messages import mail_views, wording_views  # noqa: E402
from webapp.messages.inbox_views import unread_count  # noqa: E402

__all__ = ["bp", "mail_views", "unread_count", "wording_views"]
