"""Errors of the machine, as the system and SQLite report them."""

import errno
import os
import sqlite3
from dataclasses import dataclass

import sqlalchemy as sa

from jobs import failures


@dataclass(frozen=True)
class Fault:
    """Raises itself: to a call of the system by its number, to a commit by SQLite's code."""

    name: str
    number: int
    code: int
    #: What the person is told.
    words: str

    def __call__(self, connection=None):
        if connection is None:
            raise OSError(self.number, os.strerror(self.number))
        connection.connection.dbapi_connection.rollback()  # as SQLite does by itself where a COMMIT fails so
        error = sqlite3.OperationalError("as SQLite says it")
        error.sqlite_errorcode = self.code
        raise sa.exc.OperationalError("COMMIT", {}, error)


FULL = Fault("ENOSPC", errno.ENOSPC, sqlite3.SQLITE_FULL, failures.FULL)
QUOTA = Fault("EDQUOT", errno.EDQUOT, sqlite3.SQLITE_FULL, failures.FULL)
BROKEN = Fault("EIO", errno.EIO, sqlite3.SQLITE_IOERR, failures.BROKEN)
FAULTS = (FULL, QUOTA, BROKEN)
