"""Brings a list of people in: first what would happen, line by line, then the same for real."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.language import gettext as _
from jobs.nudges import nudge
from webapp.access.audit import note
from webapp.access.invitations import INVITATION, write_mail
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Job, SiteRole, User
from webapp.people.course_roles import CourseRoles, RoleChange, Unclear
from webapp.people.operations import (
    CHANGEABLE,
    ROLE_WORDS,
    Details,
    apply_changes,
    shape_faults,
    what_changes,
)
from webapp.spreadsheets import Layout, Row, read_rows

LAYOUT = Layout(
    ("username", "email", "first_name", "last_name", "role", "active", "courses"),
    ("username",),
    ("last_signed_in",),
)
_SWITCHES = {"yes": True, "no": False}


class StillWrong(Exception):
    """Lines are wrong, and nobody said to leave them out."""


@dataclass(frozen=True)
class Change:
    """One thing that would be another, in words: what, what it is now, what it would be."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """What one line of the list means for the accounts."""

    number: int
    details: Details
    #: The account that is there already, and what would change of it.
    user_id: int | None = None
    changes: tuple[Change, ...] = ()
    #: What they would be in courses.
    course_roles: tuple[RoleChange, ...] = ()
    fault: str = ""

    @property
    def kind(self) -> str:
        if self.fault:
            return "wrong"
        if self.user_id is None:
            return "new"
        return "changed" if self.changes or self.course_roles else "same"


@dataclass(frozen=True)
class Plan:
    lines: list[Line]

    def of(self, kind: str) -> list[Line]:
        return [line for line in self.lines if line.kind == kind]


def plan_import(text: str) -> Plan:
    """What the list would make and change, and what is wrong with it. Raises UnreadableTable."""
    return _planned(text)[0]


def carry_out(text: str, *, leave_out: bool, invite: bool) -> Plan:
    """Make and change what the list says, all of it or nothing; returns what was done.

    Raises StillWrong unless `leave_out` says to go on without the wrong lines, and UnreadableTable.
    """
    jobs: list[Job] = []
    with write_transaction() as session:
        plan, course_roles = _planned(text)
        if plan.of("wrong") and not leave_out:
            raise StillWrong
        for line in plan.of("changed"):
            user = session.get_one(User, line.user_id)
            apply_changes(session, user, line.details)
            course_roles.apply(session, user, line.course_roles)
        made = [User(username=line.details.username, **_values(line.details)) for line in plan.of("new")]
        session.add_all(made)
        session.flush()
        for user, line in zip(made, plan.of("new"), strict=True):
            note(session, "person made", user)
            course_roles.apply(session, user, line.course_roles)
        if invite:
            jobs = [write_mail(session, user, INVITATION) for user in made if user.email]
    for job in jobs:
        nudge(job.id, job.kind)
    return plan


def _planned(text: str) -> tuple[Plan, CourseRoles]:
    rows, session = read_rows(text, LAYOUT), db.session()
    course_roles = CourseRoles(session, (row.cells.get("courses", "") for row in rows))
    planner = _Planner(session, (row.cells.get("username", "") for row in rows), course_roles)
    return Plan([planner.line(row) for row in rows]), course_roles


class _Planner:
    """Holds the accounts that are there, and what the lines so far have taken."""

    def __init__(self, session: Session, names: Iterable[str], course_roles: CourseRoles) -> None:
        self._course_roles = course_roles
        lowered = {name.lower() for name in names}
        wanted = sa.select(User).where(sa.func.lower(User.username).in_(lowered))
        self._accounts = {user.username.lower(): user for user in session.scalars(wanted)}
        addresses = session.execute(sa.select(User.email, User.id).where(User.email != ""))
        self._owners = {email.lower(): user_id for email, user_id in addresses}
        self._name_lines: dict[str, int] = {}
        self._email_lines: dict[str, int] = {}

    def line(self, row: Row) -> Line:
        user = self._accounts.get(row.cells.get("username", "").lower())
        details = _details(row, user)
        fault = row.fault or self._fault(row, details, user)
        if fault:
            return Line(row.number, details, fault=fault)
        user_id = user.id if user else None
        try:
            roles = tuple(self._course_roles.changes(row.cells.get("courses", ""), user_id))
        except Unclear as unclear:
            return Line(row.number, details, fault=str(unclear))
        self._name_lines[details.username] = row.number
        self._email_lines[details.email.lower()] = row.number
        if user is None:
            return Line(row.number, details, course_roles=roles)
        changes = (_change(name, user, details) for name in what_changes(user, details))
        return Line(row.number, details, user.id, tuple(changes), roles)

    def _fault(self, row: Row, details: Details, user: User | None) -> str:
        email = details.email.lower()
        role = row.cells.get("role", "").lower()
        if faults := shape_faults(details):
            return " ".join(faults.values())
        if role and role not in list(SiteRole):
            return _(
                "“%(role)s” is no role here: it is one of %(roles)s.",
                role=role[:40],
                roles=", ".join(SiteRole),
            )
        if (active := row.cells.get("active", "").lower()) and active not in _SWITCHES:
            return _("“%(typed)s” under active is neither yes nor no.", typed=active[:40])
        if details.username in self._name_lines:
            return _(
                "Line %(line)s has this user name already.",
                line=self._name_lines[details.username],
            )
        if email and email in self._email_lines:
            return _("Line %(line)s has this mail address already.", line=self._email_lines[email])
        if email and self._owners.get(email, user and user.id) != (user and user.id):
            return _("Another account here has this mail address.")
        if user is not None and user.is_admin and (details.role != SiteRole.ADMIN or not details.active):
            return _("This is an admin. Change that on the page of the account.")
        return ""


def _details(row: Row, user: User | None) -> Details:
    """What the line says; of an account that is there, an empty cell changes nothing."""
    username = row.cells.get("username", "").lower()
    known = {name: getattr(user, name) for name in CHANGEABLE} if user else {}
    said: dict[str, Any] = {name: cell for name, cell in row.cells.items() if name in CHANGEABLE and cell}
    role, active = said.pop("role", "").lower(), said.pop("active", "").lower()
    details = Details(username, **(known | said))
    if active in _SWITCHES:
        details = replace(details, active=_SWITCHES[active])
    return replace(details, role=SiteRole(role)) if role in list(SiteRole) else details


def _change(name: str, user: User, details: Details) -> Change:
    return Change(str(CHANGEABLE[name]), _words(getattr(user, name)), _words(getattr(details, name)))


def _words(value: str | bool) -> str:
    if isinstance(value, SiteRole):
        return str(ROLE_WORDS[value])
    return (_("yes") if value else _("no")) if isinstance(value, bool) else value or _("none")


def _values(details: Details) -> dict[str, Any]:
    return {name: getattr(details, name) for name in CHANGEABLE}
