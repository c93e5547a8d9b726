"""Who becomes whom in an anonymised backup of a version."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.ids.numbers import whole_number
from jobs.archive.persons.anonymise import Anonymiser, Someone
from jobs.archive.xml import unpack
from jobs.steps.composing.rendering import FETCH
from jobs.steps.selecting.parts import Selection
from webapp.models import Person


def anonymiser_for(session: Session, selection: Selection) -> Anonymiser | None:
    """What makes the people of a backup anonymous, if that was asked for."""
    if not selection.anonymise:
        return None
    asked = sa.select(Person).where(Person.version_id == selection.version.id)
    rows = session.scalars(asked.execution_options(yield_per=FETCH))
    return Anonymiser((_someone(row) for row in rows), selection.version.next_id)


def _someone(row: Person) -> Someone:
    return Someone(
        row.moodle_id, row.username or "", row.email or "", row.first_name or "", row.last_name or "",
        context=whole_number(unpack(row.body).get("contextid")) or 0,
    )  # fmt: skip
