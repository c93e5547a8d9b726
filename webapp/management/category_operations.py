"""The categories under which courses are listed, some of them inside others."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.content.catalogue import Placed, categories_in_order, category_tree, with_those_inside
from webapp.content.edit import EditRefused
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Category, Course

TAKEN = _l("There is a category of this name already.")


def get_category(category_id: int) -> Category:
    return db.get_or_404(Category, category_id)


def course_counts() -> dict[int, int]:
    """Category -> how many courses are in it itself."""
    counted = sa.select(Course.category_id, sa.func.count()).group_by(Course.category_id)
    return {category: count for category, count in db.session.execute(counted) if category is not None}


def parents_for(category: Category) -> list[Placed]:
    """The categories that this one could be inside of: not itself, and nothing inside it."""
    below = with_those_inside([category.id])
    return [one for one in category_tree() if one.category.id not in below]


def add_category(name: str, parent_id: int | None) -> None:
    """Add a category behind the others. Raises EditRefused if the name is taken."""
    try:
        with write_transaction() as session:
            last = session.scalars(sa.select(sa.func.max(Category.position))).one()
            parent = session.get(Category, parent_id) if parent_id else None
            session.add(
                Category(name=name, position=(last or 0) + 1, parent_id=parent.id if parent else None)
            )
            session.flush()
            _renumber(session)
    except IntegrityError as error:
        raise EditRefused(TAKEN, "name") from error


def change_category(category: Category, name: str, parent_id: int | None) -> None:
    """Rename a category and put it inside another one. Raises EditRefused if that can't be."""
    category_id = category.id
    try:
        with write_transaction() as session:
            row = session.get_one(Category, category_id)
            if parent_id in with_those_inside([category_id], session):
                raise EditRefused(_("It can’t be inside itself."), "parent_id")
            row.name = name
            row.parent_id = parent_id if parent_id and session.get(Category, parent_id) else None
            session.flush()
            _renumber(session)
    except IntegrityError as error:
        raise EditRefused(TAKEN, "name") from error


def move_category(category: Category, *, up: bool) -> None:
    """Swap a category with the one above or below it on its own level; nothing happens at the end of the level."""
    category_id = category.id
    with write_transaction() as session:
        rows = categories_in_order(session)
        row = next(one for one in rows if one.id == category_id)
        level = [one for one in rows if one.parent_id == row.parent_id]
        place = level.index(row)
        other = place - 1 if up else place + 1
        if 0 <= other < len(level):
            row.position, level[other].position = level[other].position, row.position
        session.flush()
        _renumber(session)


def delete_category(category: Category) -> None:
    """Delete a category with nothing in it. Raises EditRefused otherwise."""
    category_id = category.id
    with write_transaction() as session:
        courses = sa.select(Course.id).where(Course.category_id == category_id).limit(1)
        if session.execute(courses).first() is not None:
            raise EditRefused(_("There are courses in it. Put them into another category first."))
        inside = sa.select(Category.id).where(Category.parent_id == category_id).limit(1)
        if session.execute(inside).first() is not None:
            raise EditRefused(_("There are categories in it. Move or delete them first."))
        session.execute(sa.delete(Category).where(Category.id == category_id))


def _renumber(session: Session) -> None:
    """Give all categories their places anew, so that lists of courses can be put in order by them."""
    for position, one in enumerate(categories_in_order(session)):
        one.position = position
