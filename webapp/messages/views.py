"""The inbox behind the bell."""

from __future__ import annotations

from webapp.messages.operations import count_unread
from webapp.permissions import current_user


def unread_count() -> int:
    """How many new messages the person has who is signed in; 0 for nobody."""
    return count_unread(current_user.id) if current_user else 0
