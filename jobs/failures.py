"""What a failure that the work itself did not foresee is called on the job's page."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError

FULL = "The school’s disk is full. Nothing was changed. An admin has to make room; then try again."
TOO_LARGE = "The school’s disk takes no file as large as this one. Nothing was changed. Tell an admin."
NOT_WRITABLE = "The school’s disk can’t be written to. Nothing was changed. Tell an admin, then try again."
HELD = "Other work held the school’s database for too long. Nothing was changed. Try again in a while."

_BY_ERRNO = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: TOO_LARGE,
    errno.EACCES: NOT_WRITABLE,
    errno.EPERM: NOT_WRITABLE,
    errno.EROFS: NOT_WRITABLE,
}
_BY_SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_BUSY: HELD,
    sqlite3.SQLITE_READONLY: NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: NOT_WRITABLE,
    sqlite3.SQLITE_PERM: NOT_WRITABLE,
}


def words_for(error: Exception, job_id: int) -> str:
    """The sentence for the person: the cause, where it is a plain one, else the number to tell an admin."""
    unknown = (
        f"Something went wrong that we did not foresee. Nothing was changed. Tell an admin: job {job_id}."
    )
    if isinstance(error, DBAPIError):
        # The low byte is the kind of error, what is above it the finer cause.
        return _BY_SQLITE.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF, unknown)
    return _BY_ERRNO.get(getattr(error, "errno", None) or 0, unknown)
