"""Answers from the index of an archive."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from jobs.archive.containers import compression
from jobs.archive.containers.pieces import Pieces

#: Changes with what an index holds, so that older ones are made anew.
SHAPE = 1
_EMPTY = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
_FILES = """
    select file.id, file.sha1, file.size, content.size, part, directory, component, area, item, path, name, alias
    from file left join content using (sha1) left join owner using (context)
"""
# The course's own first, then each activity's in the order of the course, then what belongs to neither.
_ORDER = "order by place is null, place, case when part is null then component end, file.id"


@dataclass(frozen=True)
class FileFound:
    """A file of the archive under its real name.

    `size` is what files.xml says; `stored` the size of what lies in the archive, None if nothing does. `part` is
    the folder of the activity, or "course"; None where it belongs to neither. `directory` may be that of a block.
    """

    id: int
    sha1: str
    size: int
    stored: int | None
    part: str | None
    directory: str | None
    component: str
    area: str
    item: int
    path: str
    name: str
    alias: int

    @property
    def is_alias(self) -> bool:
        return bool(self.alias)

    @property
    def is_here(self) -> bool:
        return not self.alias and (self.stored is not None or self.sha1 == _EMPTY)


class Index:
    """An open index."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def document(self, name: str) -> Pieces:
        """Return a document as a stream, which is empty where there is no such document."""
        return Pieces(read_pieces(self._database, name))

    def documents(self, directory: str) -> list[str]:
        """Return the names of the documents that lie right in this folder."""
        found = self._database.execute(
            "select document from piece where number = 0 and document between ? and ? order by document",
            (f"{directory}/", f"{directory}/\x7f"),
        )
        return [name for (name,) in found if name.count("/") == directory.count("/") + 1]

    def files(self, *, part: str | None = None, first: int = 0, most: int = -1) -> list[FileFound]:
        """Return files in the order of the course, those of one part alone if it is given."""
        where, wanted = ("where part = ?", [part]) if part else ("", [])
        return self._files(f"{where} {_ORDER} limit ? offset ?", [*wanted, most, first])

    def file(self, number: int) -> FileFound | None:
        return next(iter(self._files("where file.id = ?", [number])), None)

    def file_at(
        self, context: int, component: str, area: str, item: int, path: str, name: str
    ) -> FileFound | None:
        """Return the file that a text means by its place."""
        where = "where context = ? and component = ? and area = ? and item = ? and path = ? and name = ?"
        return next(iter(self._files(where, [str(context), component, area, item, path, name])), None)

    def context_of(self, directory: str) -> int | None:
        found = self._database.execute("select context from owner where directory = ?", (directory,))
        row = found.fetchone()
        return int(row[0]) if row else None

    def names_of(self, people: Iterable[int]) -> dict[int, str]:
        """Return what these people are called, as far as the archive knows them."""
        found = {}
        for number in people:
            for (name,) in self._database.execute("select name from person where id = ?", (number,)):
                found[number] = name
        return found

    def _files(self, clauses: str, values: list[object]) -> list[FileFound]:
        rows = self._database.execute(f"{_FILES} {clauses}", values)
        return [FileFound(*row) for row in rows]


@contextmanager
def open_index(target: Path) -> Iterator[Index]:
    """Open an index; it never changes once it is there."""
    with closing(_connect(target)) as database:
        yield Index(database)


def is_index_of(target: Path, path: Path) -> bool:
    """Tell whether there is an index, and whether it is of the archive that lies at `path` now."""
    if not target.exists():
        return False
    with closing(_connect(target)) as database:
        try:
            shape = database.execute("pragma user_version").fetchone()[0]
            found = database.execute("select stamp from archive").fetchone() if shape == SHAPE else None
        except sqlite3.DatabaseError:
            return False
    return found is not None and found[0] == stamp_of(path)


def stamp_of(path: Path) -> str:
    """Return what tells this archive from another that may come to lie in its place."""
    state = path.stat()
    return f"{state.st_ino} {state.st_size} {state.st_mtime_ns}"


def read_pieces(database: sqlite3.Connection, document: str) -> Iterator[bytes]:
    """Yield a document's bytes, a bounded piece at a time."""
    found = database.execute("select packed from piece where document = ? order by number", (document,))
    for (packed,) in found:
        inflater = compression.inflater()
        data = packed
        while piece := inflater.decompress(data, compression.CHUNK):
            yield piece
            data = inflater.unconsumed_tail


def _connect(target: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{target.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
