"""The people of a course: those with a role on this site, and those whom its archive names."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.extensions import db
from webapp.models import Course, Membership, Person, User
from webapp.paging import Page, page_of


def find_member(course: Course, user_id: int) -> User | None:
    """Somebody who has a role in the course."""
    found = sa.select(User).join(Membership, Membership.user_id == User.id)
    return db.session.scalars(found.where(Membership.course_id == course.id, User.id == user_id)).first()


def people_of_archive(course: Course, page: int) -> Page[Person]:
    """A page of the people that came with the course's content, by last name."""
    found = sa.select(Person).where(Person.version_id == course.version_id)
    order = (sa.func.lower(Person.last_name), sa.func.lower(Person.first_name), Person.id)
    return page_of(found.order_by(*order), page)
