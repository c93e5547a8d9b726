"""What is true of all courses together: the categories that they stand in, and the short names that are given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models import Category, Course


@dataclass(frozen=True)
class Placed:
    """A category where it stands: inside how many others."""

    category: Category
    depth: int


def category_tree(session: Session | None = None) -> list[Placed]:
    """All categories as the admins have put them, each before those inside it."""
    found = sa.select(Category).order_by(Category.position, Category.name)
    rows = list((session or db.session()).scalars(found))
    known = {one.id for one in rows}
    inside: defaultdict[int | None, list[Category]] = defaultdict(list)
    for one in rows:
        inside[one.parent_id if one.parent_id in known else None].append(one)
    return _placed(inside, None, 0)


def categories_in_order(session: Session | None = None) -> list[Category]:
    """The same without saying what is inside what."""
    return [one.category for one in category_tree(session)]


def with_those_inside(numbers: Iterable[int], session: Session | None = None) -> set[int]:
    """Categories, by their numbers, together with all that are inside them."""
    below = set(numbers)
    for one in category_tree(session):
        if one.category.parent_id in below:
            below.add(one.category.id)
    return below


def is_shortname_taken(shortname: str, session: Session | None = None) -> bool:
    """Whether a course has this short name."""
    found = sa.select(Course.id).where(Course.shortname == shortname).limit(1)
    return (session or db.session()).execute(found).first() is not None


def _placed(inside: dict[int | None, list[Category]], parent_id: int | None, depth: int) -> list[Placed]:
    placed = []
    for one in inside.get(parent_id, ()):
        placed += [Placed(one, depth), *_placed(inside, one.id, depth + 1)]
    return placed
