"""Which roles the people who came with a course had where it comes from, as its documents say.

Each assignment is a record of its own, and there may be thousands: the database looks into them itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from lxml import etree

from jobs.archive.xml import text_of, unpack
from jobs.language import lazy_gettext as _l
from webapp.content.lookups import records_of_course
from webapp.extensions import db
from webapp.models import CourseRole, Person, Record

#: What the roles that every Moodle has are called, where the archive gives them no name of their own.
_NAMES = {
    "manager": _l("Manager"),
    "coursecreator": _l("Course creator"),
    "editingteacher": _l("Teacher"),
    "teacher": _l("Teacher without editing"),
    "student": _l("Pupil"),
    "guest": _l("Guest"),
}
_TEACHING = frozenset({"manager", "coursecreator", "editingteacher", "teacher"})
_PUPIL, _TEACHER = 1, 2
#: So many figures of a number are looked at.
_LONGEST = 19


@dataclass(frozen=True)
class RoleThere:
    """A role of the site that the course comes from."""

    moodle_id: int
    name: str
    #: What kind of role it is, by Moodle's own word: "student".
    archetype: str


class CameAlong:
    """How many people came with a version of a course, and as what: counted when somebody wants to know."""

    def __init__(self, version_id: int) -> None:
        self._version_id = version_id

    @property
    def people(self) -> int:
        return self._people[0]

    @property
    def with_account(self) -> int:
        """How many of them have an account of this site."""
        return self._people[1]

    @property
    def pupils(self) -> int:
        """Those who teach nothing here; whoever has several roles counts once."""
        return self._ranks.get(_PUPIL, 0)

    @property
    def teachers(self) -> int:
        return self._ranks.get(_TEACHER, 0)

    @property
    def others(self) -> int:
        return max(0, self.people - self.pupils - self.teachers)

    @property
    def _came(self) -> tuple[sa.ColumnElement[bool], ...]:
        return Person.version_id == self._version_id, Person.made_here.is_(None)

    @cached_property
    def _people(self) -> tuple[int, int]:
        named = sa.select(sa.func.count(), sa.func.count(Person.account_id))
        people, with_account = db.session.execute(named.where(*self._came)).one()
        return people, with_account

    @cached_property
    def _ranks(self) -> dict[int, int]:
        """How many people have a role of which rank as their highest."""
        if not self.people:
            return {}
        roles = roles_there(self._version_id)
        teaching = [one.moodle_id for one in roles if one.archetype in _TEACHING]
        taught = [one.moodle_id for one in roles if one.archetype == CourseRole.STUDENT]
        held = _held(self._version_id).subquery()
        rank = sa.case((held.c.role.in_(teaching), _TEACHER), (held.c.role.in_(taught), _PUPIL), else_=0)
        # An archive may give roles to people whom it does not list.
        listed = held.c.person.in_(sa.select(Person.moodle_id).where(*self._came))
        each = sa.select(sa.func.max(rank).label("rank")).where(listed).group_by(held.c.person).subquery()
        counted = sa.select(each.c.rank, sa.func.count()).group_by(each.c.rank)
        return {row[0]: row[1] for row in db.session.execute(counted)}


def roles_there(version_id: int) -> list[RoleThere]:
    """The roles that the archive speaks of, in its order."""
    found = records_of_course(version_id, "roles.xml", "roles_definition/role")
    rows = found.with_only_columns(Record.moodle_id, Record.body).order_by(Record.slot, Record.position)
    return [_role(moodle_id or 0, unpack(body)) for moodle_id, body in db.session.execute(rows)]


def roles_of(version_id: int, people: Iterable[int]) -> dict[int, list[str]]:
    """The names of the roles of these people, by the archive's ids of people."""
    names = {one.moodle_id: one.name for one in roles_there(version_id)}
    held = _held(version_id).subquery()
    found: defaultdict[int, list[str]] = defaultdict(list)
    wanted = sa.select(held).where(held.c.person.in_(people)).distinct()
    for person, role in db.session.execute(wanted):
        if role in names and names[role] not in found[person]:
            found[person].append(names[role])
    return found


def holders(version_id: int, archetype: str) -> sa.Select[Any]:
    """The archive's ids of those who have a role of this kind."""
    roles = [one.moodle_id for one in roles_there(version_id) if one.archetype == archetype]
    held = _held(version_id).subquery()
    return sa.select(held.c.person).where(held.c.role.in_(roles))


def _held(version_id: int) -> sa.Select[Any]:
    """Who has which role in the course: `person` and `role`, by the archive's ids."""
    found = records_of_course(version_id, "course/roles.xml", "roles/role_assignments/assignment")
    columns: tuple[Any, ...] = (_number("userid").label("person"), _number("roleid").label("role"))
    return found.with_only_columns(*columns)


def _number(leaf: str) -> sa.ColumnElement[int]:
    """The number in a leaf of a record; what follows the figures is not looked at when a text is cast."""
    text, tag = sa.cast(Record.body, sa.Text), f"<{leaf}>"
    figures = sa.func.substr(text, sa.func.instr(text, tag) + len(tag), _LONGEST)
    return sa.cast(figures, sa.BigInteger)


def _role(moodle_id: int, role: etree._Element) -> RoleThere:
    short = _leaf(role, "shortname")
    name = _leaf(role, "nameincourse") or _leaf(role, "name") or str(_NAMES.get(short, short))
    return RoleThere(moodle_id, name, _leaf(role, "archetype") or short)


def _leaf(element: etree._Element, name: str) -> str:
    found = element.find(name)
    return (text_of(found) or "").strip() if found is not None else ""
