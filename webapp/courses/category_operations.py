"""The categories under which courses are listed."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.content.catalogue import categories_in_order
from webapp.content.edit import EditRefused
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Category, Course

TAKEN = "There is a category of this name already."


def get_category(category_id: int) -> Category:
    return db.get_or_404(Category, category_id)


def course_counts() -> dict[int, int]:
    """Category -> how many courses are in it."""
    counted = sa.select(Course.category_id, sa.func.count()).group_by(Course.category_id)
    return {category: count for category, count in db.session.execute(counted) if category is not None}


def add_category(name: str) -> None:
    """Add a category at the end. Raises EditRefused if the name is taken."""
    try:
        with write_transaction() as session:
            last = session.scalars(sa.select(sa.func.max(Category.position))).one()
            session.add(Category(name=name, position=(last or 0) + 1))
    except IntegrityError as error:
        raise EditRefused(TAKEN, "name") from error


def rename_category(category: Category, name: str) -> None:
    """Raises EditRefused if another one has the name."""
    category_id = category.id
    try:
        with write_transaction() as session:
            session.get_one(Category, category_id).name = name
    except IntegrityError as error:
        raise EditRefused(TAKEN, "name") from error


def move_category(category: Category, *, up: bool) -> None:
    """Swap a category with the one above or below it; nothing happens at the end of the list."""
    category_id = category.id
    with write_transaction() as session:
        rows = categories_in_order(session)
        place = next(place for place, row in enumerate(rows) if row.id == category_id)
        other = place - 1 if up else place + 1
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
        for position, row in enumerate(rows):
            row.position = position


def delete_category(category: Category) -> None:
    """Delete a category that no course is in. Raises EditRefused otherwise."""
    category_id = category.id
    with write_transaction() as session:
        inside = sa.select(Course.id).where(Course.category_id == category_id).limit(1)
        if session.execute(inside).first() is not None:
            raise EditRefused("There are courses in it. Put them into another category first.")
        session.execute(sa.delete(Category).where(Category.id == category_id))
