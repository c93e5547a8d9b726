"""The words of the messages: which are in use, earlier ones, and how they would look."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from jobs import notify
from webapp.audit import note
from webapp.database import write_transaction
from webapp.events import EVENTS
from webapp.extensions import db
from webapp.models import Job, MessageTemplate, User, get_setting
from webapp.placeholders import PLACEHOLDERS


class ChangedMeanwhile(Exception):
    """Somebody else has saved other words since these were opened."""


@dataclass(frozen=True)
class Words:
    """What a message says now. `version` is None while nobody has changed it."""

    subject: str
    body: str
    version: MessageTemplate | None = None

    @property
    def based_on(self) -> int | None:
        return self.version.id if self.version else None


def words_in_use(event: str) -> Words:
    newest = db.session.scalars(_versions_of(event).limit(1)).first()
    return _words_of(newest) if newest else words_as_they_came(event)


def words_as_they_came(event: str) -> Words:
    return Words(EVENTS[event].subject, EVENTS[event].body)


def all_words() -> dict[str, Words]:
    return {event: words_in_use(event) for event in EVENTS}


def is_changed(event: str, words: Words) -> bool:
    """Whether a message says something else than it did when it came."""
    return (words.subject, words.body) != (EVENTS[event].subject, EVENTS[event].body)


def list_versions(event: str) -> list[tuple[int, MessageTemplate]]:
    """All versions with their numbers, newest first."""
    versions = list(db.session.scalars(_versions_of(event)))
    return [(len(versions) - place, version) for place, version in enumerate(versions)]


def find_version(event: str, version_id: int) -> Words | None:
    found = db.session.scalars(_versions_of(event).where(MessageTemplate.id == version_id)).first()
    return _words_of(found) if found else None


def save_words(event: str, subject: str, body: str, *, based_on: int | None, author: User) -> bool:
    """Put the words into use; false if they are in use already.

    Raises ChangedMeanwhile if others were saved since version `based_on`.
    """
    author_id = author.id
    with write_transaction() as session:
        newest = session.scalars(_versions_of(event).limit(1)).first()
        if (newest.id if newest else None) != based_on:
            raise ChangedMeanwhile
        if (subject, body) == notify.words_for(session, event):
            return False
        session.add(MessageTemplate(event=event, subject=subject, body=body, author_id=author_id))
        note(session, "wording changed", title=event)
    return True


def put_back(event: str, words: Words, *, author: User) -> None:
    """Put earlier words into use, as a new version, so that nothing is lost."""
    based_on = words_in_use(event).based_on
    save_words(event, words.subject, words.body, based_on=based_on, author=author)


def preview_values(event: str, user: User) -> tuple[dict[str, str], Job | None]:
    """What a preview for this person fills in: from the last job that ended so, else examples."""
    job = notify.last_job_of(db.session(), event)
    if job is not None:
        return notify.values_of(db.session(), job, user), job
    examples = {name: placeholder.example for name, placeholder in PLACEHOLDERS.items()}
    own = {
        "user_username": user.username,
        "user_email": user.email,
        "user_firstname": user.first_name or user.name,
        "user_lastname": user.last_name,
        "site_name": str(get_setting("site_name")),
        "operation": EVENTS[event].group.lower(),
    }
    return examples | own, None


def _versions_of(event: str) -> sa.Select[MessageTemplate]:
    of_event = sa.select(MessageTemplate).where(MessageTemplate.event == event)
    return of_event.options(joinedload(MessageTemplate.author)).order_by(MessageTemplate.id.desc())


def _words_of(version: MessageTemplate) -> Words:
    return Words(version.subject, version.body, version)
