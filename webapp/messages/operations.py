"""The messages behind one person's bell."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.extensions import db
from webapp.models import Message


def count_unread(user_id: int) -> int:
    unread = (Message.user_id == user_id, Message.in_bell, Message.read_at.is_(None))
    return db.session.execute(sa.select(sa.func.count()).select_from(Message).where(*unread)).scalar_one()
