"""Who may do what: all rules of the site, in one table.

Knows no request; views ask through `webapp.permissions`, and a job asks again here
when it starts, because rights can go between the click and the run. What an admin has
changed of the table is a setting (`webapp.people.course_rights` writes it).
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models import (
    WITH_BIN,
    ArchiveFile,
    ArchiveOrigin,
    Course,
    CourseRole,
    Membership,
    User,
    get_setting,
)

Rules = Mapping[str, frozenset[CourseRole]]

EDITORS = frozenset({CourseRole.MANAGER, CourseRole.EDITING_TEACHER})
TEACHERS = EDITORS | {CourseRole.TEACHER}
EVERYONE = frozenset(CourseRole)

#: What one may do in a course, and the roles that may as the program comes. Admins may everything.
COURSE_RULES: Rules = {
    "see course": EVERYONE,
    "see hidden": TEACHERS,
    "see people": TEACHERS,
    "edit course": EDITORS,
    "back up": EDITORS,
    "restore": EDITORS,
    "set roles": EDITORS,
    "delete course": frozenset({CourseRole.MANAGER}),
}
#: What one may do on the site as a whole.
SITE_RULES = ("administer", "make courses")


def rules_in_force(session: Session | None = None) -> Rules:
    """COURSE_RULES with what an admin has changed: asked once for a request; a job asks in its own `session`."""
    if session is not None:
        return _rules(session)
    if "course_rules" not in g:
        g.course_rules = _rules(db.session())
    rules: Rules = g.course_rules
    return rules


def forget_rules() -> None:
    """Have them asked for again: they were changed, or the answer goes on after its request."""
    g.pop("course_rules", None)


def roles_that_may(action: str) -> frozenset[CourseRole]:
    """The roles that may do one of COURSE_RULES, for a query over many courses. Raises KeyError."""
    return rules_in_force()[action]


def role_in(user: User, course_id: int, session: Session | None = None) -> CourseRole | None:
    """The person's role in the course, as `session` sees it; None for a stranger."""
    found = sa.select(Membership.role).where(Membership.course_id == course_id, Membership.user_id == user.id)
    return (session or db.session()).execute(found).scalar_one_or_none()


def may_on_site(user: User, action: str) -> bool:
    """Whether the person may do one of SITE_RULES. Raises KeyError for an unknown action."""
    return {"administer": user.is_admin, "make courses": user.may_make_courses}[action] and user.active


def may_in_course(
    user: User, action: str, course: Course, role: CourseRole | None = None, *, session: Session | None = None
) -> bool:
    """Whether the person may do one of COURSE_RULES; `role` saves asking for it again.

    A job asks in its own `session`.

    Raises KeyError for an unknown action.
    """
    if action not in COURSE_RULES:
        raise KeyError(action)
    if not user.active:
        return False
    if user.is_admin:
        return True
    rules = rules_in_force(session)
    role = role or role_in(user, course.id, session)
    if role is None or role not in rules[action]:
        return False
    return course.visible or role in rules["see hidden"]


def may_use_archive(user: User, archive: ArchiveFile, *, session: Session | None = None) -> bool:
    """Whether the person may have a backup file: one that they brought, or of a course that they may back up.

    Whoever made a backup keeps it no longer than they may make another; only where the course has gone for
    good it is theirs. A job asks in its own `session`.
    """
    if not user.active or user.is_admin:
        return user.active
    course = None
    if archive.origin != ArchiveOrigin.UPLOAD and archive.course_id is not None:
        found = sa.select(Course).where(Course.id == archive.course_id)
        course = (session or db.session()).scalars(found, execution_options=WITH_BIN).one_or_none()
    if course is None:
        return archive.owner_id == user.id
    return may_in_course(user, "back up", course, session=session)


def _rules(session: Session) -> Rules:
    chosen: dict[str, list[str]] = get_setting("course_rights", session)
    changed = {
        action: frozenset(map(CourseRole, chosen[action])) for action in COURSE_RULES if action in chosen
    }
    return {**COURSE_RULES, **changed}
