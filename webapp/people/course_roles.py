"""Roles in courses as a list of people says them: “GEO 9: student; BIO 7: teacher”."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.language import gettext as _
from webapp.access.memberships import put_in, take_out
from webapp.models import Course, CourseRole, Membership, User

#: Written as a role it takes somebody out of a course.
NO_ROLE = "none"


class Unclear(Exception):
    """What a cell says can't be done; says why in a sentence."""


@dataclass(frozen=True)
class RoleChange:
    """What somebody is in a course, and what they would be; None: nothing."""

    course: Course
    before: CourseRole | None
    after: CourseRole | None


class CourseRoles:
    """Holds the courses that a list speaks of, and who is in them."""

    def __init__(self, session: Session, cells: Iterable[str]) -> None:
        names = {name for cell in cells for name, _role in _parts(cell)}
        found = session.scalars(sa.select(Course).where(Course.shortname.in_(names))) if names else ()
        self._courses = {course.shortname: course for course in found}
        numbers = [course.id for course in self._courses.values()]
        rows = (
            session.scalars(sa.select(Membership).where(Membership.course_id.in_(numbers))) if numbers else ()
        )
        self._members = {(one.user_id, one.course_id): one for one in rows}

    def changes(self, cell: str, user_id: int | None) -> list[RoleChange]:
        """What a cell means for somebody, None being somebody new; what stays as it is is left out. Raises Unclear."""
        wished: dict[str, CourseRole | None] = {}
        for name, role in _parts(cell):
            if not name:
                raise Unclear(
                    _("Under courses, each short name needs a role behind a colon: GEO 9: student.")
                )
            if name not in self._courses:
                raise Unclear(_("There is no course with the short name “%(name)s”.", name=name[:60]))
            if role not in (*CourseRole, NO_ROLE):
                roles = ", ".join(CourseRole)
                raise Unclear(
                    _(
                        "“%(role)s” is no role in a course: it is one of %(roles)s, or %(no_role)s.",
                        role=role[:40],
                        roles=roles,
                        no_role=NO_ROLE,
                    )
                )
            if name in wished:
                raise Unclear(_("“%(name)s” is there twice.", name=name[:60]))
            wished[name] = None if role == NO_ROLE else CourseRole(role)
        found = (
            RoleChange(self._courses[name], self._role(user_id, name), role) for name, role in wished.items()
        )
        return [one for one in found if one.before != one.after]

    def apply(self, session: Session, user: User, changes: Iterable[RoleChange]) -> None:
        """Write the roles; the caller commits."""
        for change in changes:
            member = self._members.get((user.id, change.course.id))
            if change.after is not None:
                put_in(session, change.course, user, change.after, member)
            elif member is not None:
                take_out(session, change.course, member)

    def _role(self, user_id: int | None, name: str) -> CourseRole | None:
        member = self._members.get((user_id or 0, self._courses[name].id))
        return member.role if member else None


def roles_of(session: Session, users: Iterable[User]) -> dict[int, str]:
    """Each person's roles in courses, in the words that `CourseRoles` reads."""
    found = sa.select(Membership.user_id, Course.shortname, Membership.role).join(
        Course, Course.id == Membership.course_id
    )
    rows = session.execute(
        found.where(Membership.user_id.in_([one.id for one in users])).order_by(Course.shortname)
    )
    cells: defaultdict[int, list[str]] = defaultdict(list)
    for user_id, shortname, role in rows:
        cells[user_id].append(f"{shortname}: {role}")
    return {user_id: "; ".join(parts) for user_id, parts in cells.items()}


def _parts(cell: str) -> list[tuple[str, str]]:
    """Short names and roles. A short name may have a colon in it, so the last one parts the two."""
    parts = (part.rpartition(":") for part in cell.split(";") if part.strip())
    return [(name.strip(), role.strip().lower()) for name, _colon, role in parts]
