"""How we use SQLite, so that nobody waits and nothing is torn (docs/adr/0002).

Python's driver begins a transaction only before a write: several reads would see
several moments, and a transaction that reads before it writes fails when another
one wrote meanwhile. So every transaction begins explicitly: a read with BEGIN, which
sees one moment, and a write with BEGIN IMMEDIATE, which waits for its turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp.extensions import db

BUSY_TIMEOUT = "busy_timeout=30000"
#: SQLite's number for `synchronous=normal`: with a log beside the database nothing is ever torn, but the last may go.
_NORMAL = 1
#: What a database holds as a whole number.
BIGGEST = 2**63 - 1

PRAGMAS = (
    "journal_mode=wal",
    BUSY_TIMEOUT,
    "foreign_keys=on",
    # A finished job must survive a power cut.
    "synchronous=full",
    "temp_store=memory",
    # What is deleted is overwritten, and not only forgotten.
    "secure_delete=on",
)


def prepare_engine(app: Flask) -> None:
    """Give every connection of the application's database our pragmas and BEGIN rules."""
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _prepare_connection)
            sa.event.listen(engine, "begin", _begin)


def _prepare_connection(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"pragma {pragma}")


def _begin(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def write_transaction() -> Iterator[Session]:
    """Write with the request's (or job's) own session: all of it at the end, or nothing.

    Rows loaded before are read again inside, so that a decision rests on what is true now.
    """
    session = db.session
    session.rollback()
    session.connection(execution_options={"immediate": True})
    try:
        yield session()
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def separate_write(*, lasting: bool = True) -> Iterator[Session]:
    """Write on a connection of its own, beside a transaction that goes on reading.

    What need not be `lasting` does not wait for the disk: a power cut right after it may take it back, and
    nothing else.
    """
    connection = db.engine.connect().execution_options(immediate=True)
    with connection, nullcontext() if lasting else _haste(connection), Session(bind=connection) as session:
        yield session
        session.commit()


def write_if_free(statement: sa.Executable) -> bool:
    """Carry out one statement if nobody is writing just now; false, and nothing done, if somebody is."""
    with db.engine.connect().execution_options(immediate=True) as connection, _patience(connection, 0):
        try:
            connection.execute(statement)
            connection.commit()
        except OperationalError:
            connection.rollback()
            return False
    return True


def empty_log() -> None:
    """Take over what lies in SQLite's log beside the database, and empty it, if nobody is reading or writing.

    It would hold what was deleted until it is written over.
    """
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection, _patience(connection, 0):
            driver: Any = connection.connection.driver_connection
            driver.execute("pragma wal_checkpoint(truncate)")


@contextmanager
def _patience(connection: sa.Connection, milliseconds: int) -> Iterator[None]:
    """Wait only so long for another writer, on this connection and until the end of the block."""
    driver: Any = connection.connection.driver_connection
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        driver.execute(f"pragma busy_timeout={milliseconds}")
    try:
        yield
    finally:
        if is_sqlite:
            driver.execute(f"pragma {BUSY_TIMEOUT}")


@contextmanager
def _haste(connection: sa.Connection) -> Iterator[None]:
    """Don't wait for the disk at a commit, on this connection and until the end of the block."""
    driver: Any = connection.connection.driver_connection
    before = driver.execute("pragma synchronous").fetchone()[0] if connection.dialect.name == "sqlite" else 0
    if before <= _NORMAL:
        yield
        return
    driver.execute(f"pragma synchronous={_NORMAL}")
    try:
        yield
    finally:
        driver.execute(f"pragma synchronous={before}")


@contextmanager
def snapshot() -> Iterator[Session]:
    """Read on a connection of its own; everything read sees the moment of the first read."""
    options = {} if db.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with db.engine.connect().execution_options(**options) as connection, Session(bind=connection) as session:
        yield session
        session.rollback()
