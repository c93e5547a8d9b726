"""The messages behind one person's bell."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import sqlalchemy as sa

from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Message, utc_now
from webapp.notices.events import EVENTS, Event

PAGE_SIZE = 25


@dataclass(frozen=True)
class Listing:
    """One page of a person's messages, newest first."""

    messages: list[Message]
    unread: int
    page: int
    pages: int


def count_unread(user_id: int) -> int:
    unread = _of(user_id) & Message.read_at.is_(None)
    return db.session.execute(sa.select(sa.func.count()).select_from(Message).where(unread)).scalar_one()


def list_messages(user_id: int, page: int) -> Listing:
    total = db.session.execute(sa.select(sa.func.count()).select_from(Message).where(_of(user_id)))
    pages = max(1, -(-total.scalar_one() // PAGE_SIZE))
    page = min(max(1, page), pages)
    newest = sa.select(Message).where(_of(user_id)).order_by(Message.id.desc())
    shown = db.session.scalars(newest.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return Listing(list(shown), count_unread(user_id), page, pages)


def find_message(user_id: int, message_id: int) -> Message | None:
    """The person's own message; None for everybody else's."""
    return db.session.scalars(sa.select(Message).where(_of(user_id), Message.id == message_id)).first()


def mark_read(user_id: int, message_id: int | None = None) -> None:
    """Note that the person has seen the message; without a number, all of them."""
    new = [_of(user_id), Message.read_at.is_(None)]
    if message_id is not None:
        new.append(Message.id == message_id)
    with write_transaction() as session:
        session.execute(sa.update(Message).where(*new).values(read_at=utc_now()))


def event_of(message: Message) -> Event | None:
    """What the message is about; None for one that no event called for."""
    return EVENTS.get(message.event)


def path_of(message: Message) -> str:
    """Where its link leads, by the address under which the person is here already."""
    return urlsplit(message.link).path


def _of(user_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(Message.user_id == user_id, Message.in_bell)
