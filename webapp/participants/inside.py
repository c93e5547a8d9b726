"""Who is in a group, and who could be put into it."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.content.groups import Group
from webapp.models import Course, Person
from webapp.paging import CountedPage, Page, counted_page_of, page_of
from webapp.participants.listing import BY_NAME
from webapp.searching import have_words


def people_in(course: Course, group: Group, number: int) -> CountedPage[Person]:
    """A page of the people in the group, by last name."""
    return counted_page_of(_by_name(course, Person.moodle_id.in_(group.members)), number)


def candidates(course: Course, group: Group, search: str) -> Page[Person]:
    """The first of those who came with the course and are not in the group, as far as they are looked for."""
    words = have_words(search, Person.first_name, Person.last_name, Person.username, Person.email)
    return page_of(_by_name(course, Person.moodle_id.not_in(group.members), *words), 1)


def _by_name(course: Course, *which: sa.ColumnElement[bool]) -> sa.Select[Person]:
    return sa.select(Person).where(Person.version_id == course.version_id, *which).order_by(*BY_NAME)
