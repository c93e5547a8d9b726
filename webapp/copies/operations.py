"""Finds what can be copied, and asks for copies."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from jobs.queue import ask_for
from jobs.steps.copy_placing import roles_to_keep
from webapp.content.choices import part_name
from webapp.extensions import db
from webapp.models import (
    Activity,
    Course,
    CourseRole,
    Job,
    JobKind,
    Membership,
    Section,
    User,
)
from webapp.paging import Page, page_of
from webapp.rights import courses_where
from webapp.searching import have_words


def get_course(course_id: int) -> Course:
    return db.session.get_one(Course, course_id)


def courses_to_take_from(user: User, search: str, number: int, *, but: int = 0) -> Page[Course]:
    """A page of the courses that the person may back up; every word of `search` is in their names."""
    found = sa.select(Course).where(Course.id != but)
    if not user.is_admin:
        found = found.where(Course.id.in_(courses_where(user, "back up")))
    found = found.where(*have_words(search, Course.fullname, Course.shortname, Course.idnumber))
    return page_of(found.order_by(sa.func.lower(Course.fullname), Course.id), number)


def roles_offered(course: Course, user: User) -> dict[CourseRole, int]:
    """The roles that may be taken over, each with how many others have it."""
    counted = sa.select(Membership.role, sa.func.count()).where(
        Membership.course_id == course.id, Membership.user_id != user.id
    )
    there = {row[0]: row[1] for row in db.session.execute(counted.group_by(Membership.role))}
    return {role: there[role] for role in roles_to_keep(user, course) if role in there}


def ask_for_duplicate(course: Course, part: Section | Activity, user: User) -> tuple[Job, bool]:
    """See `jobs.queue.ask_for`."""
    scope = "section" if isinstance(part, Section) else "activity"
    return ask_for(JobKind.COPY, scope, part.id, user=user, title=part_name(part), course=course)


def ask_for_import(course: Course, source: Course, options: dict[str, Any], user: User) -> tuple[Job, bool]:
    """See `jobs.queue.ask_for`."""
    return ask_for(
        JobKind.IMPORT, "course", course.id, user=user, title=source.fullname, course=course, options=options
    )
