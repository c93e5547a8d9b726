"""Reads all that is kept, for `coursekeep doctor --deep`: contents against their hashes and the rows, and every backup.

Takes hours where there is much, so it reads in short transactions, and asks a second time before it calls anything
lost: people go on working meanwhile. Memory stays the same whatever there is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from jobs.engine.check import damage_of
from jobs.stray import HOUR
from webapp import places
from webapp.database import snapshot
from webapp.models import MADE_HERE, WITH_BIN, ArchiveFile, Course, CourseFile, FolderCopy

MISSING, CHANGED, UNOWNED, DAMAGED = "missing", "changed", "without owner", "damaged"

#: Hashes that are asked for at once.
PAGE = 1000
#: Courses that are named for one content.
MOST_NAMED = 5

#: Hears of what is being read, of how many things there are, and which is next.
Tell = Callable[[str, int, int], None]

#: Of what is kept; a course's folders have rows too, and no content.
_KEPT = (CourseFile.stored_hash.is_not(None)) & (CourseFile.filename != ".")


@dataclass(frozen=True)
class Trouble:
    """Something that is not as it should be."""

    #: "missing", "changed", "without owner" or, of a backup, "damaged".
    what: str
    #: Its name in the folder of the installation, or the whole name of a copy elsewhere.
    name: str
    #: Short names of courses that it belongs to.
    courses: list[str] = field(default_factory=list)
    #: What is wrong with a backup, in a sentence.
    says: str = ""


def read_contents(tell: Tell) -> Iterator[Trouble]:
    """Read every content that courses list; then look for those that none lists."""
    store = places.storage()
    total = _count(sa.select(sa.func.count(sa.distinct(CourseFile.stored_hash))).where(_KEPT))
    for number, content_hash in enumerate(_listed()):
        tell("Reading files", number, total)
        if not store.is_sound(content_hash) and (courses := _courses_with(content_hash)) is not None:
            what = CHANGED if store.exists(content_hash) else MISSING
            yield Trouble(what, _name(store.path(content_hash)), courses)
    for path in store.all():
        if _is_old(path) and _courses_with(path.name) is None:
            yield Trouble(UNOWNED, _name(path))


def read_backups(tell: Tell) -> Iterator[Trouble]:
    """Read every backup, here and in the admins' folder; then look for files that no row stands for."""
    made_here = sa.select(ArchiveFile.id).where(ArchiveFile.origin.in_(MADE_HERE))
    # One that is still being written has a row already.
    whole = sa.select(FolderCopy.id).where(FolderCopy.verified_at.is_not(None))
    with snapshot() as session:
        found: list[tuple[type[ArchiveFile | FolderCopy], int]] = [
            (ArchiveFile, number) for number in session.scalars(made_here)
        ]
        found += [(FolderCopy, number) for number in session.scalars(whole)]
    for number, (table, row_id) in enumerate(found):
        tell("Reading backups", number, len(found))
        row = _load(table, row_id)
        damage = damage_of(row, lambda _bytes: None) if row else ""
        if row and damage and _is_there(table, row_id):
            yield Trouble(DAMAGED, _where(row), _course(row.course_id), damage)
    for path in places.archives().glob("*.mbz"):
        if _is_old(path) and not (path.stem.isdecimal() and _is_there(ArchiveFile, int(path.stem))):
            yield Trouble(UNOWNED, _name(path))


def _load(table: type[ArchiveFile | FolderCopy], row_id: int) -> ArchiveFile | FolderCopy | None:
    with snapshot() as session:
        archive = session.get(ArchiveFile, row_id) if table is ArchiveFile else None
        copy = session.get(FolderCopy, row_id) if table is FolderCopy else None
        session.expunge_all()
    return archive or copy


def _listed() -> Iterator[str]:
    """The hashes of all contents that rows name, in their order."""
    last = ""
    while True:
        after = sa.select(CourseFile.stored_hash).distinct().where(_KEPT, CourseFile.stored_hash > last)
        with snapshot() as session:
            page = [one for one in session.scalars(after.order_by(CourseFile.stored_hash).limit(PAGE)) if one]
        if not page:
            return
        yield from page
        last = page[-1]


def _courses_with(content_hash: str) -> list[str] | None:
    """Some courses whose content lists it now; None if nothing does, not even in the bin or for an undo."""
    listed = CourseFile.stored_hash == content_hash
    named = (
        sa.select(Course.shortname).distinct().join(CourseFile, CourseFile.version_id == Course.version_id)
    )
    with snapshot() as session:
        if session.execute(sa.select(CourseFile.id).where(listed).limit(1)).first() is None:
            return None
        found = session.scalars(named.where(listed).limit(MOST_NAMED), execution_options=WITH_BIN)
        return sorted(found)


def _course(course_id: int | None) -> list[str]:
    with snapshot() as session:
        named = sa.select(Course.shortname).where(Course.id == course_id)
        return list(session.scalars(named, execution_options=WITH_BIN))


def _is_there(table: type[ArchiveFile | FolderCopy], row_id: int) -> bool:
    return _count(sa.select(sa.func.count()).select_from(table).where(table.id == row_id)) > 0


def _count(question: sa.Select[int]) -> int:
    with snapshot() as session:
        return session.scalars(question).one()


def _is_old(path: Path) -> bool:
    """Whether it has lain there for so long that the sweep would have had time to take it."""
    try:
        return time.time() - path.stat().st_mtime > 2 * HOUR
    except FileNotFoundError:
        return False


def _name(path: Path) -> str:
    return str(path.relative_to(places.instance()))


def _where(row: ArchiveFile | FolderCopy) -> str:
    if isinstance(row, ArchiveFile):
        return _name(places.archive_path(row.id))
    return str(Path(row.folder, row.filename))
