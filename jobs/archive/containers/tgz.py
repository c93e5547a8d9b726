"""Reads a tar.gz: ustar, GNU and pax headers, plain files alone."""

import re
from collections.abc import Iterator
from contextlib import suppress
from io import FileIO
from typing import ClassVar, Self

from jobs.archive.containers import compression, tar
from jobs.archive.containers.container import Archive, Member
from jobs.archive.containers.gunzip import Gunzip
from jobs.archive.containers.wrapping import folder_around
from jobs.archive.limits import MIB, Limits
from jobs.archive.names import canonical, shown
from jobs.language import gettext as _, lazy_gettext as _l
from jobs.problems import ArchiveProblem

# A header that only names the next entry; nothing honest comes near.
_LONG_HEADER_LIMIT = MIB
_LONG_HEADERS = (tar.GNU_LONG_NAME, tar.GNU_LONG_LINK, tar.PAX, tar.PAX_GLOBAL)
_LONG_HEADERS_AN_ENTRY = 8
_SIZE = re.compile(r"[0-9]{1,40}")
_NOT_FILES = {
    b"1": _l("a hard link"),
    b"2": _l("a link"),
    b"3": _l("a device"),
    b"4": _l("a device"),
    b"6": _l("a pipe"),
    tar.GNU_SPARSE: _l("a sparse file"),
}
_DAMAGED = (
    _l("The archive is damaged at its very start: what follows can’t be read. Copy or download it again."),
    _l("The archive is damaged after “%(name)s”: what follows can’t be read. Copy or download it again."),
)
_CUT_SHORT = (
    _l("The archive is cut short at its very start. Copy or download it again, or make the backup again."),
    _l("The archive is cut short after “%(name)s”. Copy or download it again, or make the backup again."),
)
_NO_TAR = _l("The file is compressed, but what is in it is no archive, so it is not a Moodle backup.")
_TRAILING = _l("After the end of the backup, the file goes on with something else, which was left out.")


class TgzArchive(Archive):
    container: ClassVar[str] = "tgz"

    def __init__(self, file: FileIO, limits: Limits) -> None:
        super().__init__(file, limits)
        self._stream = Gunzip(file)
        self._is_tar = False
        self._last_name: str | None = None
        self._left = 0

    @classmethod
    def opened(cls, file: FileIO, limits: Limits) -> Self:
        """Open one that may lie inside a folder, which shows by the names of all its files."""
        folder = ""
        with suppress(ArchiveProblem):  # what is wrong with it shows when it is read
            folder = folder_around(member.name for member in cls(file, limits)._members())
        file.seek(0)
        archive = cls(file, limits)
        archive._leave_out(folder)
        return archive

    @property
    def read_bytes(self) -> int:
        return min(self._file.tell(), self.size)

    def _members(self) -> Iterator[Member]:
        while (header := self._next_entry()) is not None:
            if header.kind == tar.DIRECTORY:
                canonical(header.name.rstrip("/"), self._limits)
                self._skip(header.size + len(tar.padding(header.size)))
                continue
            self._refuse_what_is_no_file(header)
            name = self._last_name = self._admit(header.name, header.size)
            self._left = header.size
            yield Member(name, header.size, self._pull)
            self._skip(self._left + len(tar.padding(header.size)))
        self._read_to_the_end()

    def _next_entry(self) -> tar.Header | None:
        """Return the next header, with what GNU or pax headers before it say of the entry."""
        said: dict[str, str] = {}
        for _turn in range(_LONG_HEADERS_AN_ENTRY):
            header = self._next_header()
            if header is None:
                return None
            if header.kind not in _LONG_HEADERS:
                self._count_entry()
                return self._with_what_was_said(header, said)
            content = self._long_header(header)
            if header.kind == tar.GNU_LONG_NAME:
                said["path"] = self._decode(content)
            elif header.kind == tar.PAX:
                said |= self._records(content)
        raise self._problem(_DAMAGED)

    def _with_what_was_said(self, header: tar.Header, said: dict[str, str]) -> tar.Header:
        size = said.get("size", str(header.size))
        if not _SIZE.fullmatch(size):
            raise self._problem(_DAMAGED)
        is_sparse = any(key.startswith("GNU.sparse.") for key in said)
        return tar.Header(
            said.get("path", header.name), int(size), tar.GNU_SPARSE if is_sparse else header.kind
        )

    def _next_header(self) -> tar.Header | None:
        block = self._stream.read_exactly(tar.BLOCK)
        self._count_unpacked(len(block))
        if not any(block) and len(block) in (0, tar.BLOCK):
            return None
        try:
            header = tar.parse(block)
        except ValueError as error:
            cut = _CUT_SHORT if len(block) < tar.BLOCK else _DAMAGED
            raise (self._problem(cut) if self._is_tar else ArchiveProblem(str(_NO_TAR))) from error
        self._is_tar = True
        return header

    def _long_header(self, header: tar.Header) -> bytes:
        if header.size > _LONG_HEADER_LIMIT:
            raise ArchiveProblem(
                _(
                    "A name in the archive is longer than %(name_length)s characters. Moodle writes no such "
                    "names.",
                    name_length=self._limits.name_length,
                ),
                entry=self._last_name,
                limit="name_length",
            )
        padded = header.size + len(tar.padding(header.size))
        content = self._stream.read_exactly(padded)
        self._count_unpacked(len(content))
        if len(content) < padded:
            raise self._problem(_CUT_SHORT)
        return content[: header.size]

    def _decode(self, content: bytes) -> str:
        try:
            return content.split(b"\0", 1)[0].decode()
        except UnicodeDecodeError as error:
            raise self._problem(_DAMAGED) from error

    def _records(self, content: bytes) -> dict[str, str]:
        try:
            return tar.parse_pax(content)
        except ValueError as error:
            raise self._problem(_DAMAGED) from error

    def _refuse_what_is_no_file(self, header: tar.Header) -> None:
        if header.kind not in tar.REGULAR:
            what = _NOT_FILES.get(header.kind, _("something that is not a file"))
            raise ArchiveProblem(
                _(
                    "The archive holds %(what)s, “%(name)s”. A Moodle backup holds plain files alone, so somebody has "
                    "changed this one.",
                    what=what,
                    name=shown(header.name),
                ),
                entry=header.name,
            )

    def _pull(self, length: int) -> bytes:
        if not self._left:
            return b""
        piece = self._stream.read(min(length, self._left))
        if not piece:
            raise self._problem(_CUT_SHORT)
        self._left -= len(piece)
        self._count_unpacked(len(piece), self._last_name)
        return piece

    def _skip(self, length: int) -> None:
        while length:
            piece = self._stream.read(min(length, compression.CHUNK))
            if not piece:
                raise self._problem(_CUT_SHORT)
            length -= len(piece)
            self._count_unpacked(len(piece), self._last_name)

    def _read_to_the_end(self) -> None:
        """Read on to the checksum, which stands last."""
        trailing = False
        while piece := self._stream.read(compression.CHUNK):
            self._count_unpacked(len(piece))
            trailing = trailing or piece.count(0) < len(piece)
        if trailing or self._stream.trailing:
            self.notes.append(_TRAILING)

    def _problem(self, sentences: tuple[str, str]) -> ArchiveProblem:
        """What to raise: the first of the sentences at the very start, else the one that names the last entry."""
        if not self._last_name:
            return ArchiveProblem(str(sentences[0]))
        return ArchiveProblem(_(sentences[1], name=shown(self._last_name)), entry=self._last_name)
