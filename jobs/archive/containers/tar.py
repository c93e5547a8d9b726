"""The 512-byte headers of a tar: reads those of ustar, GNU and pax, writes those of ustar.

Moodle's own reader takes pax headers for files (seen in 4.5.5), so none is ever written.
"""

from typing import NamedTuple

BLOCK = 512
END = bytes(2 * BLOCK)
# Moodle 4.5 lib/filestorage/tgz_packer.php gives this time (1 January 2013) to what has none.
NO_TIME = 1_356_998_400
SIZE_LIMIT = 8 * 1024**3 - 1

REGULAR = (b"0", b"\0", b"7")
DIRECTORY = b"5"
GNU_LONG_NAME = b"L"
GNU_LONG_LINK = b"K"
GNU_SPARSE = b"S"
PAX = b"x"
PAX_GLOBAL = b"g"


class Header(NamedTuple):
    name: str
    size: int
    kind: bytes


def is_header(block: bytes) -> bool:
    """Tell whether the block's checksum is right, which hardly anything but a tar header's is."""
    if len(block) != BLOCK or not any(block):
        return False
    try:
        claimed = _number(block[148:156])
    except ValueError:
        return False
    blank = sum(block) - sum(block[148:156]) + 8 * 0x20
    return claimed == blank


def parse(block: bytes) -> Header:
    """Read a header; ValueError where it is none."""
    if not is_header(block):
        raise ValueError("not a tar header")
    kind = block[156:157]
    name = _text(block[:100])
    if block[257:263] == b"ustar\0" and (prefix := _text(block[345:500])):
        name = f"{prefix}/{name}"
    if kind in REGULAR and name.endswith("/"):
        kind = DIRECTORY
    return Header(name, _number(block[124:136]), kind)


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode()


def _number(field: bytes) -> int:
    if field[0] & 0x80:  # GNU's way to write what octal digits can't hold
        if field[0] != 0x80:
            raise ValueError("a negative number")
        return int.from_bytes(field[1:])
    digits = field.split(b"\0", 1)[0].strip(b" ")
    if not digits:
        return 0
    if not digits.isdigit():
        raise ValueError("not a number")
    return int(digits, 8)


def parse_pax(content: bytes) -> dict[str, str]:
    """Read those records of a pax header ("27 path=activities/page_1\\n") that tell what the entry is.

    ValueError where they are broken.
    """
    records: dict[str, str] = {}
    at = 0
    while at < len(content):
        digits, _, _ = content[at : at + 20].partition(b" ")
        end = at + int(digits)
        key, _, value = content[at + len(digits) + 1 : end - 1].partition(b"=")
        if end > len(content) or not key or content[end - 1 : end] != b"\n":
            raise ValueError("not a pax record")
        if key in (b"path", b"size") or key.startswith(b"GNU.sparse."):
            records[key.decode()] = value.decode()
        at = end
    return records


def build(name: str, size: int = 0, *, directory: bool = False) -> bytes:
    """Write a header as Moodle does (uid and gid 0, 644 or 755); ValueError where the name is too long."""
    prefix, short = _split(name.encode())
    fields = (
        short.ljust(100, b"\0"),
        b"0000755\0" if directory else b"0000644\0",
        b"0000000\0" * 2,
        b"%011o\0" % size,
        b"%011o\0" % NO_TIME,
        b" " * 8,
        DIRECTORY if directory else b"0",
        bytes(100),
        b"ustar\00000".ljust(88, b"\0"),
        prefix.ljust(155, b"\0"),
    )
    block = b"".join(fields).ljust(BLOCK, b"\0")
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def _split(name: bytes) -> tuple[bytes, bytes]:
    if len(name) <= 100:
        return b"", name
    for at in range(len(name) - 101, 156):
        if at > 0 and name[at : at + 1] == b"/" and at + 1 < len(name):
            return name[:at], name[at + 1 :]
    raise ValueError(f"{name!r} does not fit in a ustar header")


def padding(size: int) -> bytes:
    return bytes(-size % BLOCK)
