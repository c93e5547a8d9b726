"""Who becomes whom in an anonymised backup of a version."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.anonymise import Anonymiser, Someone
from jobs.steps.selection import Selection
from webapp.models import Person


def anonymiser_for(session: Session, selection: Selection) -> Anonymiser | None:
    """What makes the people of a backup anonymous, if that was asked for."""
    if not selection.anonymise:
        return None
    asked = sa.select(Person.moodle_id, Person.username, Person.email, Person.first_name, Person.last_name)
    rows = session.execute(asked.where(Person.version_id == selection.version.id))
    everybody = (Someone(number, *(text or "" for text in called)) for number, *called in rows)
    return Anonymiser(everybody, selection.version.next_id)
