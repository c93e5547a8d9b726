"""Looks for words in names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa


def have_words(search: str, *columns: sa.ColumnElement[Any] | Any) -> Iterator[sa.ColumnElement[bool]]:
    """A condition for each word of `search`: it stands in one of the columns, in capitals or not."""
    for word in search.split():
        # SQLite itself takes only A to Z and a to z for the same letters.
        ways = {word} if word.isascii() else {word, word.lower(), word.capitalize()}
        yield sa.or_(*(column.icontains(way, autoescape=True) for column in columns for way in ways))
