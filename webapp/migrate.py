"""Brings the tables of an installation to what the models say.

The steps lie in `webapp/migrations/versions` and run in one transaction: a step that
fails leaves the database as it was.

Alembic is read when a step is taken. Every process asks whether the tables are current, and would hold 9 MB for it.
"""

from __future__ import annotations

import fcntl
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from webapp.extensions import db

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"


class TooNew(Exception):
    """The tables were made by a newer version of Coursekeep than this one."""


@contextmanager
def alone(instance: Path) -> Iterator[None]:
    """Let one process at a time prepare an installation."""
    with (instance / "upgrade.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def upgrade() -> bool:
    """Take all steps that are missing; false if there were none. In an application's context. Raises TooNew."""
    with _connection() as connection:
        if _revision(connection) == newest():
            return False
        from alembic import command
        from alembic.util import CommandError

        try:
            command.upgrade(_config(connection), "head")
        except CommandError as error:
            raise TooNew from error
        broken = connection.exec_driver_sql("pragma foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the steps would leave {len(broken)} rows that point nowhere")
    return True


def is_current() -> bool:
    """Whether the tables are those of this version; in an application's context."""
    with db.engine.connect() as connection:
        return _revision(connection) == newest()


def is_empty() -> bool:
    """Whether there is no table yet; in an application's context."""
    with db.engine.connect() as connection:
        return not sa.inspect(connection).get_table_names()


def newest() -> str | None:
    """The number of the last step there is."""
    return max(_steps(), default=None)


def knows(revision: str) -> bool:
    """Whether the step with this number is one of ours; a newer version has others."""
    return revision in _steps()


def write_step(message: str) -> None:
    """Write the step from the newest one to the models, as a file to read and keep."""
    from alembic import command

    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{folder}/empty.sqlite")
        number = f"{int(newest() or 0) + 1:04}"
        with engine.begin() as connection:
            config = _config(connection)
            command.upgrade(config, "head")
            command.revision(config, message, autogenerate=True, rev_id=number)


def _steps() -> set[str]:
    """The numbers of all steps: the file of each begins with its own."""
    return {path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py")}


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    number: str | None = connection.scalar(sa.text("select version_num from alembic_version"))
    return number


def _config(connection: sa.Connection) -> Config:
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER))
    return config


@contextmanager
def _connection() -> Iterator[sa.Connection]:
    """A write transaction that may rebuild tables: SQLite would delete by foreign key meanwhile."""
    with db.engine.connect() as connection:
        connection.connection.driver_connection.execute("pragma foreign_keys=off")  # type: ignore[union-attr]
        try:
            with connection.execution_options(immediate=True).begin():
                yield connection
        finally:
            connection.connection.driver_connection.execute("pragma foreign_keys=on")  # type: ignore[union-attr]


if __name__ == "__main__":
    write_step(sys.argv[1])
