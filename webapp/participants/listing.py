"""Finds the people of a course, a page at a time: those with a role here, and those who came with its content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from jobs.archive.xml import text_of, unpack
from webapp.access.memberships import RANKS
from webapp.content.groups import Group
from webapp.content.roles_there import holders, roles_of
from webapp.extensions import db
from webapp.models import Course, Membership, Person, User
from webapp.pages.paging import CountedPage, counted_page_of
from webapp.pages.searching import have_words
from webapp.participants.wanted import Wanted

#: People of the archive by last name, also those who came before their names were kept for that.
BY_NAME = (Person.sort_name, sa.func.lower(Person.last_name), sa.func.lower(Person.first_name), Person.id)
#: Moments before and after these are none.
_EARLIEST, _LATEST = 10**8, 10**11


@dataclass(frozen=True)
class CameWith:
    """Somebody of users.xml, with what the archive says of them in this course."""

    person: Person
    roles: list[str]
    groups: list[str]
    #: Seconds since 1970, on the site that they come from.
    last_seen: int | None


def find_member(course: Course, user_id: int) -> Membership | None:
    """The role that somebody has in the course."""
    found = sa.select(Membership).where(Membership.course_id == course.id, Membership.user_id == user_id)
    return db.session.scalars(found).first()


def members(course: Course, wanted: Wanted) -> sa.Select[Membership]:
    """Those with a role here who are looked for, the highest roles first, then by last name."""
    found = sa.select(Membership).join(Membership.user).options(contains_eager(Membership.user))
    found = found.where(
        Membership.course_id == course.id,
        *have_words(wanted.q, User.first_name, User.last_name, User.username, User.email),
    )
    if wanted.role:
        found = found.where(Membership.role == wanted.role)
    if wanted.group:
        inside = sa.select(Person.account_id).where(
            Person.version_id == course.version_id, Person.moodle_id.in_(wanted.group.members)
        )
        found = found.where(User.id.in_(inside))
    rank = sa.case({role: place for place, role in enumerate(RANKS)}, value=Membership.role)
    return found.order_by(rank, sa.func.lower(User.last_name), sa.func.lower(User.first_name), User.id)


def people_of_content(course: Course, wanted: Wanted) -> sa.Select[Person]:
    """Those whom the content of the course names and who are looked for, in no order."""
    found = sa.select(Person).where(
        Person.version_id == course.version_id,
        *have_words(wanted.q, Person.first_name, Person.last_name, Person.username, Person.email),
    )
    if wanted.role:
        found = found.where(Person.moodle_id.in_(holders(course.version_id, wanted.role)))
    if wanted.group:
        found = found.where(Person.moodle_id.in_(wanted.group.members))
    return found


def page_of_members(course: Course, wanted: Wanted, number: int) -> CountedPage[Membership]:
    return counted_page_of(members(course, wanted), number)


def page_of_those_who_came(
    course: Course, wanted: Wanted, groups: list[Group], number: int
) -> CountedPage[CameWith]:
    """A page of those who came, by last name."""
    came = people_of_content(course, wanted).where(Person.made_here.is_(None))
    page = counted_page_of(came.order_by(*BY_NAME), number)
    rows = with_belongings(course, page.rows, groups)
    return CountedPage(rows, page.number, page.has_more, page.total)


def with_belongings(course: Course, people: Sequence[Person], groups: list[Group]) -> list[CameWith]:
    """The people with their roles and groups."""
    roles = roles_of(course.version_id, [one.moodle_id for one in people])
    return [
        CameWith(
            one,
            roles.get(one.moodle_id, []),
            [group.name for group in groups if one.moodle_id in group.members],
            _last_seen(one),
        )
        for one in people
    ]


def _last_seen(person: Person) -> int | None:
    leaf = unpack(person.body).find("lastaccess")
    text = (text_of(leaf) or "") if leaf is not None else ""
    at = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    return at if _EARLIEST <= at < _LATEST else None
