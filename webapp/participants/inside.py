"""Who is in a group, and who could be put into it."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.content.groups import Group
from webapp.extensions import db
from webapp.models import Course, Membership, Person
from webapp.pages.paging import CountedPage, Page, counted_page_of, page_of
from webapp.pages.searching import have_words
from webapp.participants.listing import BY_NAME, members
from webapp.participants.wanted import Wanted


def people_in(course: Course, group: Group, number: int) -> CountedPage[Person]:
    """A page of the people in the group, by last name."""
    return counted_page_of(_by_name(course, Person.moodle_id.in_(group.members)), number)


def candidates(course: Course, group: Group, search: str) -> Page[Person]:
    """The first of those whom the course’s content names, who are looked for, and who are not in the group."""
    words = have_words(search, Person.first_name, Person.last_name, Person.username, Person.email)
    return page_of(_by_name(course, Person.moodle_id.not_in(group.members), *words), 1)


def members_to_add(course: Course, search: str) -> Page[Membership]:
    """The first of those who have a role here and are not named in the content of the course yet."""
    named = sa.select(Person.account_id).where(
        Person.version_id == course.version_id, Person.account_id.is_not(None)
    )
    found = members(course, Wanted(q=search)).where(Membership.user_id.not_in(named))
    return page_of(found, 1)


def chosen_members(course: Course, numbers: list[int]) -> list[Membership]:
    """The roles in the course that have these numbers."""
    found = sa.select(Membership).where(Membership.course_id == course.id, Membership.id.in_(numbers))
    return list(db.session.scalars(found))


def _by_name(course: Course, *which: sa.ColumnElement[bool]) -> sa.Select[Person]:
    return sa.select(Person).where(Person.version_id == course.version_id, *which).order_by(*BY_NAME)
