"""Finds the courses that somebody manages, a page at a time or all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from jobs.language import lazy_gettext as _l
from webapp.access.rights import managed_categories
from webapp.content.catalogue import Placed, category_tree, with_those_inside
from webapp.extensions import db
from webapp.models import Category, Course, Membership, User
from webapp.pages.paging import CountedPage, counted_page_of
from webapp.pages.searching import have_words

#: By what the list can be put in order, and how that reads.
ORDERS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "name": (_l("Full name"), (sa.func.lower(Course.fullname),)),
    "short": (_l("Short name"), (sa.func.lower(Course.shortname),)),
    "category": (
        _l("Category"), (Category.position.nulls_last(), sa.func.lower(Course.fullname)),
    ),
    "changed": (_l("Changed last"), (Course.changed_at.desc(),)),
}  # fmt: skip
#: Stands for the courses that are in no category.
NO_CATEGORY = "none"


@dataclass(frozen=True)
class Wanted:
    """Which courses somebody looks for, and in which order."""

    #: Words, each of which stands in a name.
    q: str = ""
    #: The number of a category, NO_CATEGORY, or nothing.
    category: str = ""
    order: str = "name"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Wanted:
        """What an address asks for; an order that there is not is left out."""
        category, order = query.get("category", ""), query.get("order", "")
        is_known = category == NO_CATEGORY or (
            category.isascii() and category.isdigit() and len(category) < 19
        )
        return cls(
            query.get("q", "").strip(), category if is_known else "", order if order in ORDERS else "name"
        )

    def as_values(self) -> dict[str, Any]:
        """What stands in an address for it."""
        return {
            name: value for name, value in vars(self).items() if value and (name, value) != ("order", "name")
        }


def categories_for(user: User) -> list[Placed]:
    """The categories whose courses the person manages, as a tree."""
    tree = category_tree()
    if user.is_admin:
        return tree
    managed = managed_categories(user)
    return [one for one in tree if one.category.id in managed]


def managed_courses(user: User, wanted: Wanted) -> sa.Select[Course]:
    """The courses that the person manages and looks for; those of a category with those inside it."""
    found = sa.select(Course).outerjoin(Course.category).options(joinedload(Course.category))
    if not user.is_admin:
        found = found.where(Course.category_id.in_(managed_categories(user)))
    if wanted.category == NO_CATEGORY:
        found = found.where(Course.category_id.is_(None))
    elif wanted.category:
        found = found.where(Course.category_id.in_(with_those_inside([int(wanted.category)])))
    return found.where(*have_words(wanted.q, Course.fullname, Course.shortname, Course.idnumber))


def page_of_courses(user: User, wanted: Wanted, number: int) -> CountedPage[Course]:
    order = ORDERS[wanted.order][1]
    return counted_page_of(managed_courses(user, wanted).order_by(*order, Course.id), number)


def chosen_courses(user: User, numbers: Sequence[int]) -> list[Course]:
    """Those of the courses with these numbers that the person manages, by name."""
    found = managed_courses(user, Wanted()).where(Course.id.in_(numbers))
    return list(db.session.scalars(found.order_by(sa.func.lower(Course.fullname), Course.id)))


def member_counts(courses: Sequence[Course]) -> dict[int, int]:
    """Course -> how many people have a role in it."""
    counted = sa.select(Membership.course_id, sa.func.count()).group_by(Membership.course_id)
    found = counted.where(Membership.course_id.in_([one.id for one in courses]))
    return {row[0]: row[1] for row in db.session.execute(found)}
