"""Makes somebody who has a role here a person of the course’s content, so that its backups name them.

They stand in it as Moodle has those who were taken into a course by hand: in users.xml, enrolled, and with a role.
"""

from __future__ import annotations

import sqlalchemy as sa
from lxml import etree

from jobs.archive.xml import pack, unpack
from webapp.content.columns import PERSON, take_columns
from webapp.content.course_shapes import manual_enrolment
from webapp.content.edit import Edit
from webapp.content.records import add_record, child, of_course
from webapp.content.shapes import Value, role_definition, tree, user
from webapp.models import CourseRole, Document, Membership, Person, Record

#: The ids that every Moodle gives its roles when it is installed: its lib/db/install.
_STANDARD = {
    CourseRole.MANAGER: 1, CourseRole.EDITING_TEACHER: 3, CourseRole.TEACHER: 4, CourseRole.STUDENT: 5,
    CourseRole.GUEST: 6,
}  # fmt: skip
#: What a backup that was made without people says of itself.
_SETTINGS = ("users", "role_assignments")


def person_of(change: Edit, member: Membership) -> int:
    """The archive's id of a member of the course; makes them a person of its content where they are none yet."""
    mine = (Person.version_id == change.version.id) & (Person.account_id == member.user_id)
    known = change.session.scalars(sa.select(Person.moodle_id).where(mine)).first()
    if known is not None:
        return known
    number, context, enrolment, assignment = change.take_ids(4)
    _list(change, member, number, context)
    _enrol(change, number, enrolment)
    _give_role(change, member.role, number, assignment)
    settings = change.version.manifest.get("root_settings")
    if settings:
        there = {name: "1" for name in _SETTINGS if name in settings}
        change.version.manifest = {**change.version.manifest, "root_settings": {**settings, **there}}
    return number


def _list(change: Edit, member: Membership, number: int, context: int) -> None:
    account = member.user
    element = user(
        number, context, change.now, username=account.username, email=account.email,
        firstname=account.first_name, lastname=account.last_name,
    )  # fmt: skip
    values = take_columns(element, PERSON)
    last = sa.select(sa.func.max(Person.position)).where(Person.version_id == change.version.id)
    position = change.session.scalars(last).one()
    change.session.add(
        Person(
            version_id=change.version.id, moodle_id=number, account_id=account.id, made_here=True,
            position=0 if position is None else position + 1, body=pack(element), **values,
        )
    )  # fmt: skip


def _enrol(change: Edit, person: int, enrolment: int) -> None:
    leaves: dict[str, Value] = {
        "status": 0, "userid": person, "timestart": 0, "timeend": 0, "modifierid": 0, "timemodified": change.now,
    }  # fmt: skip

    def by_hand(root: etree._Element) -> etree._Element:
        ways = child(root, "enrols")
        manual = next((one for one in ways.iter("enrol") if one.findtext("enrol") == "manual"), None)
        if manual is None:
            (way_id,) = change.take_ids(1)
            manual = manual_enrolment(way_id, change.now)
            ways.append(manual)
        return child(manual, "user_enrolments")

    add_record(
        change, "course/enrolments.xml", "enrolments/enrols/enrol/user_enrolments/enrolment",
        tree("enrolment", leaves, id=enrolment), by_hand, user_data=True,
    )  # fmt: skip


def _give_role(change: Edit, role: CourseRole, person: int, assignment: int) -> None:
    leaves: dict[str, Value] = {
        "roleid": _role_id(change, role), "userid": person, "timemodified": change.now, "modifierid": 0,
        "component": "", "itemid": 0, "sortorder": 0,
    }  # fmt: skip
    add_record(
        change, "course/roles.xml", "roles/role_assignments/assignment",
        tree("assignment", leaves, id=assignment), lambda root: child(root, "role_assignments"), user_data=True,
    )  # fmt: skip


def _role_id(change: Edit, role: CourseRole) -> int:
    """The id of a role in the course’s archives; one that they don’t speak of yet is defined."""
    defined = _defined(change)
    if role in defined:
        return defined[role]
    number = _STANDARD[role]
    if number in defined.values():
        (number,) = change.take_ids(1)
    definition = role_definition(number, role.value)
    add_record(change, "roles.xml", "roles_definition/role", definition, lambda root: root)
    return number


def _defined(change: Edit) -> dict[str, int]:
    """The roles that roles.xml has, by what kind of role they are."""
    documents = change.session.scalars(sa.select(Document).where(of_course(change, "roles.xml"))).all()
    found = [one for document in documents for one in unpack(document.skeleton).iter("role")]
    bodies = sa.select(Record.body).where(Record.document_id.in_([document.id for document in documents]))
    found += [unpack(body) for body in change.session.scalars(bodies)]
    return {
        one.findtext("archetype") or one.findtext("shortname") or "": int(one.get("id") or 0)
        for one in reversed(found)
    }
