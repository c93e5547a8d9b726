"""Takes a list of people into a course: first what would happen, line by line, then the same for real."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.language import gettext as _
from webapp.access.memberships import members_of, put_in, roles_to_give, take_out
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Course, CourseRole, Membership, User
from webapp.spreadsheets import Layout, Row, read_rows

LAYOUT = Layout(
    ("username", "email", "role"),
    ("username", "email"),
    ("first_name", "last_name", "role_there", "groups", "last_seen_there"),
)
#: Written as a role it takes somebody out.
NO_ROLE = "none"


class StillWrong(Exception):
    """Lines are wrong, and nobody said to leave them out."""


@dataclass(frozen=True)
class Line:
    """What one line of the list means for the course."""

    number: int
    #: The user name or address by which the line names somebody.
    who: str
    user: User | None = None
    before: CourseRole | None = None
    after: CourseRole | None = None
    fault: str = ""

    @property
    def kind(self) -> str:
        if self.fault:
            return "wrong"
        if self.before == self.after:
            return "same"
        if self.before is None:
            return "new"
        return "out" if self.after is None else "changed"


@dataclass(frozen=True)
class Plan:
    lines: list[Line]

    def count(self, kind: str) -> int:
        return Counter(line.kind for line in self.lines)[kind]


def plan_import(course: Course, text: str, *, by: User) -> Plan:
    """Whom the list would take in, change and take out, and what is wrong with it. Raises UnreadableTable."""
    rows = read_rows(text, LAYOUT)
    planner = _Planner(db.session(), course, rows, by)
    return Plan([planner.line(row) for row in rows])


def carry_out(course: Course, text: str, *, leave_out: bool, by: User) -> Plan:
    """Do what the list says, all of it or nothing; returns what was done.

    Raises StillWrong unless `leave_out` says to go on without the wrong lines, and UnreadableTable.
    """
    with write_transaction() as session:
        plan = plan_import(course, text, by=by)
        if plan.count("wrong") and not leave_out:
            raise StillWrong
        members = {one.user_id: one for one in members_of(course)}
        for line in plan.lines:
            if line.user is None or line.kind in ("wrong", "same"):
                continue
            if line.after is None:
                take_out(session, course, members[line.user.id])
            else:
                put_in(session, course, line.user, line.after, members.get(line.user.id))
    return plan


class _Planner:
    """Holds the accounts that the list speaks of, and who is in the course."""

    def __init__(self, session: Session, course: Course, rows: list[Row], by: User) -> None:
        self._has_roles = any("role" in row.cells for row in rows)
        self._may_give = roles_to_give(course, by)
        self._members: dict[int, Membership] = {one.user_id: one for one in members_of(course)}
        self._by_name = {
            one.username.lower(): [one] for one in _accounts(session, User.username, rows, "username")
        }
        self._by_email: dict[str, list[User]] = {}
        for one in _accounts(session, User.email, rows, "email"):
            self._by_email.setdefault(one.email.lower(), []).append(one)
        self._lines: dict[int, int] = {}

    def line(self, row: Row) -> Line:
        who, found = self._who(row)
        wished = row.cells.get("role", "").lower()
        if row.fault:
            return Line(row.number, who, fault=row.fault)
        if len(found) != 1:
            # Whoever came with the course and has no account stands in a list that went out, without a role.
            is_wanted = wished or not self._has_roles or not who
            return Line(row.number, who, fault=_missing(who, found) if is_wanted else "")
        user = found[0]
        member = self._members.get(user.id)
        before = member.role if member else None
        if not self._has_roles and member is None:
            wished = CourseRole.STUDENT.value
        if fault := self._fault(user, before, wished):
            return Line(row.number, who, user, before, fault=fault)
        self._lines[user.id] = row.number
        after = before if not wished else None if wished == NO_ROLE else CourseRole(wished)
        return Line(row.number, who, user, before, after)

    def _who(self, row: Row) -> tuple[str, list[User]]:
        username, email = row.cells.get("username", ""), row.cells.get("email", "")
        if username:
            return username, self._by_name.get(username.lower(), [])
        return email, self._by_email.get(email.lower(), [])

    def _fault(self, user: User, before: CourseRole | None, wished: str) -> str:
        if user.id in self._lines:
            return _("Line %(line)s is about the same person.", line=self._lines[user.id])
        if not wished or wished == before:
            return ""
        if wished not in (*CourseRole, NO_ROLE):
            return _(
                "“%(role)s” is no role here: it is one of %(roles)s, or %(none)s.",
                role=wished[:40],
                roles=", ".join(CourseRole),
                none=NO_ROLE,
            )
        if before and before not in self._may_give:
            return _("They have a role above yours. A manager can change it.")
        if wished == NO_ROLE:
            return ""
        if wished not in self._may_give:
            return _("You can’t give a role that is above your own.")
        return "" if user.active else _("Their account is switched off.")


def _accounts(
    session: Session,
    column: sa.ColumnElement[str] | sa.orm.InstrumentedAttribute[str],
    rows: Iterable[Row],
    name: str,
) -> Iterable[User]:
    wanted = {row.cells.get(name, "").lower() for row in rows} - {""}
    return session.scalars(sa.select(User).where(sa.func.lower(column).in_(wanted))).all() if wanted else ()


def _missing(who: str, found: list[User]) -> str:
    if not who:
        return _("There is neither a user name nor a mail address.")
    return (
        _("Several people here share this address. Write their user names.")
        if found
        else _("Nobody here is called so.")
    )
