"""Who may do what: all rules of the site, in one table.

Knows no request; views ask through `webapp.permissions`, and a job asks again here
when it starts, because rights can go between the click and the run.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models import Course, CourseRole, Membership, User

EDITORS = frozenset({CourseRole.MANAGER, CourseRole.EDITING_TEACHER})
TEACHERS = EDITORS | {CourseRole.TEACHER}
EVERYONE = frozenset(CourseRole)

#: What one may do in a course, and the roles that may. Admins may everything.
COURSE_RULES: dict[str, frozenset[CourseRole]] = {
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
    allowed = COURSE_RULES[action]
    if not user.active:
        return False
    if user.is_admin:
        return True
    role = role or role_in(user, course.id, session)
    if role is None or role not in allowed:
        return False
    return course.visible or role in COURSE_RULES["see hidden"]
