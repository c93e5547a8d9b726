"""A zip's own list of its files, which stands at its end (APPNOTE 6.3, sections 4.3 and 4.5.3)."""

import io
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from jobs.language import lazy_gettext as _l
from jobs.problems import ArchiveProblem

STORED, DEFLATED = 0, 8

_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 65_535
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_ENCRYPTED, _IN_UTF8 = 0x2041, 0x800
_ZIP64_EXTRA = 1
_UNIX_LIKE = (3, 19)

_CUT_SHORT = _l(
    "The archive is cut short: its list of files, which stands at the end, is missing. "
    "Copy or download it again."
)
_DAMAGED = _l("The archive’s own list of files is damaged. Copy or download it again.")
_SEVERAL = _l("The archive is in several parts. Pack it again as one ordinary zip.")
_TRAILING = _l("After the end of the backup, the file goes on with something else, which was left out.")


@dataclass(frozen=True, slots=True)
class Entry:
    """What the directory says of one entry. `packed` and `size` are claims."""

    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int

    @property
    def is_encrypted(self) -> bool:
        return bool(self.flags & _ENCRYPTED)

    @property
    def is_plain(self) -> bool:
        return stat.S_IFMT(self.mode) in (0, stat.S_IFREG, stat.S_IFDIR)


@dataclass(frozen=True)
class _Place:
    count: int
    length: int
    start: int


def read(file: io.FileIO, file_size: int, notes: list[str]) -> Iterator[Entry]:
    """Go through the directory, in its own order. What is odd but harmless is added to `notes`."""
    place = _find(file, file_size, notes)
    file.seek(place.start)
    directory = io.BufferedReader(file, 65_536)
    try:
        for _ in range(place.count):
            yield _entry(directory)
        if directory.tell() != place.start + place.length:
            raise ArchiveProblem(_DAMAGED)
    finally:
        directory.detach()


def start_of(file: io.FileIO, entry: Entry) -> int:
    """Return where the entry's content begins; ValueError where it does not describe itself alike."""
    file.seek(entry.offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        raise ValueError("no local header")
    mark, _, flags, method, *_, name_length, extra_length = _LOCAL.unpack(head)
    if mark != b"PK\x03\x04" or method != entry.method or flags & _ENCRYPTED:
        raise ValueError("not the entry's local header")
    if file.read(name_length) != entry.raw_name:
        raise ValueError("another name")
    return int(entry.offset + _LOCAL.size + name_length + extra_length)


def _find(file: io.FileIO, file_size: int, notes: list[str]) -> _Place:
    tail_start = max(0, file_size - _END.size - _LONGEST_COMMENT)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise ArchiveProblem(_CUT_SHORT)
    _, disk, first_disk, here, count, length, start, comment = _END.unpack_from(tail, at)
    end = tail_start + at
    if file_size - end - _END.size > comment:
        notes.append(_TRAILING)
    place = _Place(count, length, start)
    wide = _find64(file, end)
    if wide is not None:
        place, end = wide
    elif disk or first_disk or here != count:
        raise ArchiveProblem(_SEVERAL)
    if place.start + place.length != end or place.length < place.count * _CENTRAL.size:
        raise ArchiveProblem(_DAMAGED)
    return place


def _find64(file: io.FileIO, end: int) -> tuple[_Place, int] | None:
    file.seek(max(0, end - _END64_LOCATOR.size))
    mark, disk, at, disks = _END64_LOCATOR.unpack(file.read(_END64_LOCATOR.size))
    if mark != b"PK\x06\x07":
        return None
    if at + _END64.size > end:
        raise ArchiveProblem(_DAMAGED)
    file.seek(at)
    mark, _, _, _, _, _, here, count, length, start = _END64.unpack(file.read(_END64.size))
    if mark != b"PK\x06\x06":
        raise ArchiveProblem(_DAMAGED)
    if disk or disks > 1 or here != count:
        raise ArchiveProblem(_SEVERAL)
    return _Place(count, length, start), at


def _take(directory: "io.BufferedReader[io.FileIO]", length: int) -> bytes:
    taken = directory.read(length)
    if len(taken) < length:
        raise ArchiveProblem(_DAMAGED)
    return taken


def _entry(directory: "io.BufferedReader[io.FileIO]") -> Entry:
    fields = _CENTRAL.unpack(_take(directory, _CENTRAL.size))
    mark, made_by, _, flags, method, _, _, crc, packed, size = fields[:10]
    name_length, extra_length, comment_length, disk, _, attributes, offset = fields[10:]
    if mark != b"PK\x01\x02":
        raise ArchiveProblem(_DAMAGED)
    raw_name = _take(directory, name_length)
    extra = _take(directory, extra_length)
    _take(directory, comment_length)
    size, packed, offset = _wide(extra, [size, packed, offset])
    if disk not in (0, _FULL16):
        raise ArchiveProblem(_SEVERAL)
    mode = attributes >> 16 if made_by >> 8 in _UNIX_LIKE else 0
    name = _decode(raw_name, flags)
    return Entry(name, raw_name, flags, method, crc, packed, size, offset, mode)


def _wide(extra: bytes, values: list[int]) -> list[int]:
    """Replace those values that are too large for 32 bits by what the zip64 field says."""
    at = 0
    while _FULL32 in values and at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _ZIP64_EXTRA:
            field = extra[at + 4 : at + 4 + length]
            if len(field) < 8 * values.count(_FULL32):
                raise ArchiveProblem(_DAMAGED)
            wide = (one for (one,) in struct.iter_unpack("<Q", field[: len(field) // 8 * 8]))
            return [next(wide) if one == _FULL32 else one for one in values]
        at += 4 + length
    return values


def _decode(raw_name: bytes, flags: int) -> str:
    try:
        return raw_name.decode()
    except UnicodeDecodeError as error:
        if flags & _IN_UTF8:
            raise ArchiveProblem(_DAMAGED) from error
        return raw_name.decode("cp437")
