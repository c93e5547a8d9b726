"""The people of a course as a table to take away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from webapp.access.audit import note
from webapp.content.groups import Group
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Course, Membership, Person
from webapp.participants.listing import CameWith, members, people_of_content, with_belongings
from webapp.participants.wanted import Wanted

COLUMNS = ("username", "email", "first_name", "last_name", "role", "role_there", "groups", "last_seen_there")
#: So many people are read at once.
BATCH = 500


def note_export(course: Course) -> None:
    """Write down that the list was taken away."""
    with write_transaction() as session:
        note(session, "list exported", course=course)


def all_participants(course: Course, wanted: Wanted, groups: list[Group]) -> Iterator[tuple[object, ...]]:
    """The rows of a table of COLUMNS: one for each person, whether from here, from there or both."""
    here = {one.user_id: one for one in db.session.scalars(members(course, wanted))}
    last = 0
    found = people_of_content(course, wanted).order_by(Person.id).limit(BATCH)
    while people := db.session.scalars(found.where(Person.id > last)).all():
        for one in with_belongings(course, people, groups):
            yield _row(one, here.pop(one.person.account_id, None) if one.person.account_id else None)
        last = people[-1].id
    for member in here.values():
        user = member.user
        yield user.username, user.email, user.first_name, user.last_name, member.role, "", "", ""


def _row(one: CameWith, member: Membership | None) -> tuple[object, ...]:
    seen = datetime.fromtimestamp(one.last_seen, UTC).isoformat(timespec="minutes") if one.last_seen else ""
    who = member.user if member else one.person
    named = (who.username, who.email, who.first_name, who.last_name)
    roles_there = "" if one.person.made_here else ", ".join(one.roles)
    return (*named, member.role if member else "", roles_there, ", ".join(one.groups), seen)
