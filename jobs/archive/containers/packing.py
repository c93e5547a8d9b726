"""Writes gzip that packs what shrinks and stores what doesn't: most of a course is pictures and films.

It is one gzip member all the same, of stretches of deflate that each end on a whole byte; Moodle's own
reader, gzip and tar read it like any other.
"""

from typing import Protocol

from jobs.archive.containers import compression

# RFC 1952: deflate, no flags, no time, Unix.
_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\x03"
# RFC 1951: a last block with nothing in it.
_NOTHING_MORE = b"\x03\0"
_LONGEST_STORED = 65_535
# Where a zip ends (APPNOTE 4.3.16), and how far from the end of a file readers look for it.
_ZIP_END = b"PK\x05\x06"
_ZIP_REACH = 65_535 + 22

_TRIAL = 64 * 1024
_WORTH_IT = 0.95
_PACKED_ALREADY = (
    b"\xff\xd8\xff",  # jpeg
    b"\x89PNG\r\n\x1a\n",
    b"GIF8",
    b"PK\x03\x04",  # zip, and with it docx, xlsx, pptx, odt, epub, h5p
    b"\x1f\x8b",  # gzip
    b"BZh",
    b"7z\xbc\xaf\x27\x1c",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",  # zstandard
    b"Rar!",
    b"ID3",  # mp3
    b"OggS",
    b"fLaC",
    b"\x1a\x45\xdf\xa3",  # webm, mkv
    b"wOFF",
    b"wOF2",
)


def shrinks(head: bytes) -> bool:
    """Tell by a file's beginning whether packing it is worth the time."""
    # The tables at the start of an mp4 shrink well and would fool the trial.
    if head.startswith(_PACKED_ALREADY) or head[4:8] == b"ftyp" or head[8:12] == b"WEBP":
        return False
    sample = head[:_TRIAL]
    deflater = compression.deflater(fast=True)
    packed = len(deflater.compress(sample)) + len(deflater.flush())
    return packed < _WORTH_IT * len(sample)


class Output(Protocol):
    def write(self, content: bytes | memoryview, /) -> object: ...


class GzipWriter:
    """One gzip member, written in stretches."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._crc = self._size = 0
        self._behind_zip = _ZIP_REACH  # bytes since the end of a zip went by as it is
        self._deflater: compression.Deflater | None = None
        out.write(_HEADER)

    def pack(self, content: bytes) -> None:
        if self._deflater is None:
            self._deflater = compression.deflater()
        self._count(content)
        self._out.write(self._deflater.compress(content))

    def store(self, content: bytes) -> None:
        """Write bytes as they are."""
        if self._deflater is not None:
            self._out.write(self._deflater.flush(compression.FULL_FLUSH))
            self._deflater = None
        self._count(content)
        self._look_for_zip(content)
        view = memoryview(content)
        for start in range(0, len(content), _LONGEST_STORED):
            block = view[start : start + _LONGEST_STORED]
            length = len(block)
            self._out.write(b"\0" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little"))
            self._out.write(block)

    def close(self, padding: bytes = b"\0") -> None:
        """Write the end. What it was written to stays open.

        A stored zip near the end would have the whole taken for a zip by readers that look for its end
        there (Python's does); then `padding`, which must mean nothing where it comes, is put behind it.
        """
        if self._behind_zip < _ZIP_REACH:
            self.store(padding * (_ZIP_REACH // len(padding)))
        self._out.write(_NOTHING_MORE if self._deflater is None else self._deflater.flush())
        self._out.write(self._crc.to_bytes(4, "little") + (self._size & 0xFFFFFFFF).to_bytes(4, "little"))

    def _look_for_zip(self, content: bytes) -> None:
        end = content.rfind(_ZIP_END)
        behind = len(content) - end if end >= 0 else self._behind_zip + len(content)
        self._behind_zip = min(behind, _ZIP_REACH)

    def _count(self, content: bytes) -> None:
        self._crc = compression.crc32(content, self._crc)
        self._size += len(content)
