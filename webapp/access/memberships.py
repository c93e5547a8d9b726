"""Who is in a course, and as what. A view asks for the right first; the rules here hold whoever asks."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.access.audit import note
from webapp.access.rights import may_in_course, role_in
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Course, CourseRole, Membership, User

#: The roles from the highest to the lowest.
RANKS = tuple(CourseRole)
#: The roles as people read them.
ROLE_WORDS = {
    CourseRole.MANAGER: _l("Manager"),
    CourseRole.EDITING_TEACHER: _l("Teacher"),
    CourseRole.TEACHER: _l("Teacher without editing"),
    CourseRole.STUDENT: _l("Pupil"),
    CourseRole.GUEST: _l("Guest"),
}


class RoleRefused(Exception):
    """The role can't be given or taken; says why in a sentence."""


def members_of(course: Course) -> list[Membership]:
    """Everybody in the course with their accounts, the highest roles first, then by name."""
    in_course = sa.select(Membership).where(Membership.course_id == course.id)
    members = db.session.scalars(in_course.options(joinedload(Membership.user)))
    return sorted(members, key=lambda one: (RANKS.index(one.role), one.user.name.casefold()))


def roles_to_give(course: Course, by: User) -> tuple[CourseRole, ...]:
    """What the person may make of others in the course: nothing above what they are themselves."""
    if not may_in_course(by, "set roles", course):
        return ()
    own = None if by.is_admin else role_in(by, course.id)
    return RANKS[RANKS.index(own) :] if own else RANKS


def may_change(course: Course, member: Membership, by: User) -> bool:
    """Whether the person may change the member's role or take it away."""
    return member.role in roles_to_give(course, by)


def set_role(course: Course, user: User, role: CourseRole, *, by: User) -> Membership:
    """Take somebody into the course, or change what they are in it. Raises RoleRefused."""
    with write_transaction() as session:
        member = _member(session, course, user)
        if not user.active:
            raise RoleRefused(_("%(name)s has an account that is switched off.", name=user.name))
        if role not in roles_to_give(course, by):
            raise RoleRefused(_("You can’t give a role that is above your own."))
        if member is not None and member.role != role:
            _check_rank(course, member, by)
        return put_in(session, course, user, role, member)


def remove_member(course: Course, user: User, *, by: User) -> None:
    """Take somebody's role in the course away; what they have made stays. Raises RoleRefused.

    A course may be left without a manager: admins can always get in.
    """
    with write_transaction() as session:
        member = _member(session, course, user)
        if member is not None:
            _check_rank(course, member, by)
            take_out(session, course, member)


def put_in(
    session: Session, course: Course, user: User, role: CourseRole, member: Membership | None
) -> Membership:
    """Write somebody's role in the course, where `member` is what they have; the caller has checked, and commits."""
    if member is None:
        member = Membership(course_id=course.id, user_id=user.id, role=role)
        session.add(member)
        note(session, "member added", user, course=course, detail=role)
    elif member.role != role:
        member.role = role
        note(session, "member role changed", user, course=course, detail=role)
    return member


def take_out(session: Session, course: Course, member: Membership) -> None:
    """Delete somebody's role in the course. The caller has checked it, and commits."""
    session.delete(member)
    note(session, "member removed", member.user, course=course)


def _member(session: Session, course: Course, user: User) -> Membership | None:
    found = sa.select(Membership).where(Membership.course_id == course.id, Membership.user_id == user.id)
    return session.scalars(found).one_or_none()


def _check_rank(course: Course, member: Membership, by: User) -> None:
    if not may_change(course, member, by):
        raise RoleRefused(
            _("%(name)s has a role above yours. A manager can change it.", name=member.user.name)
        )
