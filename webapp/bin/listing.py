"""What lies in the bin, as pages show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from jobs.language import gettext as _, ngettext
from webapp.access.rights import courses_where, may_in_course
from webapp.content.headings import heading_of
from webapp.content.kinds import kind_word
from webapp.content.moved import courses_moved_to
from webapp.extensions import db
from webapp.models import (
    WITH_BIN,
    Activity,
    BinEntry,
    BinKind,
    Course,
    CourseFile,
    Section,
    User,
    utc_now,
)


@dataclass(frozen=True)
class Row:
    """One thing in the bin."""

    entry: BinEntry
    #: What it is, and where it was, in words.
    kind: str
    where: str
    #: How much its files weigh, in bytes.
    size: int
    #: Whether it can be put back by itself: the content that it was in is still that of its course.
    is_current: bool = True
    #: The course that it was moved to, where it stays when it is put back here.
    moved_to: Course | None = None


def count_of_course(course: Course) -> int:
    """How much of a course lies in the bin."""
    counting = sa.select(sa.func.count()).select_from(BinEntry).where(*_of_course(course))
    return db.session.scalars(counting).one()


def count_of_courses(user: User) -> int:
    """How many courses lie in the bin that the person may put back."""
    return len(_courses(user))


def rows_of_course(course: Course) -> list[Row]:
    """What was deleted from a course, the newest first."""
    entries = _parts(course)
    versions = {entry.version_id or 0 for entry in entries}
    sizes, homes, inside = _sizes(versions), _sections(versions), _activities(versions)
    moved = courses_moved_to(db.session(), entries)
    rows = []
    for entry in entries:
        section = homes.get((entry.version_id, entry.place["home"] or entry.place["own"]))
        if entry.kind == BinKind.ACTIVITY:
            kind, where = kind_word(entry.type), heading_of(section) if section else ""
        else:
            kind = _("Section")
            where = _of_section(section, inside) if section else ""
        size, is_current = sizes.get(entry.version_id or 0, 0), entry.origin_id == course.version_id
        rows.append(Row(entry, kind, where, size, is_current, moved.get(entry.id)))
    return rows


def _of_section(section: Section, inside: dict[int, int]) -> str:
    held = ngettext("%(num)s activity", "%(num)s activities", inside.get(section.id, 0))
    if not section.number:
        return _("With %(activities)s", activities=held)
    return _("Number %(number)s, with %(activities)s", number=section.number, activities=held)


def rows_of_courses(user: User | None = None) -> list[Row]:
    """The courses in the bin that the person may put back, the newest first; all without a person."""
    found = _courses(user)
    sizes = _sizes(course.version_id for _entry, course in found)
    return [
        Row(
            entry,
            _("Course"),
            course.category.name if course.category else "",
            sizes.get(course.version_id, 0),
        )
        for entry, course in found
    ]


def _parts(course: Course) -> list[BinEntry]:
    found = sa.select(BinEntry).options(joinedload(BinEntry.deleted_by)).where(*_of_course(course))
    return list(db.session.scalars(found.order_by(BinEntry.id.desc())))


def _of_course(course: Course) -> tuple[sa.ColumnElement[bool], ...]:
    parts = BinEntry.kind != BinKind.COURSE
    return (BinEntry.course_id == course.id, parts, BinEntry.keep_until > utc_now())


def _courses(user: User | None) -> list[tuple[BinEntry, Course]]:
    found = sa.select(BinEntry, Course).join(Course, Course.id == BinEntry.course_id)
    found = found.options(joinedload(BinEntry.deleted_by), joinedload(Course.category))
    found = found.where(BinEntry.kind == BinKind.COURSE, BinEntry.keep_until > utc_now())
    if user is not None and not user.is_admin:
        found = found.where(Course.id.in_(courses_where(user, "delete course")))
    rows = db.session.execute(found.order_by(BinEntry.id.desc()), execution_options=WITH_BIN)
    return [
        (entry, course)
        for entry, course in rows
        if user is None or may_in_course(user, "delete course", course)
    ]


def _sizes(versions: Iterable[int]) -> dict[int, int]:
    summed = sa.select(CourseFile.version_id, sa.func.sum(CourseFile.filesize))
    summed = summed.where(CourseFile.version_id.in_(list(versions)), CourseFile.filename != ".")
    rows = db.session.execute(summed.group_by(CourseFile.version_id))
    return {key: value for key, value in rows}  # noqa: C416  (a row is no pair to the type checker)


def _sections(versions: set[int]) -> dict[tuple[int | None, int], Section]:
    found = db.session.scalars(sa.select(Section).where(Section.version_id.in_(versions)))
    return {(one.version_id, one.moodle_id): one for one in found}


def _activities(versions: set[int]) -> dict[int, int]:
    counting = sa.select(Activity.section_id, sa.func.count()).where(Activity.version_id.in_(versions))
    rows = db.session.execute(counting.group_by(Activity.section_id))
    return {key: value for key, value in rows}  # noqa: C416  (a row is no pair to the type checker)
