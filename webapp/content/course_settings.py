"""Editing what a course as a whole is called, and who may see it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from jobs.language import gettext as _
from webapp.access.audit import note
from webapp.content.binning import bin_course
from webapp.content.columns import COURSE, COURSE_VERSION
from webapp.content.documents import move_into_columns, open_document, set_leaf
from webapp.content.drafts import draft_of, format_after
from webapp.content.edit import ContentChanged, Edit, EditRefused, edit
from webapp.content.files import summary_of
from webapp.database import write_transaction
from webapp.models import Course, CourseVersion, User, utc_now


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
        raise EditRefused(_("Another course has this short name."), "shortname") from error


def set_of_courses(courses: Iterable[Course], values: dict[str, Any]) -> int:
    """Set some columns of many courses, in all of them or in none; returns how many of them there still are."""
    numbers = [course.id for course in courses]
    with write_transaction() as session:
        found = session.scalars(sa.select(Course).where(Course.id.in_(numbers))).all()
        for course in found:
            if any(getattr(course, name) != value for name, value in values.items()):
                _set(Edit(session, course, session.get_one(CourseVersion, course.version_id)), values, {})
                course.changed_at = utc_now()
    return len(found)


def delete_course(course: Course) -> int | None:
    """Delete a course for everybody; returns its number in the bin, if it is kept. Raises ContentChanged if it is gone.

    Its backups stay with those who made them. The jobs on it are cancelled.
    """
    deleted = delete_courses([course])
    if not deleted:
        raise ContentChanged
    return deleted[0]


def delete_courses(courses: Iterable[Course]) -> list[int | None]:
    """The same for many courses, all of them or none; those that are gone are left out."""
    numbers = [course.id for course in courses]
    with write_transaction() as session:
        found = session.scalars(sa.select(Course).where(Course.id.in_(numbers))).all()
        for course in found:
            note(session, "course deleted", course)
        session.flush()
        return [bin_course(session, course) for course in found]


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
