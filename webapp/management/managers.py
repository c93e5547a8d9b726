"""Who manages all courses of a category, and of those inside it (docs/adr/0015)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from jobs.language import gettext as _
from webapp.access.audit import note
from webapp.access.rights import forget_rules
from webapp.content.edit import EditRefused
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Category, CategoryManager, User


def managers_of(category: Category) -> list[User]:
    found = sa.select(CategoryManager).where(CategoryManager.category_id == category.id)
    rows = db.session.scalars(found.options(joinedload(CategoryManager.user)))
    return sorted((one.user for one in rows), key=lambda user: user.name.casefold())


def manager_counts() -> dict[int, int]:
    """Category -> how many manage it, beside those who manage one that it is inside of."""
    counted = sa.select(CategoryManager.category_id, sa.func.count()).group_by(CategoryManager.category_id)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def add_manager(category: Category, user: User) -> None:
    """Raises EditRefused for somebody who may not sign in."""
    category_id, user_id = category.id, user.id
    with write_transaction() as session:
        if not session.get_one(User, user_id).active:
            raise EditRefused(_("%(name)s has an account that is switched off.", name=user.name), "who")
        mine = sa.select(CategoryManager.id).where(
            CategoryManager.category_id == category_id, CategoryManager.user_id == user_id
        )
        if session.execute(mine).first() is None:
            session.add(CategoryManager(category_id=category_id, user_id=user_id))
            note(session, "category manager added", user, detail=category.name)
    forget_rules()


def remove_manager(category: Category, user: User) -> None:
    category_id, user_id = category.id, user.id
    with write_transaction() as session:
        mine = (CategoryManager.category_id == category_id) & (CategoryManager.user_id == user_id)
        if session.execute(sa.delete(CategoryManager).where(mine)).rowcount:  # type: ignore[attr-defined]
            note(session, "category manager removed", user, detail=category.name)
    forget_rules()
