"""Which id of the first archive became which of the second; kept outside of memory, for there may be millions."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

_BATCH = 20_000


class Ids:
    """Takes in pairs of ids, and says in the end which are not one to one. Use it in one thread."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path)
        self._database.execute("pragma journal_mode = off")
        self._database.execute(
            "create table pair (kind text, before text, after text, primary key (kind, before, after)) without rowid"
        )
        self._waiting: set[tuple[str, str, str]] = set()

    def note(self, kind: str, before: str, after: str) -> None:
        self._waiting.add((kind, before, after))
        if len(self._waiting) >= _BATCH:
            self._write()

    def contradictions(self) -> Iterator[tuple[str, str, str]]:
        """Yield the kind, what one id of it was, and what it became besides: each where that is not one thing."""
        self._write()
        yield from self._database.execute(
            "select kind, before, group_concat(after) from pair group by kind, before having count(*) > 1"
        )
        yield from self._database.execute(
            "select kind, group_concat(before), after from pair group by kind, after having count(*) > 1"
        )

    def close(self) -> None:
        self._database.close()

    def _write(self) -> None:
        self._database.executemany("insert or ignore into pair values (?, ?, ?)", self._waiting)
        self._waiting.clear()
