"""What takes the space in a course."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import sqlalchemy as sa

from webapp.courses.holdings.holders import Holder, Holders
from webapp.courses.holdings.kinds import kind_of
from webapp.extensions import db
from webapp.models import Course, CourseFile

#: So many holders are named; the rest stand behind a filter.
MOST_HOLDERS = 12


@dataclass
class Share:
    """Files that belong together, and their bytes."""

    files: int = 0
    size: int = 0

    def add(self, files: int, size: int) -> None:
        self.files += files
        self.size += size


@dataclass
class Totals:
    whole: Share = field(default_factory=Share)
    #: Each content counted once, however often it is used: what the course takes on the disk.
    stored: Share = field(default_factory=Share)
    kinds: list[tuple[str, Share]] = field(default_factory=list)
    #: Those with most bytes first.
    holders: list[tuple[Holder, Share]] = field(default_factory=list)

    @property
    def saved(self) -> int:
        """The bytes that are not stored again, because the same content is there already."""
        return self.whole.size - self.stored.size


def are_files(course: Course) -> tuple[sa.ColumnElement[bool], ...]:
    """The rows that are files of a course's content, not folders."""
    return CourseFile.version_id == course.version_id, CourseFile.filename != "."


def totals_of(course: Course, holders: Holders) -> Totals:
    """What takes the space, by kind and by what holds it."""
    totals = Totals()
    kinds: defaultdict[str, Share] = defaultdict(Share)
    held: defaultdict[Holder, Share] = defaultdict(Share)
    columns = (CourseFile.context_id, CourseFile.component, CourseFile.filearea, CourseFile.mimetype)
    asked = sa.select(*columns, sa.func.count(), sa.func.sum(CourseFile.filesize)).where(*are_files(course))
    for context_id, component, filearea, mimetype, files, size in db.session.execute(
        asked.group_by(*columns)
    ):
        totals.whole.add(files, size)
        kinds[kind_of(mimetype)].add(files, size)
        held[holders.of(context_id, component, filearea)].add(files, size)
    totals.stored = _stored(course)
    totals.kinds = sorted(kinds.items(), key=lambda one: -one[1].size)
    totals.holders = sorted(held.items(), key=lambda one: (-one[1].size, one[0].name))
    return totals


def _stored(course: Course) -> Share:
    once = (
        sa.select(sa.func.max(CourseFile.filesize).label("size"))
        .where(*are_files(course), CourseFile.stored_hash.is_not(None))
        .group_by(CourseFile.stored_hash)
        .subquery()
    )
    files, size = db.session.execute(sa.select(sa.func.count(), sa.func.sum(once.c.size))).one()
    return Share(files, size or 0)
