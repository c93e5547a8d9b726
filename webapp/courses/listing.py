"""Which courses a person sees, and the few facts about them that pages show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.access.rights import TEACHERS, courses_where
from webapp.content.roles_there import CameAlong
from webapp.extensions import db
from webapp.models import MADE_HERE, ArchiveFile, Category, Course, CourseRole, Membership, User
from webapp.pages.paging import Page, page_of
from webapp.pages.searching import have_words


def courses_for(user: User, search: str, page: int) -> Page[Course]:
    """A page of the courses that the person may see, by category and name; every word of `search` in their names."""
    found = sa.select(Course).outerjoin(Category).options(joinedload(Course.category))
    if not user.is_admin:
        shown = Course.visible | Course.id.in_(courses_where(user, "see hidden"))
        found = found.where(Course.id.in_(courses_where(user, "see course")), shown)
    found = found.where(*have_words(search, Course.fullname, Course.shortname, Course.idnumber))
    order = (Category.position.nulls_last(), Category.name, sa.func.lower(Course.fullname), Course.id)
    return page_of(found.order_by(*order), page)


def by_category(courses: Page[Course]) -> Iterator[tuple[Category | None, list[Course]]]:
    """The courses of a page under the category that each is in."""
    for category, some in groupby(courses.rows, key=lambda course: course.category):
        yield category, list(some)


@dataclass(frozen=True)
class Headcount:
    """Who has a role here, and whom the course's content brought along (docs/adr/0007)."""

    pupils: int
    teachers: int
    came: CameAlong


def headcount(course: Course) -> Headcount:
    counted = sa.select(Membership.role, sa.func.count()).where(Membership.course_id == course.id)
    pupils = teachers = 0
    for role, number in db.session.execute(counted.group_by(Membership.role)):
        if role == CourseRole.STUDENT:
            pupils = number
        elif role in TEACHERS:
            teachers += number
    return Headcount(pupils, teachers, CameAlong(course.version_id))


@dataclass(frozen=True)
class Kept:
    """The backups of a course, in short."""

    count: int
    last: datetime | None
    verified: datetime | None


def kept_backups(course_id: int) -> Kept:
    asked = sa.select(
        sa.func.count(), sa.func.max(ArchiveFile.created_at), sa.func.max(ArchiveFile.verified_at)
    ).where(
        ArchiveFile.course_id == course_id,
        ArchiveFile.origin.in_(MADE_HERE),
        ArchiveFile.scope == "course",
        ArchiveFile.damage == "",
    )
    count, last, verified = db.session.execute(asked).one()
    return Kept(count, last, verified)
