"""What is true of all courses together: the categories that they stand in, and the short names that are given."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models import Category, Course


def categories_in_order(session: Session | None = None) -> list[Category]:
    """All categories, as the admins have put them."""
    found = sa.select(Category).order_by(Category.position, Category.name)
    return list((session or db.session()).scalars(found))


def is_shortname_taken(shortname: str, session: Session | None = None) -> bool:
    """Whether a course has this short name."""
    found = sa.select(Course.id).where(Course.shortname == shortname).limit(1)
    return (session or db.session()).execute(found).first() is not None
