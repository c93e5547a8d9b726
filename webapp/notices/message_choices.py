"""By which ways each person is told of each kind of event: as they have chosen, or else as their account came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.models import MessageChoice, User
from webapp.notices.events import EVENTS, Event


@dataclass(frozen=True)
class Ways:
    """Where a message goes."""

    in_app: bool
    by_mail: bool

    def __bool__(self) -> bool:
        return self.in_app or self.by_mail


def events_for(user: User) -> dict[str, Event]:
    """What the person may be told of, by its name."""
    return {name: event for name, event in EVENTS.items() if user.is_admin or not event.for_admins}


def is_always_shown(event: str) -> bool:
    """Whether it shows in the app whatever somebody chooses: that what they asked for has failed."""
    return event.endswith("_failed")


def ways_for(session: Session, user: User, event: str) -> Ways:
    """How to tell the person of this event; without an address no mail goes out."""
    chosen = session.get(MessageChoice, (user.id, event))
    in_app, by_mail = (chosen.in_app, chosen.by_mail) if chosen else (user.wants_bell, user.wants_mail)
    return Ways(in_app or is_always_shown(event), by_mail and bool(user.email))


def choices_of(session: Session, user: User) -> dict[str, Ways]:
    """What the person has chosen for each event that they may be told of, address or not."""
    rows = session.scalars(sa.select(MessageChoice).where(MessageChoice.user_id == user.id))
    chosen = {row.event: Ways(row.in_app, row.by_mail) for row in rows}
    unchosen = Ways(user.wants_bell, user.wants_mail)
    return {
        name: Ways(
            chosen.get(name, unchosen).in_app or is_always_shown(name), chosen.get(name, unchosen).by_mail
        )
        for name in events_for(user)
    }


def choose(session: Session, user: User, chosen: Mapping[str, Ways]) -> None:
    """Keep what the person wants; the caller commits. Raises KeyError for an event that they are not told of."""
    known = events_for(user)
    for name, ways in chosen.items():
        known[name]
        session.merge(MessageChoice(user_id=user.id, event=name, in_app=ways.in_app, by_mail=ways.by_mail))
