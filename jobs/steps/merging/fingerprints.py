"""Tells whether somebody has edited what a restore has added, so that taking it out again loses no work."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.steps.batch import BODIES
from webapp.models import Activity, CourseFile, Document, Record, Section

_ACTIVITY = (Activity.name, Activity.intro, Activity.content, Activity.external_url, Activity.visible)
_SECTION = (Section.name, Section.summary, Section.visible)
#: What changes with the place of an activity, and by itself.
_PLACE = ("module.xml", "inforef.xml")


def fingerprint(session: Session, row: Activity | Section) -> str:
    """A short text that changes when the row, its documents or its files are edited; moving it is no edit."""
    digest = hashlib.sha256()
    if isinstance(row, Section):
        digest.update(repr([getattr(row, column.key) for column in _SECTION]).encode())
        place = (CourseFile.component == "course", CourseFile.filearea == "section")
        files = sa.and_(*place, CourseFile.itemid == row.moodle_id)
    else:
        digest.update(repr([getattr(row, column.key) for column in _ACTIVITY]).encode())
        _add_documents(session, digest, row)
        files = sa.and_(CourseFile.context_id == row.context_id)
    listed = sa.select(CourseFile.moodle_id, CourseFile.contenthash, CourseFile.filename).where(files)
    listed = listed.where(CourseFile.version_id == row.version_id).order_by(CourseFile.id)
    _add(digest, session.execute(listed))
    return digest.hexdigest()[:16]


def _add_documents(session: Session, digest: Any, activity: Activity) -> None:
    documents = sa.select(Document.id, Document.name, Document.skeleton).where(
        Document.activity_id == activity.id, Document.name.not_in(_PLACE)
    )
    for number, name, skeleton in session.execute(documents.order_by(Document.id)).all():
        _add(digest, [(name, skeleton)])
        records = sa.select(Record.body).where(Record.document_id == number)
        records = records.order_by(Record.slot, Record.position, Record.id)
        _add(digest, session.execute(records.execution_options(yield_per=BODIES)))


def _add(digest: Any, rows: Iterable[Any]) -> None:
    for row in rows:
        for value in row:
            digest.update(value if isinstance(value, bytes) else str(value).encode())
            digest.update(b"\0")
