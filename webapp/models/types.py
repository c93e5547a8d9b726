"""Column types that several tables share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa


def utc_now() -> datetime:
    """Now, aware of its zone."""
    return datetime.now(UTC)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment. SQLite keeps no zone, so UTC goes in and UTC comes out."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


def choice_of(choices: type[StrEnum]) -> sa.Enum:
    """One of the words of an enum, kept as the word itself."""
    return sa.Enum(choices, native_enum=False, length=20, values_callable=list)


def literally_in(column: Any, values: Sequence[str]) -> sa.ColumnElement[bool]:
    """That the column holds one of the values, which stand in the statement itself and are no parameters.

    Only so does SQLite see that a partial index holds all rows in question.
    """
    listed: sa.BindParameter[Any] = sa.bindparam(
        None, values, expanding=True, literal_execute=True, unique=True
    )
    return sa.and_(column.in_(listed))
