"""Writes archives as Moodle does: its index first, plain headers, parent folders before what is in them."""

import os
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from jobs.archive.containers import tar
from jobs.archive.containers.packing import GzipWriter, shrinks
from jobs.archive.limits import MIB
from jobs.archive.names import INDEX, canonical, same_name_key
from jobs.language import gettext as _
from jobs.language.sizes import size as in_words
from jobs.problems import JobProblem

Container = Literal["tgz", "zip"]
Checkpoint = Callable[[int], None]

_PIECE = MIB
# Below this a stretch of its own in the gzip costs more than it saves.
_SMALLEST_STORED = 16 * 1024
_INDEX_HEAD = "Moodle archive file index. Count: "  # Moodle 4.5 lib/filestorage/tgz_packer.php
_ZIP_TIME = (2013, 1, 1, 0, 0, 0)
_LONGEST_SHORT_NAME = 60


class Stream(Protocol):
    def read(self, length: int, /) -> bytes: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Entry:
    """A file for the archive: its name there, its exact size, and how to open it when its turn comes."""

    name: str
    size: int
    open: Callable[[], Stream]


@dataclass(frozen=True)
class _Item:
    """A folder or, with its entry, a file."""

    name: str
    entry: Entry | None = None

    @property
    def size(self) -> int:
        return self.entry.size if self.entry else 0

    @property
    def index_line(self) -> str:
        return f"{self.name}\t{'f' if self.entry else 'd'}\t{self.size}\t?\n"


def write_archive(
    part: Path,
    entries: Sequence[Entry],
    *,
    container: Container = "tgz",
    checkpoint: Checkpoint | None = None,
) -> None:
    """Write the entries, in their order, to `part`, and see it safe on the disk; `publish` it then.

    `checkpoint` is called after each piece of content, with its length, and may raise to stop.
    JobProblem where an entry turns out not to be as long as was said. On any failure `part` is removed.
    """
    items = list(_with_folders(entries))
    write = _write_tgz if container == "tgz" else _write_zip
    try:
        with part.open("wb", buffering=MIB) as out:
            write(out, items, checkpoint or (lambda _: None))
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def publish(part: Path, final: Path) -> None:
    """Give a finished archive its name: it is there whole or not at all, also after a power cut."""
    part.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def file_name(
    kind: str,
    number: int,
    short_name: str,
    when: datetime,
    *,
    people: bool,
    files: bool,
    anonymised: bool = False,
) -> str:
    """Return the name that Moodle 4.5 would give (backup/util/dbops/backup_plan_dbops.class.php).

    `when` is the person's local time. `short_name` is the course's, the section's, or the activity's type and id.
    """
    cleaned = re.sub(r"[^\w.-]+", "", short_name.replace(" ", "_")).lower()
    cleaned = re.sub(r"\.\.+", ".", cleaned)[:_LONGEST_SHORT_NAME].strip("_.-")
    parts = ["backup-moodle2", kind, str(number), cleaned, f"{when:%Y%m%d-%H%M}"]
    if not people:
        parts.append("nu")
    elif anonymised:
        parts.append("an")
    if not files:
        parts.append("nf")
    return "-".join(part for part in parts if part) + ".mbz"


def _with_folders(entries: Sequence[Entry]) -> Iterator[_Item]:
    """Yield the entries, each folder before the first thing in it; ValueError where names are not sound."""
    known: set[str] = set()
    for entry in entries:
        if canonical(entry.name) != entry.name or same_name_key(entry.name) in known:
            raise ValueError(f"{entry.name!r} can't be a name in the archive, or is in it already")
        known.add(same_name_key(entry.name))
        for at in (match.end() for match in re.finditer("/", entry.name)):
            folder = entry.name[:at]
            if folder not in known:
                known.add(folder)
                yield _Item(folder)
        yield _Item(entry.name, entry)


def _write_tgz(out: BinaryIO, items: list[_Item], checkpoint: Checkpoint) -> None:
    gzip = GzipWriter(out)
    index = f"{_INDEX_HEAD}{len(items)}\n{''.join(item.index_line for item in items)}".encode()
    gzip.pack(tar.build(INDEX, len(index)) + index + tar.padding(len(index)))
    for item in items:
        if item.entry is None:
            gzip.pack(tar.build(item.name, directory=True))
        else:
            _add_to_tar(gzip, item.entry, checkpoint)
    gzip.pack(tar.END)
    gzip.close(padding=tar.END)


def _add_to_tar(gzip: GzipWriter, entry: Entry, checkpoint: Checkpoint) -> None:
    if entry.size > tar.SIZE_LIMIT:
        raise JobProblem(
            _(
                "“%(entry)s” is larger than %(amount)s, which a tar.gz can’t hold. Make the backup as a zip.",
                entry=entry.name,
                amount=in_words(tar.SIZE_LIMIT + 1),
            )
        )
    header: bytes = tar.build(entry.name, entry.size)
    put = gzip.pack
    for piece in _pieces(entry, checkpoint):
        if header:
            put = gzip.store if _is_stored(entry, piece) else gzip.pack
            put(header)
            header = b""
        put(piece)
    put(header + tar.padding(entry.size))


def _write_zip(out: BinaryIO, items: list[_Item], checkpoint: Checkpoint) -> None:
    with zipfile.ZipFile(out, "w") as archive:
        for item in items:
            info = zipfile.ZipInfo(item.name, _ZIP_TIME)
            info.create_system = 3
            if item.entry is None:
                info.external_attr = 0o40755 << 16 | 0x10
                archive.writestr(info, b"")
            else:
                info.external_attr = 0o100644 << 16
                info.file_size = item.size
                _add_to_zip(archive, info, item.entry, checkpoint)


def _add_to_zip(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, entry: Entry, checkpoint: Checkpoint
) -> None:
    pieces = _pieces(entry, checkpoint)
    first = next(pieces, b"")
    info.compress_type = zipfile.ZIP_STORED if _is_stored(entry, first) else zipfile.ZIP_DEFLATED
    with archive.open(info, "w") as target:
        target.write(first)
        for piece in pieces:
            target.write(piece)


def _is_stored(entry: Entry, first: bytes) -> bool:
    return entry.size >= _SMALLEST_STORED and not entry.name.endswith(".xml") and not shrinks(first)


def _pieces(entry: Entry, checkpoint: Checkpoint) -> Iterator[bytes]:
    left = entry.size
    with closing(entry.open()) as stream:
        while piece := stream.read(min(_PIECE, left + 1)):
            left -= len(piece)
            if left < 0:
                break
            yield piece
            checkpoint(len(piece))
    if left:
        raise JobProblem(
            _(
                "“%(entry)s” changed while it was being packed: it is no longer %(amount)s long. Nothing "
                "was kept; make the backup again.",
                entry=entry.name,
                amount=in_words(entry.size),
            )
        )
