"""What a failure that the work itself did not foresee is called, on the job's page or another one."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError

from jobs.language import gettext as _, lazy_gettext as _l

FULL = _l("The school’s disk is full. Nothing was changed. An admin has to make room; then try again.")
TOO_LARGE = _l("The school’s disk takes no file as large as this one. Nothing was changed. Tell an admin.")
NOT_WRITABLE = _l(
    "The school’s disk can’t be written to. Nothing was changed. Tell an admin, then try again."
)
NOT_ALLOWED = _l(
    "The program may no longer use one of the school’s folders or files. Nothing was changed. Tell an admin, then try "
    "again: “coursekeep doctor” says more."
)
HELD = _l("Other work held the school’s database for too long. Nothing was changed. Try again in a while.")
BROKEN = _l(
    "The school’s disk could not be read or written. Nothing was changed. Tell an admin: the disk may be failing, "
    "and “coursekeep doctor --deep” says what it has lost."
)
DAMAGED = _l(
    "The school’s database is damaged. Nothing was changed. Tell an admin: “coursekeep doctor” says more."
)

_BY_ERRNO = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: TOO_LARGE,
    errno.EACCES: NOT_ALLOWED,
    errno.EPERM: NOT_ALLOWED,
    errno.EROFS: NOT_WRITABLE,
    errno.EIO: BROKEN,
}
_BY_SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_BUSY: HELD,
    sqlite3.SQLITE_READONLY: NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: NOT_WRITABLE,
    sqlite3.SQLITE_PERM: NOT_ALLOWED,
    sqlite3.SQLITE_IOERR: BROKEN,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}


def words_for(error: Exception, job_id: int) -> str:
    """The sentence for the person: the cause, where it is a plain one, else the number to tell an admin."""
    return cause_of(error) or (
        _(
            "Something went wrong that we did not foresee. Nothing was changed. Tell an admin: job "
            "%(job_id)s.",
            job_id=job_id,
        )
    )


def cause_of(error: Exception) -> str | None:
    """The sentence for a plain fault of the machine; None for anything else."""
    if isinstance(error, DBAPIError):
        return _BY_SQLITE.get(_code(error))
    return _BY_ERRNO.get(getattr(error, "errno", None) or 0)


def is_full(error: DBAPIError) -> bool:
    """Whether the database could not write for want of room."""
    return _code(error) == sqlite3.SQLITE_FULL


def _code(error: DBAPIError) -> int:
    # The low byte is the kind of error, what is above it the finer cause.
    return int(getattr(error.orig, "sqlite_errorcode", 0)) & 0xFF
