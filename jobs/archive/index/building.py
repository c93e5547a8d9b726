"""Writes the index of an archive."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from jobs.archive.containers import compression
from jobs.archive.containers.container import Member
from jobs.archive.containers.pieces import Pieces
from jobs.archive.containers.reader import open_archive
from jobs.archive.index.reading import SHAPE, read_pieces, stamp_of
from jobs.archive.limits import DEFAULT_LIMITS, Limits
from jobs.archive.manifest import DamagedManifest, read_manifest
from jobs.archive.names import MANIFEST, Kind, directory_of, kind_of, sha1_of
from jobs.archive.scanning import BrokenDocument, RowHandler, Rows, scan
from jobs.archive.xml import NULL

_PIECE = 256 * 1024
_SCHEMA = """
    pragma journal_mode = off;
    create table piece (document text, number integer, packed blob, unique (document, number));
    create table content (sha1 text primary key, size integer) without rowid;
    create table owner (context text primary key, directory text, part text, place integer) without rowid;
    create table file (
        id integer primary key, sha1 text, size integer, context text, component text, area text, item integer,
        path text, name text, alias integer
    );
    create index file_place on file (context, component, area, item, path, name);
    create table person (id integer primary key, name text);
    create table archive (stamp text);
"""
# `<activity id="5" moduleid="9" modulename="page" contextid="72">`, the document's first element.
_CONTEXT = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?\s*<[A-Za-z_]\w*[^<>]*?\scontextid="(\d{1,18})"'
)
# What is no file of its own: a folder, or an alias, whose content lies elsewhere.
_NOTHING = ("", NULL)


def build_index(path: Path, target: Path, limits: Limits = DEFAULT_LIMITS) -> None:
    """Read an archive once and write its index, as a new file; ArchiveProblem if it can't be read.

    A single damaged document is kept as it is: whoever opens it meets the damage.
    """
    stamp = stamp_of(path)
    with closing(sqlite3.connect(target)) as database, open_archive(path, limits) as archive:
        database.executescript(_SCHEMA)
        building = _Building(database, limits)
        for member in archive:
            building.take(member)
        building.finish()
        database.execute("insert into archive values (?)", (stamp,))
        database.execute(f"pragma user_version = {SHAPE}")
        database.commit()


class _Building:
    """Takes in one member after another, in whatever order they come."""

    def __init__(self, database: sqlite3.Connection, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    def take(self, member: Member) -> None:
        kind = kind_of(member.name)
        if kind is Kind.CONTENT:
            self._database.execute("insert into content values (?, ?)", (sha1_of(member.name), member.size))
        elif kind in (Kind.DOCUMENT, Kind.MANIFEST):
            self._keep(member)

    def finish(self) -> None:
        """Read again what only makes sense as a whole: the order of the parts, the files, the people."""
        try:
            manifest = read_manifest(self._document(MANIFEST), self._limits)
        except DamagedManifest as damage:
            manifest = damage.rest
        places = [(place, one.directory) for place, one in enumerate(manifest.activities)]
        self._database.execute("update owner set place = -1 where part = 'course'")
        self._database.executemany("update owner set place = ? where part = ?", places)
        self._read_rows("files.xml", {"files/file": self._file})
        self._read_rows("users.xml", {"users/user": self._person})

    def _keep(self, member: Member) -> None:
        stream = Pieces(_pieces_of(member))
        number = 0
        while piece := stream.read_exactly(_PIECE):
            if not number and (found := _CONTEXT.match(piece)):
                self._own(found[1].decode(), directory_of(member.name))
            deflater = compression.deflater(fast=True)
            packed = deflater.compress(piece) + deflater.flush()
            self._database.execute("insert into piece values (?, ?, ?)", (member.name, number, packed))
            number += 1

    def _own(self, context: str, directory: str) -> None:
        part = directory.partition("/blocks/")[0]
        if part:
            row = (context, directory, part)
            self._database.execute("insert or ignore into owner values (?, ?, ?, null)", row)

    def _document(self, name: str) -> Pieces:
        return Pieces(read_pieces(self._database, name))

    def _read_rows(self, name: str, handlers: Mapping[str, RowHandler]) -> None:
        # Where the document breaks off, what stood before that is kept; the survey tells of the damage.
        with contextlib.suppress(BrokenDocument):
            scan(self._document(name).read, Rows(self._limits, handlers))

    def _file(self, _attributes: Mapping[str, str], leaves: Mapping[str, str]) -> None:
        if leaves.get("filename") == ".":
            return
        texts = [leaves.get(name, "") for name in ("contextid", "component", "filearea")]
        row = [
            leaves.get("contenthash", "").lower(), _number(leaves, "filesize"), *texts, _number(leaves, "itemid"),
            leaves.get("filepath", "/"), leaves.get("filename", ""), leaves.get("reference", "") not in _NOTHING,
        ]  # fmt: skip
        self._database.execute("insert into file values (null, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    def _person(self, attributes: Mapping[str, str], leaves: Mapping[str, str]) -> None:
        names = (leaves.get(name, "") for name in ("firstname", "lastname"))
        name = " ".join(one for one in names if one not in _NOTHING)
        number = _number(attributes, "id")
        if name and number:
            self._database.execute("insert or ignore into person values (?, ?)", (number, name))


def _pieces_of(member: Member) -> Iterator[bytes]:
    while piece := member.read(_PIECE):
        yield piece


def _number(texts: Mapping[str, str], name: str) -> int:
    text = texts.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
