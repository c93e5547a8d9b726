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
