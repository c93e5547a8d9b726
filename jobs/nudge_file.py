"""The file in which nudges lie. It holds nothing that the job table does not say too (docs/adr/0001).

So one that was deleted, put back or damaged is made anew while the processes that use it go on; what lay in it
is nudged again by the sweep.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from huey.storage import SqliteStorage

log = logging.getLogger(__name__)


class NudgeFile(SqliteStorage):  # type: ignore[misc]
    """Huey's storage, which notices each time that it is used whether its file is still the one that it opened."""

    _opened: tuple[int, int] | None = None

    @contextmanager
    def db(self, commit: bool = False, close: bool = False) -> Iterator[Any]:
        if self._conn is not None and self._opened != _identity(self.filename):
            self.close()
        try:
            with super().db(commit, close) as cursor:
                yield cursor
        except sqlite3.DatabaseError as error:
            if _is_damage(error):
                self.close()
                _set_aside(Path(self.filename))
            raise

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        try:
            super().enqueue(data, priority)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            super().enqueue(data, priority)  # into the new one

    def _create_connection(self) -> sqlite3.Connection:
        try:
            return self._connected()
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            _set_aside(Path(self.filename))
            return self._connected()

    def _connected(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        try:
            for statement in self.ddl:
                connection.execute(statement)
        except BaseException:
            connection.close()
            raise
        self._opened = _identity(self.filename)
        return connection


def _identity(path: str) -> tuple[int, int] | None:
    """Which file has the name now; None if there is none."""
    try:
        facts = os.stat(path)
    except FileNotFoundError:
        return None
    return facts.st_dev, facts.st_ino


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether the file itself is bad, and not only held, full or out of reach."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _set_aside(path: Path) -> None:
    """Give a damaged file another name, unless another process has done so meanwhile."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_sound(path):
            return
        log.warning(
            "the queue file is damaged; a new one is made, and this one is kept as %s.damaged", path.name
        )
        path.replace(path.with_name(f"{path.name}.damaged"))
        for companion in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + companion).unlink()


def _is_sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("pragma quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.OperationalError:
        return not path.exists()
    except sqlite3.DatabaseError:
        return False
