"""The words of the messages in each language: which are in use, earlier ones, and how they would look."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from jobs import notify
from jobs.language import speaking
from webapp.access.audit import note
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Job, MessageTemplate, User, get_setting
from webapp.notices.events import EVENTS
from webapp.notices.placeholders import PLACEHOLDERS


class ChangedMeanwhile(Exception):
    """Somebody else has saved other words since these were opened."""


@dataclass(frozen=True)
class Words:
    """What a message says now. `version` is None while nobody has changed it."""

    language: str
    subject: str
    body: str
    version: MessageTemplate | None = None

    @property
    def based_on(self) -> int | None:
        return self.version.id if self.version else None

    @property
    def said(self) -> tuple[str, str]:
        """The words alone."""
        return self.subject, self.body


def words_in_use(event: str, language: str) -> Words:
    newest = db.session.scalars(_versions_of(event, language).limit(1)).first()
    return _words_of(newest) if newest else words_as_they_came(event, language)


def words_as_they_came(event: str, language: str) -> Words:
    with speaking(language):
        return Words(language, str(EVENTS[event].subject), str(EVENTS[event].body))


def all_words(language: str) -> dict[str, Words]:
    """What each message says now."""
    newest = sa.select(sa.func.max(MessageTemplate.id)).where(MessageTemplate.language == language)
    chosen = sa.select(MessageTemplate).where(MessageTemplate.id.in_(newest.group_by(MessageTemplate.event)))
    rows = db.session.scalars(chosen.options(joinedload(MessageTemplate.author)))
    words = {row.event: _words_of(row) for row in rows}
    return {event: words.get(event) or words_as_they_came(event, language) for event in EVENTS}


def changed_events(language: str) -> set[str]:
    """The messages that say something else than they did when they came."""
    in_use = all_words(language)
    return {event for event in EVENTS if in_use[event].said != words_as_they_came(event, language).said}


def list_versions(event: str, language: str) -> list[tuple[int, MessageTemplate]]:
    """All versions with their numbers, newest first."""
    versions = list(db.session.scalars(_versions_of(event, language)))
    return [(len(versions) - place, version) for place, version in enumerate(versions)]


def find_version(event: str, version_id: int) -> Words | None:
    """A version of the message's words, in whichever language."""
    found = db.session.get(MessageTemplate, version_id)
    return _words_of(found) if found and found.event == event else None


def save_words(
    event: str, language: str, subject: str, body: str, *, based_on: int | None, author: User
) -> bool:
    """Put the words into use; false if they are in use already.

    Raises ChangedMeanwhile if others were saved since version `based_on`.
    """
    author_id = author.id
    with write_transaction() as session:
        newest = session.scalars(_versions_of(event, language).limit(1)).first()
        if (newest.id if newest else None) != based_on:
            raise ChangedMeanwhile
        if (subject, body) == notify.words_for(session, event, language):
            return False
        session.add(
            MessageTemplate(event=event, language=language, subject=subject, body=body, author_id=author_id)
        )
        note(session, "wording changed", title=event)
    return True


def put_back(event: str, words: Words, *, author: User) -> None:
    """Put earlier words into use, as a new version, so that nothing is lost."""
    based_on = words_in_use(event, words.language).based_on
    save_words(event, words.language, words.subject, words.body, based_on=based_on, author=author)


def preview_values(event: str, user: User) -> tuple[dict[str, str], Job | None]:
    """What a preview for this person fills in: from the last job that ended so, else examples."""
    job = notify.last_job_of(db.session(), event)
    if job is not None:
        return notify.values_of(db.session(), job, user), job
    examples = {name: str(placeholder.example) for name, placeholder in PLACEHOLDERS.items()}
    own = {
        "user_username": user.username,
        "user_email": user.email,
        "user_firstname": user.first_name or user.name,
        "user_lastname": user.last_name,
        "site_name": str(get_setting("site_name")),
        "operation": str(EVENTS[event].group).lower(),
    }
    return examples | own, None


def _versions_of(event: str, language: str) -> sa.Select[MessageTemplate]:
    of_event = sa.select(MessageTemplate).where(
        MessageTemplate.event == event, MessageTemplate.language == language
    )
    return of_event.options(joinedload(MessageTemplate.author)).order_by(MessageTemplate.id.desc())


def _words_of(version: MessageTemplate) -> Words:
    return Words(version.language, version.subject, version.body, version)
