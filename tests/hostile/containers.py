"""Archives that are hostile as archives: names, links, sizes and packing that no honest tool writes.

Each is a course that would restore, and something more. `CONTAINERS` says by its name how to make it, and how
the sentence begins that refuses it; None for what does no harm, and is restored.
"""

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterable

from tests.archives import add_to_tar, pack_tgz, pack_zip, small_course
from tests.unit.archive.tars import entry

Make = Callable[[], bytes]
MANIFEST = "moodle_backup.xml"
MB = 1_000_000

NO_FILE = "The archive holds "
DAMAGED = "The archive is damaged "
TWICE = "The archive holds “{}” twice"
DISAGREES = "The archive’s own list of files does not agree with what is in it"

#: Ways to write a name that leads out of a folder, or means something to a system.
NAMES_THAT_LEAD_OUT = [
    "../users.xml", "activities/../../users.xml", "a/..", "..", "../", "..\\users.xml", "a\\..\\..\\users.xml",
    "/etc/passwd", "//host/share/x", "\\\\host\\share\\x", "C:\\users.xml", "C:users.xml", "c:/users.xml",
    "./../users.xml", "././/etc/passwd", "a//b", "a/./b", "tab\there.xml", "line\nbreak.xml", "\x1b[2J.xml",
    "para\u2029graph.xml", "x" * 4000,
]  # fmt: skip
#: Names that look as if they did, and are only names.
HARMLESS_NAMES = [
    "%2e%2e/users.xml", "..\N{FULLWIDTH SOLIDUS}users.xml", "\N{ONE DOT LEADER}\N{ONE DOT LEADER}/users.xml",
    "~/.ssh/authorized_keys", "CON", "aux.xml", "files/nul", "$(reboot).xml", "`id`.xml", "-rf", "x;y|z&.xml",
    "\N{RIGHT-TO-LEFT OVERRIDE}lmx.sresu", "users.xml:stream", "course/.htaccess", "course/shell.php", "...",
]  # fmt: skip
NOT_FILES = {
    "a link": (tarfile.SYMTYPE, {"linkname": "/etc/passwd"}),
    "a link to a folder": (tarfile.SYMTYPE, {"linkname": "../.."}),
    "a hard link": (tarfile.LNKTYPE, {"linkname": "moodle_backup.xml"}),
    "a character device": (tarfile.CHRTYPE, {"devmajor": 1, "devminor": 5}),
    "a block device": (tarfile.BLKTYPE, {"devmajor": 8}),
    "a pipe": (tarfile.FIFOTYPE, {}),
    "a sparse file": (tarfile.GNUTYPE_SPARSE, {}),
    "a volume label": (b"V", {}),
    "a folder of a dump": (b"D", {}),
}


def tgz(*more: object, members: dict[str, bytes] | None = None, form: int = tarfile.PAX_FORMAT) -> bytes:
    """The small course, and behind it pairs of a name and bytes, or a TarInfo, or raw blocks of a tar."""
    out = io.BytesIO()
    raw = b"".join(one for one in more if isinstance(one, bytes))
    with tarfile.open(fileobj=out, mode="w", format=form) as tar:
        for name, content in (small_course() if members is None else members).items():
            add_to_tar(tar, name, content)
        for one in more:
            if isinstance(one, tarfile.TarInfo):
                tar.addfile(one)
            elif not isinstance(one, bytes):
                add_to_tar(tar, *one)
    whole = out.getvalue()
    if raw:
        end = whole.rstrip(b"\0")
        whole = end + bytes(-len(end) % 512) + raw + bytes(1024)
    return gzip.compress(whole, mtime=0)


def header(name: str, size_field: bytes, kind: bytes = b"0") -> bytes:
    """The block of a tar that begins an entry, with its size as it is given."""
    info = tarfile.TarInfo(name)
    block = bytearray(info.tobuf(tarfile.USTAR_FORMAT))
    block[124:136], block[156:157], block[148:156] = size_field.ljust(12, b"\0"), kind, b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def pax(name: str, records: bytes) -> bytes:
    """A pax header as it is given, before an empty file."""
    size = b"%011o" % len(records)
    return header("pax", size, b"x") + records + bytes(-len(records) % 512) + header(name, b"0")


def record(key: str, value: str) -> bytes:
    rest = f" {key}={value}\n".encode()
    length = len(rest) + 1
    while len(str(length)) + len(rest) != length:
        length += 1
    return str(length).encode() + rest


def patched(name: str, kind: str, field: int, *values: int) -> bytes:
    """A zip with other values in its directory's record of a name, `field` bytes from where that begins."""
    whole = bytearray(pack_zip(small_course()))
    struct.pack_into(kind, whole, whole.rindex(name.encode()) - 46 + field, *values)
    return bytes(whole)


def zip_with(*more: tuple[str, bytes], mode: int = 0) -> bytes:
    out = io.BytesIO(pack_zip(small_course()))
    with zipfile.ZipFile(out, "a") as archive:
        for name, content in more:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, content)
    return out.getvalue()


