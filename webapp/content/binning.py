"""Deletes sections, activities and courses: into the bin, or for ever where nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.access.audit import actor, note
from webapp.content import standing
from webapp.content.edit import Edit
from webapp.content.headings import heading_of
from webapp.content.kinds import kind_word
from webapp.content.ordering import renumber_sections, sections_in_order, write_sequence
from webapp.content.removal import set_apart
from webapp.content.work_on_course import stop_work_on
from webapp.models import (
    WITH_BIN,
    Activity,
    BinEntry,
    BinKind,
    Course,
    CourseVersion,
    Section,
    get_setting,
    utc_now,
)


def bin_activity(change: Edit, activity: Activity) -> int | None:
    """Delete an activity with what it opens; returns the number in the bin, None if it is not kept."""
    section = change.session.get_one(Section, activity.section_id)
    entry = BinEntry(
        kind=BinKind.ACTIVITY, name=activity.called or kind_word(activity.type), type=activity.type,
        place=standing.of_activity(change, activity, section), deleted_by_id=actor().user_id,
    )  # fmt: skip
    apart = set_apart(change, [], [activity])
    write_sequence(change, section)
    entry.place = {**entry.place, "sequence_after": standing.sequence_of(change, section)}
    return _keep(change, entry, apart)


def bin_section(change: Edit, section: Section) -> int | None:
    """Delete a section with all that is in it; returns the number in the bin, None if it is not kept."""
    entry = BinEntry(
        kind=BinKind.SECTION, name=heading_of(section), place=standing.of_section(change, section),
        deleted_by_id=actor().user_id,
    )  # fmt: skip
    apart = set_apart(change, [section], [])
    renumber_sections(change)
    entry.place = {**entry.place, "after": [one.moodle_id for one in sections_in_order(change)]}
    return _keep(change, entry, apart)


def bin_course(session: Session, course: Course) -> int | None:
    """Delete a course for everybody; returns the number in the bin, None if it is not kept.

    Its short name is free for another one from now on. The jobs on it end.
    """
    stop_work_on(session, course)
    until = _until(session)
    if until is None:
        session.delete(course)
        return None
    entry = BinEntry(
        kind=BinKind.COURSE, course_id=course.id, name=course.fullname, place={"shortname": course.shortname},
        deleted_by_id=actor().user_id, keep_until=until,
    )  # fmt: skip
    session.add(entry)
    course.binned_at, course.shortname = utc_now(), f"(in the bin: {course.id})"
    session.flush()
    return entry.id


def course_in_bin(session: Session, entry: BinEntry) -> Course:
    """The course of an entry, be it in the bin or only something of it."""
    found = sa.select(Course).where(Course.id == entry.course_id)
    return session.scalars(found, execution_options=WITH_BIN).one()


def delete_for_ever(session: Session, entry: BinEntry) -> None:
    """Take something out of the bin for good. The sweep deletes its rows, in batches."""
    course = course_in_bin(session, entry)
    note(session, "deleted for ever", course=course, title=entry.name, detail=entry.kind)
    session.flush()
    if entry.kind == BinKind.COURSE:
        session.delete(course)
    else:
        session.delete(entry)


def expired(session: Session) -> Iterator[BinEntry]:
    """What has lain in the bin for its time."""
    return iter(session.scalars(sa.select(BinEntry).where(BinEntry.keep_until <= utc_now())).all())


def _keep(change: Edit, entry: BinEntry, apart: CourseVersion) -> int | None:
    until = _until(change.session)
    if until is None:
        return None
    entry.course_id, entry.version_id, entry.origin_id = change.course.id, apart.id, change.version.id
    entry.keep_until = until
    change.session.add(entry)
    change.session.flush()
    return entry.id


def _until(session: Session) -> datetime | None:
    """Until when something that is deleted now can come back; None if it can't."""
    days = int(get_setting("bin_days", session))
    return utc_now() + timedelta(days=days) if days else None
