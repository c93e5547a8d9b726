"""Editing what a course as a whole is called, and who may see it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.audit import note
from webapp.content.binning import bin_course
from webapp.content.columns import COURSE, COURSE_VERSION
from webapp.content.documents import move_into_columns, open_document, set_leaf
from webapp.content.drafts import draft_of, format_after
from webapp.content.edit import ContentChanged, Edit, EditRefused, edit
from webapp.content.files import summary_of
from webapp.database import write_transaction
from webapp.models import Course, User


def change_course(course: Course, values: dict[str, Any], summary: str, by: User) -> None:
    """Set the course's own columns, and its summary as HTML. Raises EditRefused if the short name is taken."""
    draft, author = draft_of(summary), by.name
    try:
        with edit(course) as change:
            of_version: dict[str, Any] = {}
            text = draft.named(change, summary_of(change.course), author)
            if text != (change.version.summary or ""):
                of_version = {"summary": text, "summary_format": format_after(change.version.summary_format)}
            _set(change, values, of_version)
    except IntegrityError as error:
        raise EditRefused("Another course has this short name.", "shortname") from error


def set_of_course(course: Course, values: dict[str, Any]) -> None:
    """Set some of the course's own columns. Raises ContentChanged if it is gone."""
    with edit(course) as change:
        _set(change, values, {})


def delete_course(course: Course) -> int | None:
    """Delete a course for everybody; returns its number in the bin, if it is kept.

    Its backups stay with those who made them. The jobs on it are cancelled.
    """
    identity = sa.inspect(course).identity
    with write_transaction() as session:
        fresh = session.get(Course, identity, populate_existing=True) if identity else None
        if fresh is None:
            raise ContentChanged
        note(session, "course deleted", fresh)
        session.flush()
        return bin_course(session, fresh)


def _set(change: Edit, values: dict[str, Any], of_version: dict[str, Any]) -> None:
    """Set columns of the course and of its version, and leave places for them in its document."""
    document = open_document(change, None, "course/course.xml")
    if document is not None:
        move_into_columns(document.root, (*COURSE, *COURSE_VERSION), [*values, *of_version])
        set_leaf(document.root, "timemodified", str(change.now))
        document.keep()
    for attribute, value in values.items():
        setattr(change.course, attribute, value)
    for attribute, value in of_version.items():
        setattr(change.version, attribute, value)
    change.session.flush()
