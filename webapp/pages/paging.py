"""One page of a long list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import sqlalchemy as sa

from webapp.extensions import db

Row = TypeVar("Row")

ROWS = 25


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: Sequence[Row]
    #: Counted from 1.
    number: int
    has_more: bool


def page_of(found: sa.Select[Row], number: int) -> Page[Row]:
    """The page with this number of what a query finds; the query must have an order."""
    number = max(1, number)
    rows = db.session.scalars(found.limit(ROWS + 1).offset((number - 1) * ROWS)).all()
    return Page(rows[:ROWS], number, len(rows) > ROWS)


@dataclass(frozen=True)
class CountedPage(Page[Row]):
    """A page of a list of which one wants to know how long it is."""

    total: int = 0

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // ROWS))


def counted_page_of(found: sa.Select[Row], number: int) -> CountedPage[Row]:
    """The same, with how many rows there are on all pages; behind the last page comes the last one."""
    counted = sa.select(sa.func.count()).select_from(found.order_by(None).subquery())
    total = db.session.scalars(counted).one()
    number = min(max(1, number), max(1, -(-total // ROWS)))
    page = page_of(found, number)
    return CountedPage(page.rows, page.number, page.has_more, total)