def zip_of_one_content(times: int, size: int) -> bytes:
    """Many entries that all unpack the same bytes of the file, as in the zip bombs that lie over one another."""
    whole = pack_zip(small_course() | {"stray/0000": bytes(size)})
    start = whole.index(b"PK\x01\x02")
    directory, at = whole[start:-22], whole.rindex(b"stray/0000") - 46
    one = whole[at:-22]
    again = b"".join(one.replace(b"stray/0000", b"stray/%04d" % number) for number in range(1, times))
    count = whole.count(b"PK\x01\x02") + times - 1
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory + again), start, 0)
    return whole[:start] + directory + again + end


def bomb(size: int) -> bytes:
    """A tar.gz that holds one file of zeros."""
    out = io.BytesIO()
    with gzip.open(out, "wb", compresslevel=9) as packed:
        packed.write(gzip.decompress(pack_tgz(small_course())).rstrip(b"\0"))
        packed.write(bytes(-packed.tell() % 512) + header("files/aa/" + "a" * 40, b"%011o" % size))
        for _ in range(size // MB):
            packed.write(bytes(MB))
    return out.getvalue()


def zip_bomb(size: int) -> bytes:
    out = io.BytesIO(pack_zip(small_course()))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("stray", "w") as inside:
        for _ in range(size // MB):
            inside.write(bytes(MB))
    return out.getvalue()


def gzip_members(count: int) -> bytes:
    return gzip.compress(b"") * count + tgz()


def gzip_with_endless_name(size: int) -> bytes:
    return b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * size


def ending(count: int, **more: int) -> bytes:
    """A zip whose end says something else of its directory."""
    whole = pack_zip(small_course())
    _, disk, first, here, total, length, start, _ = struct.unpack("<4s4H2LH", whole[-22:])
    said = {"disk": disk, "first": first, "here": here + count, "total": total + count, "length": length}
    said |= {"start": start} | more
    return whole[:-22] + struct.pack("<4s4H2LH", b"PK\x05\x06", *said.values(), 0)


def many(count: int) -> bytes:
    """Empty files without end."""
    out = io.BytesIO()
    block = header("stray/1", b"0")
    with gzip.open(out, "wb", compresslevel=1) as packed:
        packed.write(gzip.decompress(pack_tgz(small_course())).rstrip(b"\0"))
        packed.write(bytes(-packed.tell() % 512))
        for number in range(count):
            name = b"stray/%d" % number
            packed.write(_renamed(block, name))
    return out.getvalue()


def _renamed(block: bytes, name: bytes) -> bytes:
    changed = bytearray(name.ljust(100, b"\0") + block[100:148] + b" " * 8 + block[156:])
    changed[148:156] = b"%06o\0 " % sum(changed)
    return bytes(changed)


def many_in_zip(count: int) -> bytes:
    """A zip with records of empty files without end, all of them at the same place."""
    whole = pack_zip(small_course() | {"stray/0000000": b""})
    start = whole.index(b"PK\x01\x02")
    at = whole.rindex(b"stray/0000000") - 46
    one = whole[at:-22]
    more = b"".join(one.replace(b"0000000", b"%07d" % number) for number in range(1, count))
    total, length = whole.count(b"PK\x01\x02") + count - 1, len(whole) - 22 - start + len(more)
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, total, total, length, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, start + length, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return whole[:-22] + more + end64 + locator + end


def nested(depth: int) -> bytes:
    """An archive in an archive in an archive."""
    inner = pack_zip({"x": bytes(MB)})
    for _ in range(depth):
        inner = pack_tgz(small_course() | {"stray/inner.mbz": inner})
    return inner


def _named(names: Iterable[str], ends: str | None) -> dict[str, tuple[Make, str | None]]:
    found: dict[str, tuple[Make, str | None]] = {}
    for name in names:
        shown = name[:40].encode("unicode_escape").decode()
        found[f"tgz: {shown}"] = (lambda name=name: tgz((name, b"x")), ends)
        if "\\" not in name and "\0" not in name:
            found[f"zip: {shown}"] = (lambda name=name: zip_with((name, b"x")), ends)
    return found


OUT = [record("path", "../users.xml"), record("path", "/etc/passwd")]
LIES = "“users.xml” in the archive is not as long as the archive’s own list says"
LIST_DAMAGED = "The archive’s own list of files is damaged"
RATIO = "The archive unpacks to more than 200 times its size"
LONG_NAME = "A name in the archive"

CONTAINERS: dict[str, tuple[Make, str | None]] = {
    **_named(NAMES_THAT_LEAD_OUT, LONG_NAME),
    **_named(HARMLESS_NAMES, None),
    **{
        f"tgz: {what}": (lambda kind=kind, more=more: tgz(entry("course/odd.xml", kind, **more)), NO_FILE)
        for what, (kind, more) in NOT_FILES.items()
    },
    "tgz: a file behind a link to its folder": (
        lambda: tgz(entry("out", tarfile.SYMTYPE, linkname="/tmp"), ("out/x", b"x")), NO_FILE,
    ),
    "tgz: a sparse file in pax dress": (lambda: tgz(pax("x", record("GNU.sparse.realsize", "9" * 15))), NO_FILE),
    "tgz: one name twice": (lambda: tgz(("users.xml", b"x")), TWICE.format("users.xml")),
    "tgz: one name in two cases": (lambda: tgz(("USERS.xml", b"x")), TWICE.format("USERS.xml")),
    "tgz: one name and ./": (lambda: tgz(("./users.xml", b"x")), TWICE.format("users.xml")),
    "tgz: one name in two normal forms": (
        lambda: tgz(("caf\u00e9", b"x"), ("cafe\u0301", b"y")), TWICE.format("cafe\u0301"),
    ),
    "tgz: a name that is a folder too": (lambda: tgz(("users.xml/x", b"x")), None),
    "tgz: a name in broken UTF-8": (lambda: tgz(_renamed(header("x", b"0"), b"\xc0\xae\xc0\xae/x")), DAMAGED),
    **{
        f"tgz: a pax path {number}": (lambda one=one: tgz(pax("x", one)), LONG_NAME)
        for number, one in enumerate(OUT)
    },
    "tgz: a pax size of 5,000 digits": (lambda: tgz(pax("x", record("size", "9" * 5000))), DAMAGED),
    "tgz: a pax size below zero": (lambda: tgz(pax("x", record("size", "-1"))), DAMAGED),
    "tgz: a pax record of no length": (lambda: tgz(pax("x", b"0 path=x\n")), DAMAGED),
    "tgz: pax headers that name nothing": (lambda: tgz(pax("x", b"")[:512] * 50), DAMAGED),
    "tgz: a name of two megabytes": (lambda: tgz(header("x", b"%011o" % (2 * MB), b"L"), bytes(2 * MB)), LONG_NAME),
    "tgz: a size below zero": (lambda: tgz(header("x", b"\xff" * 12)), DAMAGED),
    "tgz: a size in words": (lambda: tgz(header("x", b"much")), DAMAGED),
    "tgz: a size beyond all disks": (lambda: tgz(header("x", b"\x80" + b"\x7f" * 11)), "“x” in the archive is larger"),
    "tgz: a folder beyond all disks": (
        lambda: tgz(header("x", b"\x80" + b"\x7f" * 11, b"5")), "The archive is cut short",
    ),
    "tgz: 50,000 empty members": (lambda: gzip_members(50_000), None),
    "tgz: 150,000 empty members": (lambda: gzip_members(150_000), "The file is damaged"),
    "tgz: a name in its head without end": (lambda: gzip_with_endless_name(MB), "The file is damaged"),
    "tgz: a bomb": (lambda: bomb(300 * MB), RATIO),
    "tgz: an archive in an archive": (lambda: nested(3), None),
    "zip: a link": (lambda: zip_with(("out", b"/etc/passwd"), mode=0o120777), NO_FILE),
    "zip: a device": (lambda: zip_with(("out", b""), mode=0o020666), NO_FILE),
    "zip: one name in two cases": (lambda: zip_with(("USERS.xml", b"x")), TWICE.format("USERS.xml")),
    "zip: it holds less than it says": (lambda: patched("users.xml", "<L", 24, 10), LIES),
    "zip: it holds more than it says": (lambda: patched("users.xml", "<L", 24, 1 << 20), LIES),
    "zip: more packed than there is": (lambda: patched("users.xml", "<L", 20, 1 << 20), DISAGREES),
    "zip: it begins behind the end": (lambda: patched("users.xml", "<L", 42, 1 << 30), DISAGREES),
    "zip: it begins where another does": (lambda: patched("users.xml", "<L", 42, 0), DISAGREES),
    "zip: a password": (lambda: patched("users.xml", "<H", 8, 1), "The archive asks for a password"),
    "zip: another packing": (lambda: patched("users.xml", "<H", 10, 93), "“users.xml” is packed in a way"),
    "zip: sizes of 64 bit that are not there": (
        lambda: patched("users.xml", "<2L", 20, 0xFFFFFFFF, 0xFFFFFFFF), DISAGREES,
    ),
    "zip: one content a thousand times": (lambda: zip_of_one_content(1000, MB), DISAGREES),
    "zip: fewer files than there are": (lambda: ending(-1), LIST_DAMAGED),
    "zip: more files than there are": (lambda: ending(1), LIST_DAMAGED),
    "zip: a list behind the end": (lambda: ending(0, start=0xFFFFFFFE), LIST_DAMAGED),
    "zip: the first of two parts": (lambda: ending(0, disk=1), "The archive is in several parts"),
    "zip: a comment that looks like the end": (
        lambda: pack_zip(small_course())[:-2] + b"\x16\0PK\x05\x06" + bytes(18), LIST_DAMAGED,
    ),
    "zip: a bomb": (lambda: zip_bomb(300 * MB), RATIO),
}  # fmt: skip
