"""Who may do what: all rules of the site, in one table.

Knows no request; views ask through `webapp.access.permissions`, and a job asks again here
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
    Category,
    CategoryManager,
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
SITE_RULES = ("administer", "make courses", "manage courses")


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
    g.pop("managed_categories", None)
    g.pop("roles_in_courses", None)


def managed_categories(user: User, session: Session | None = None) -> frozenset[int]:
    """The categories whose courses the person manages: asked once for a request; a job asks in its own `session`."""
    if session is not None:
        return _managed(user.id, session)
    known: dict[int, frozenset[int]] = g.setdefault("managed_categories", {})
    if user.id not in known:
        known[user.id] = _managed(user.id, db.session())
    return known[user.id]


def courses_where(user: User, action: str) -> sa.Select[int]:
    """The numbers of the courses, hidden ones and those in the bin too, in which roles of the person may do `action`.

    For a query over many courses; admins need none. Raises KeyError for an action that is none of COURSE_RULES.
    """
    roles, courses = rules_in_force()[action], Course.__table__.c
    mine = sa.select(Membership.course_id).where(Membership.user_id == user.id, Membership.role.in_(roles))
    which: sa.ColumnElement[bool] = courses.id.in_(mine)
    if CourseRole.MANAGER in roles and (managed := managed_categories(user)):
        which |= courses.category_id.in_(managed)
    return sa.select(courses.id).where(which)


def role_in(user: User, course_id: int, session: Session | None = None) -> CourseRole | None:
    """The person's highest role in the course, as `session` sees it; None for a stranger."""
    if managed := managed_categories(user, session):
        courses = Course.__table__.c
        inside = sa.select(courses.id).where(courses.id == course_id, courses.category_id.in_(managed))
        if (session or db.session()).execute(inside).first() is not None:
            return CourseRole.MANAGER
    found = sa.select(Membership.role).where(Membership.course_id == course_id, Membership.user_id == user.id)
    return (session or db.session()).execute(found).scalar_one_or_none()


def may_put_into(user: User, course: Course, category_id: int | None) -> bool:
    """Whether the person may put a course that they edit into a category.

    Nobody comes to a higher role in a course by putting it into a category that they manage.
    """
    if user.is_admin or category_id not in managed_categories(user):
        return True
    return role_in(user, course.id) == CourseRole.MANAGER


def may_on_site(user: User, action: str) -> bool:
    """Whether the person may do one of SITE_RULES. Raises KeyError for an unknown action."""
    if action == "manage courses":
        return user.active and (user.is_admin or bool(managed_categories(user)))
    return {"administer": user.is_admin, "make courses": user.may_make_courses}[action] and user.active


def backs_up_courses(user: User) -> bool:
    """Whether there can be backups and restores of the person's: whoever may make courses, or back one up."""
    if not user.active or user.may_make_courses:
        return user.active
    return db.session.scalars(sa.select(courses_where(user, "back up").exists())).one()


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


def _managed(user_id: int, session: Session) -> frozenset[int]:
    own = sa.select(CategoryManager.category_id.label("id")).where(CategoryManager.user_id == user_id)
    below = own.cte("managed", recursive=True)
    below = below.union(sa.select(Category.id).join(below, Category.parent_id == below.c.id))
    return frozenset(session.scalars(sa.select(below.c.id)))


def _rules(session: Session) -> Rules:
    chosen: dict[str, list[str]] = get_setting("course_rights", session)
    changed = {
        action: frozenset(map(CourseRole, chosen[action])) for action in COURSE_RULES if action in chosen
    }
    return {**COURSE_RULES, **changed}
