"""Finds what can be copied, and asks for copies."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from jobs.queue import ask_for
from jobs.steps.copy_placing import roles_to_keep
from jobs.steps.selecting.parts import Selection, select_only, select_part
from webapp.access.rights import courses_where
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
from webapp.pages.paging import Page, page_of
from webapp.pages.searching import have_words


def get_course(course_id: int) -> Course:
    return db.session.get_one(Course, course_id)


def courses_to_take_from(user: User, search: str, number: int, *, but: int = 0) -> Page[Course]:
    """A page of the courses that the person may back up; every word of `search` is in their names."""
    return _courses(user, "back up", search, number, but)


def courses_to_move_into(user: User, search: str, number: int, *, but: int) -> Page[Course]:
    """The same of those into which they may restore."""
    return _courses(user, "restore", search, number, but)


def _courses(user: User, action: str, search: str, number: int, but: int) -> Page[Course]:
    found = sa.select(Course).where(Course.id != but)
    if not user.is_admin:
        found = found.where(Course.id.in_(courses_where(user, action)))
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


def selected_to_move(source: Course, part: Section | Activity) -> Selection:
    """The part with all that is in it, as a move takes it."""
    return select_only(db.session(), source.version, _only(source, part))


def _only(source: Course, part: Section | Activity) -> dict[str, Any]:
    scope = "section" if isinstance(part, Section) else "activity"
    selection = select_part(db.session(), source.version, scope, part.id, {})
    if selection is None:
        raise LookupError(part.id)
    return {
        "sections": [one.moodle_id for one in selection.sections],
        "activities": [one.moodle_id for one in selection.activities],
    }


def ask_for_move(
    source: Course,
    part: Section | Activity,
    target: Course,
    section_id: int | None,
    user: User,
    *,
    work: str = "",
) -> tuple[Job, bool]:
    """Have the part moved; an activity into that section. See `jobs.queue.ask_for`.

    `work` says whose work goes along: SHARED or EVERYBODY of `jobs.engine.moving`, or "" for nobody's.
    """
    is_section = isinstance(part, Section)
    moves: dict[str, Any] = {"kind": "section" if is_section else "activity", "row": part.id}
    options: dict[str, Any] = {
        "source_id": source.id, "course_id": target.id, "only": _only(source, part),
        "moves": moves | ({"work": work} if work else {}),
    }  # fmt: skip
    options |= {"sections": "append"} if is_section else {"section_id": section_id}
    title = part_name(part)
    return ask_for(
        JobKind.IMPORT, "course", target.id, user=user, title=title, course=target, options=options
    )


def ask_for_import(course: Course, source: Course, options: dict[str, Any], user: User) -> tuple[Job, bool]:
    """See `jobs.queue.ask_for`."""
    return ask_for(
        JobKind.IMPORT, "course", course.id, user=user, title=source.fullname, course=course, options=options
    )
