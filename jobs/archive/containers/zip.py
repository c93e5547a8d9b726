"""Reads a zip by its directory, in the order in which the files lie, checking that both agree.

The standard library's reader trusts sizes and lets entries lie over one another; this one does neither.
"""

from collections.abc import Iterator
from io import FileIO
from typing import ClassVar

from jobs.archive.containers import compression, zip_directory
from jobs.archive.containers.container import Archive, Member
from jobs.archive.containers.pieces import Pieces
from jobs.archive.containers.wrapping import folder_around
from jobs.archive.containers.zip_directory import DEFLATED, STORED, Entry
from jobs.archive.limits import Limits
from jobs.archive.names import canonical, shown
from jobs.language import gettext as _, lazy_gettext as _l
from jobs.problems import ArchiveProblem

_DAMAGED = _l("“%(name)s” in the archive is damaged: it can’t be unpacked. Copy or download the file again.")
_CHANGED = _l("“%(name)s” in the archive has changed since it was packed. Copy or download the file again.")
_LIES = _l(
    "“%(name)s” in the archive is not as long as the archive’s own list says. Copy or download the file again."
)
_OVERLAP = _l(
    "The archive’s own list of files does not agree with what is in it at “%(name)s”, so it is refused."
)
_ENCRYPTED = _l("The archive asks for a password at “%(name)s”. Unpack it, and pack it again without one.")
_METHOD = _l(
    "“%(name)s” is packed in a way that Moodle does not use. Pack the archive again as an ordinary zip."
)
_NO_FILE = _l(
    "The archive holds something that is no plain file, “%(name)s”. "
    "A Moodle backup holds plain files alone, so somebody has changed this one."
)


class ZipArchive(Archive):
    container: ClassVar[str] = "zip"

    def __init__(self, file: FileIO, limits: Limits) -> None:
        super().__init__(file, limits)
        self._read_packed = 0
        entries = list(self._checked_entries())
        self._leave_out(folder_around(canonical(entry.name, limits) for entry in entries))
        self._files = [(self._admit(entry.name, entry.size), entry) for entry in entries]
        self._outline.refuse_if_no_backup()
        self._files.sort(key=lambda one: one[1].offset)
        self._ends = [one.offset for _, one in self._files[1:]] + [self.size]

    @property
    def read_bytes(self) -> int:
        return self._read_packed

    def _checked_entries(self) -> Iterator[Entry]:
        """Yield what the directory says of each file."""
        for entry in zip_directory.read(self._file, self.size, self.notes):
            self._count_entry()
            self._check(entry)
            if entry.name.endswith("/"):
                canonical(entry.name.rstrip("/"), self._limits)
            else:
                yield entry

    def _check(self, entry: Entry) -> None:
        for is_wrong, sentence in (
            (entry.is_encrypted, _ENCRYPTED),
            (entry.method not in (STORED, DEFLATED), _METHOD),
            (not entry.is_plain, _NO_FILE),
        ):
            if is_wrong:
                raise self._problem(sentence, entry.name)

    def _members(self) -> Iterator[Member]:
        for (name, entry), end in zip(self._files, self._ends, strict=True):
            start = self._start_of(entry, name)
            if start + entry.packed > end:
                raise self._problem(_OVERLAP, name)
            reading = self._stored(entry) if entry.method == STORED else self._inflated(entry, name)
            self._file.seek(start)
            yield Member(name, entry.size, Pieces(self._checked(reading, entry, name)).read)
            self._read_packed = start + entry.packed
        self._read_packed = self.size

    def _start_of(self, entry: Entry, name: str) -> int:
        try:
            return zip_directory.start_of(self._file, entry)
        except ValueError as error:
            raise self._problem(_OVERLAP, name) from error

    def _stored(self, entry: Entry) -> Iterator[bytes]:
        left = entry.packed
        while left and (piece := self._file.read(min(left, compression.CHUNK))):
            left -= len(piece)
            self._read_packed = self._file.tell()
            yield piece

    def _inflated(self, entry: Entry, name: str) -> Iterator[bytes]:
        inflater = compression.inflater()
        packed = self._stored(entry)
        while not inflater.eof:
            data = inflater.unconsumed_tail or next(packed, b"")
            try:
                piece = inflater.decompress(data, compression.CHUNK)
            except compression.ERRORS as error:
                raise self._problem(_DAMAGED, name) from error
            if piece:
                yield piece
            elif not data and not inflater.eof:
                raise self._problem(_DAMAGED, name)
        if inflater.unused_data or next(packed, b""):
            raise self._problem(_LIES, name)

    def _checked(self, pieces: Iterator[bytes], entry: Entry, name: str) -> Iterator[bytes]:
        """Pass the pieces on, counting; refuse those that are not what the directory promised."""
        crc = size = 0
        for piece in pieces:
            size += len(piece)
            if size > entry.size:
                raise self._problem(_LIES, name)
            self._count_unpacked(len(piece), name)
            crc = compression.crc32(piece, crc)
            yield piece
        if size != entry.size:
            raise self._problem(_LIES, name)
        if crc != entry.crc:
            raise self._problem(_CHANGED, name)

    def _problem(self, sentence: str, name: str) -> ArchiveProblem:
        return ArchiveProblem(_(sentence, name=shown(name)), entry=name)
