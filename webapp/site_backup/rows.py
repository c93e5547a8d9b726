"""The database of a copy: how it comes to be, and what its rows say about files. Plain SQLite, no models:
its tables may be those of an older version."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from webapp.site_backup import SiteBackupProblem

#: How what was under way is closed where a copy is put back.
CLOSED = (
    "This was under way when the copy of the school was made, and did not go on after the school was put back. "
    "Nothing was changed. Start it again if you still need it."
)


class ArchiveRow(NamedTuple):
    """A backup file that the tables know: its number, its bytes, and whether it was brought only to be restored."""

    number: int
    size: int
    is_upload: bool

    @property
    def name(self) -> str:
        """Where it lies in the installation's folder."""
        return f"archives/{self.number}.mbz"


def copy_database(source: Path, target: Path) -> None:
    """Copy one moment of a database in use, by SQLite's online backup; nobody who writes has to wait.

    Raises SiteBackupProblem if it is damaged.
    """
    target.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=30)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy)
            # One file and no companions, whoever opens it.
            copy.execute("pragma journal_mode=delete")
            says = copy.execute("pragma integrity_check(1)").fetchone()[0]
            lost = copy.execute("pragma foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise SiteBackupProblem(f"The school’s database can’t be copied: {error}.") from error
    if says != "ok" or lost:
        raise SiteBackupProblem(
            f"The school’s database is damaged: {says if says != 'ok' else 'rows point nowhere'}. "
            "See “coursekeep doctor”. The last copy stays as it was."
        )


@contextmanager
def reading(database: Path) -> Iterator[sqlite3.Connection]:
    """Ask a database that nobody writes to. Raises SiteBackupProblem if it is none of ours."""
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            yield connection
    except sqlite3.DatabaseError as error:
        raise SiteBackupProblem(f"The database of the copy can’t be read: {error}.") from error


def revision(connection: sqlite3.Connection) -> str:
    """The step that the tables are at."""
    return str(connection.execute("select version_num from alembic_version").fetchone()[0])


#: The hashes of contents; the rows of folders (called ".") name the hash of nothing, which is kept nowhere.
_CONTENTS = "select distinct stored_hash from course_file where stored_hash is not null and filename <> '.'"


def contents(connection: sqlite3.Connection) -> Iterator[str]:
    """The hashes of all contents that courses list, each once, in their order."""
    named = connection.execute(f"{_CONTENTS} order by stored_hash")
    return (content_hash for (content_hash,) in named)


def count_contents(connection: sqlite3.Connection) -> int:
    return int(connection.execute(f"select count(*) from ({_CONTENTS})").fetchone()[0])  # noqa: S608


def is_listed(connection: sqlite3.Connection, content_hash: str) -> bool:
    found = connection.execute("select 1 from course_file where stored_hash = ? limit 1", (content_hash,))
    return found.fetchone() is not None


def archives(connection: sqlite3.Connection) -> list[ArchiveRow]:
    found = connection.execute("select id, size, origin = 'upload' from archive_file order by id")
    return [ArchiveRow(number, size, bool(is_upload)) for number, size, is_upload in found]


def courses_with(connection: sqlite3.Connection, content_hash: str) -> list[str]:
    """The short names of some courses whose present content lists it."""
    found = connection.execute(
        "select distinct course.shortname from course join course_file on course_file.version_id = course.version_id "
        "where course_file.stored_hash = ? order by 1 limit 5",
        (content_hash,),
    )
    return [name for (name,) in found]


def close_work(database: Path) -> int:
    """End what was under way in a database that is put back, so that nothing is done or mailed twice.

    Returns how many jobs that were.
    """
    now = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"
    with closing(sqlite3.connect(database)) as connection, connection:
        closed = connection.execute(
            f"update job set state = 'failed', problem = ?, finished_at = {now}, cancel_asked = 0 "  # noqa: S608
            "where state in ('queued', 'running', 'waiting')",
            (CLOSED,),
        ).rowcount
        waiting = "state in ('waiting', 'working')"
        connection.execute(
            f"update automated_item set state = 'skipped', reason = ? where {waiting}",  # noqa: S608
            ("The school was put back from a copy before its turn came.",),
        )
        connection.execute(f"update automated_run set finished_at = {now} where finished_at is null")  # noqa: S608
    return int(closed)
