"""Reads what gzip packed: one member after another, each with its checksum, a bounded piece at a time."""

from collections.abc import Iterator
from io import FileIO

from jobs.archive.containers import compression
from jobs.archive.containers.pieces import Pieces
from jobs.language import gettext as _, lazy_gettext as _l
from jobs.language.sizes import size as in_words
from jobs.problems import ArchiveProblem

# RFC 1952: the flags of a member's header.
_HAS_CRC, _HAS_EXTRA, _HAS_NAME, _HAS_COMMENT = 2, 4, 8, 16
_HEADER_TEXT_LIMIT = 64 * 1024
# Each member costs a little even when it is empty, and no tool makes so many.
_MEMBER_LIMIT = 100_000

_DAMAGED = _l("The file is damaged: after %(read)s it can no longer be unpacked. Copy or download it again.")
_CHANGED = _l(
    "The file has changed since it was made: its own checksum no longer agrees. Copy or download it again."
)
_CUT_SHORT = _l("The file is cut short: it ends after %(read)s, in the middle. Copy or download it again.")


class Gunzip(Pieces):
    """What a gzip file holds, as a stream."""

    def __init__(self, file: FileIO) -> None:
        super().__init__(self._unpack())
        self._file = file
        self._packed = b""
        self._used = 0
        self._members = 0
        # Something follows the last member that is not another one.
        self.trailing = False

    def _unpack(self) -> Iterator[bytes]:
        while self._start_member():
            inflater = compression.inflater()
            crc = size = 0
            while not inflater.eof:
                piece = self._inflate(inflater)
                crc = compression.crc32(piece, crc)
                size += len(piece)
                if piece:
                    yield piece
            trailer = self._take_all(8)
            if trailer != crc.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little"):
                raise ArchiveProblem(_CHANGED)

    def _inflate(self, inflater: compression.Inflater) -> bytes:
        data = self._packed[self._used :] or self._file.read(compression.CHUNK)
        try:
            piece = inflater.decompress(data, compression.CHUNK)
        except compression.ERRORS as error:
            raise self._problem(_DAMAGED) from error
        self._packed, self._used = inflater.unused_data or inflater.unconsumed_tail, 0
        if not (data or piece or inflater.eof):
            raise self._problem(_CUT_SHORT)
        return piece

    def _start_member(self) -> bool:
        """Read a member's header; tell whether there was one."""
        if self._members:
            self._skip_zeros()
        magic = self._take(2)
        if self._members and magic != b"\x1f\x8b":
            self.trailing = magic != b""
            return False
        self._read_header()
        self._members += 1
        if self._members > _MEMBER_LIMIT:
            raise self._problem(_DAMAGED)
        return True

    def _read_header(self) -> None:
        method, flags, *_ = self._take_all(8)
        if method != 8 or flags & 0xE0:
            raise self._problem(_DAMAGED)
        if flags & _HAS_EXTRA:
            self._take_all(int.from_bytes(self._take_all(2), "little"))
        for flag in (_HAS_NAME, _HAS_COMMENT):
            if flags & flag:
                self._skip_text()
        if flags & _HAS_CRC:
            self._take_all(2)

    def _skip_text(self) -> None:
        for _turn in range(_HEADER_TEXT_LIMIT):
            if self._take_all(1) == b"\0":
                return
        raise self._problem(_DAMAGED)

    def _skip_zeros(self) -> None:
        """Pass over zeros between members: tapes, and some tools after them, fill up with them."""
        while packed := self._packed[self._used :] or self._file.read(compression.CHUNK):
            self._packed, self._used = packed.lstrip(b"\0"), 0
            if self._packed:
                return

    def _take(self, length: int) -> bytes:
        """Take bytes from the file as it is packed."""
        if len(self._packed) - self._used < length:
            self._packed, self._used = self._packed[self._used :] + self._file.read(compression.CHUNK), 0
        taken = self._packed[self._used : self._used + length]
        self._used += len(taken)
        return taken

    def _take_all(self, length: int) -> bytes:
        taken = self._take(length)
        if len(taken) < length:
            raise self._problem(_CUT_SHORT)
        return taken

    def _problem(self, sentence: str) -> ArchiveProblem:
        read = self._file.tell() - len(self._packed) + self._used
        return ArchiveProblem(_(sentence, read=in_words(read)))
