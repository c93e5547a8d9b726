"""Files that no job works with and no row stands for: what a crash or a full disk leaves behind."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from webapp import places
from webapp.database import snapshot
from webapp.models import ACTIVE, ArchiveFile, Job

#: Seconds for which something without an owner is kept: it may be about to get one.
HOUR = 3600
_OF_JOB = re.compile(r"job-(\d+)-")
#: A backup file and what is known of it, as `places` names them.
_OF_ARCHIVE = re.compile(r"(\d+)\.(?:mbz|index)")


@dataclass(frozen=True)
class Amount:
    """How many things there are, and how many bytes they hold together."""

    count: int
    size: int


def amount() -> Amount:
    """What lies there now and may go."""
    sizes = [_size(path) for path in _all()]
    return Amount(len(sizes), sum(sizes))


def remove() -> None:
    """Delete all of it; what goes meanwhile is no matter."""
    for path in _all():
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def age(path: Path) -> float:
    """Seconds since the file was written; 0 if it is gone."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _all() -> Iterator[Path]:
    yield from _scratch()
    yield from (path for path in places.storage().incoming.iterdir() if age(path) > HOUR)
    yield from _archives()


def _scratch() -> Iterator[Path]:
    # Looked for before the jobs: a job that begins in between is not taken for one that is over.
    found = list(places.scratch().iterdir())
    with snapshot() as session:
        active = set(session.scalars(sa.select(Job.id).where(Job.state.in_(ACTIVE))))
    for path in found:
        owner = _OF_JOB.match(path.name)
        if int(owner[1]) not in active if owner else age(path) > HOUR:
            yield path


def _archives() -> Iterator[Path]:
    with snapshot() as session:
        known = set(session.scalars(sa.select(ArchiveFile.id)))
    for path in places.archives().iterdir():
        name = _OF_ARCHIVE.fullmatch(path.name)
        if not (name and int(name[1]) in known) and age(path) > HOUR:
            yield path


def _size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    try:
        if not path.is_dir():
            return path.stat().st_size
    except FileNotFoundError:
        return 0
    return sum(_size(one) for one in path.iterdir())
