"""Room kept on the disk, so that the end of a job can still be written down when the disk is full.

The database needs a little room for any change, even for the one that says that there is none left:
without it a job that found the disk full would look as if it went on, until somebody made room.
"""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

from webapp import places

log = logging.getLogger(__name__)

#: Bytes that are kept: the end of a job with its messages takes a few dozen pages of the database.
SIZE = 2 << 20
#: Bytes that have to be free before the room is taken (again); on a disk that is about to be full others need it more.
ENOUGH = 8 * SIZE


def keep() -> None:
    """Take the room if it is not taken, and if the disk has enough; does nothing where it can't be taken."""
    try:
        if _size() < SIZE and shutil.disk_usage(places.instance()).free >= ENOUGH:
            _take()
    except OSError:
        log.warning("no room could be kept for the end of jobs", exc_info=True)


def let_go() -> bool:
    """Give the room back to the disk; whether there was any."""
    try:
        had = _size() > 0
        _path().unlink(missing_ok=True)
    except OSError:
        return False
    return had


def _path() -> Path:
    return places.instance() / "reserve"


def _size() -> int:
    try:
        return _path().stat().st_size
    except FileNotFoundError:
        return 0


def _take() -> None:
    with _path().open("wb") as reserve:
        os.posix_fallocate(reserve.fileno(), 0, SIZE)
