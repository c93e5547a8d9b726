import gzip
import tarfile
import tracemalloc

import pytest

from jobs.archive.containers.reader import open_archive
from jobs.archive.limits import MIB, Limits
from jobs.problems import ArchiveProblem
from tests.archives import pack_tgz, small_course
from tests.unit.archive.reading import drain, read_all
from tests.unit.archive.tars import entry, tar_of


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (tarfile.SYMTYPE, "a link"),
        (tarfile.LNKTYPE, "a hard link"),
        (tarfile.CHRTYPE, "a device"),
        (tarfile.BLKTYPE, "a device"),
        (tarfile.FIFOTYPE, "a pipe"),
        (tarfile.GNUTYPE_SPARSE, "a sparse file"),
        (b"V", "something that is not a file"),
    ],
)
def test_what_is_no_plain_file_is_refused_by_name(saved, kind, what):
    path = saved(tar_of(entry("course/odd.xml", kind, linkname="users.xml")))

    with pytest.raises(ArchiveProblem, match=f"holds {what}, “course/odd") as refusal:
        read_all(path)

    assert refusal.value.entry == "course/odd.xml"


def test_a_sparse_file_in_pax_dress_is_refused(saved):
    sparse = entry("users.xml", tarfile.REGTYPE, pax_headers={"GNU.sparse.major": "1"})

    with pytest.raises(ArchiveProblem, match=r"a sparse file, “users\.xml”"):
        read_all(saved(tar_of(sparse, tar_format=tarfile.PAX_FORMAT)))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("users.xml", "users.xml"),
        ("users.xml", "./users.xml"),
        ("users.xml", "USERS.xml"),
        ("caf\u00e9.xml", "cafe\u0301.xml"),
    ],
)
def test_two_files_of_one_name_are_refused(saved, first, second):
    path = saved(tar_of((first, b"1"), (second, b"2"), tar_format=tarfile.GNU_FORMAT))

    with pytest.raises(ArchiveProblem, match="twice"):
        read_all(path)


@pytest.mark.parametrize("name", ["../users.xml", "/users.xml", "a\\b.xml", "a//b.xml", "C:/x.xml"])
def test_an_unsafe_name_is_refused(saved, name):
    with pytest.raises(ArchiveProblem, match="Moodle writes no such names"):
        read_all(saved(tar_of((name, b"x"))))


@pytest.mark.parametrize("name", ["../", "/course/"])
def test_an_unsafe_folder_is_refused(saved, name):
    with pytest.raises(ArchiveProblem, match="Moodle writes no such names"):
        read_all(saved(tar_of(entry(name, tarfile.DIRTYPE))))


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_short_says_so(saved, kept):
    whole = pack_tgz(small_course())
    path = saved(whole[: int(len(whole) * kept)])

    with pytest.raises(ArchiveProblem, match="cut short"):
        read_all(path)


def test_a_tar_that_is_cut_short_inside_whole_gzip_says_where(saved):
    inner = gzip.decompress(tar_of(("users.xml", b"x" * 2000)))
    at = inner.index(b"users.xml")

    for length in (at + 100, at + 512 + 700):
        with pytest.raises(ArchiveProblem, match=r"cut short after “(moodle_backup|users)\.xml”"):
            read_all(saved(gzip.compress(inner[:length])))


@pytest.mark.usefixtures("engine")
def test_a_changed_checksum_is_told(saved):
    whole = bytearray(pack_tgz(small_course()))
    whole[-6] ^= 1

    with pytest.raises(ArchiveProblem, match="has changed since it was made"):
        read_all(saved(bytes(whole)))


def test_no_changed_byte_passes_unseen(saved):
    members = small_course()
    whole = pack_tgz(members, index=False)

    for at in range(10, len(whole), 97):
        changed = bytearray(whole)
        changed[at] ^= 0x10
        with pytest.raises(ArchiveProblem):
            read_all(saved(bytes(changed)))


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("garbage", [b"x", b"\r\n", b"<html>never mind</html>", b"\x1f"])
def test_what_stands_after_the_end_is_noted_and_left_out(saved, garbage):
    members = small_course()
    path = saved(pack_tgz(members, index=False) + garbage)

    with open_archive(path) as archive:
        names = [member.name for member in archive]

        assert names == list(members)
        assert len(archive.notes) == 1
        assert "After the end" in archive.notes[0]


def test_zeros_after_the_end_are_nothing_to_speak_of(saved):
    path = saved(pack_tgz(small_course()) + bytes(3001))

    with open_archive(path) as archive:
        assert len(list(archive)) > 10
        assert archive.notes == []


def test_what_stands_after_the_end_of_the_tar_is_noted(saved):
    path = saved(tar_of(tail=b"and more" * 100))

    with open_archive(path) as archive:
        assert [member.name for member in archive] == ["moodle_backup.xml"]
        assert "After the end" in archive.notes[0]


def test_a_huge_pax_header_is_refused_without_being_read(saved):
    huge = entry("pax", tarfile.XHDTYPE, size=40 * MIB)
    whole = gzip.decompress(tar_of(huge)).rstrip(b"\0")
    path = saved(gzip.compress(whole.ljust(1536, b"\0") + bytes(40 * MIB)))

    tracemalloc.start()
    with pytest.raises(ArchiveProblem) as refusal:
        read_all(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert refusal.value.limit == "name_length"
    assert peak < 4 * MIB


@pytest.mark.parametrize(
    "record", [b"12 path=a", b"x path=a\n", b"0 path=a\n", b"-9 path=a\n", b"99 path=a\n"]
)
def test_a_broken_pax_header_is_damage(saved, record):
    whole = gzip.decompress(tar_of(entry("pax", tarfile.XHDTYPE, size=len(record)))).rstrip(b"\0")
    path = saved(gzip.compress(whole.ljust(1536, b"\0") + record.ljust(512, b"\0") + bytes(1024)))

    with pytest.raises(ArchiveProblem, match=r"damaged after “moodle_backup\.xml”"):
        read_all(path)


def test_headers_that_name_nothing_can_not_go_on_for_ever(saved):
    empty = [entry("pax", tarfile.XGLTYPE) for _ in range(20)]

    with pytest.raises(ArchiveProblem, match="damaged"):
        read_all(saved(tar_of(*empty)))


@pytest.mark.usefixtures("engine")
def test_a_small_file_that_unpacks_to_a_huge_one_is_refused_early(saved):
    path = saved(tar_of(("users.xml", bytes(64 * MIB))))
    limits = Limits(ratio_from=4 * MIB)

    tracemalloc.start()
    with pytest.raises(ArchiveProblem, match="more than 200 times its size") as refusal:
        drain(path, limits)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert refusal.value.limit == "ratio"
    assert refusal.value.entry == "users.xml"
    assert peak < 4 * MIB


@pytest.mark.parametrize(
    ("limits", "limit"),
    [
        (Limits(members=10), "members"),
        (Limits(member_bytes=1000), "member_bytes"),
        (Limits(total_bytes=4000), "total_bytes"),
        (Limits(name_length=20), "name_length"),
    ],
)
def test_each_refusal_names_its_limit(saved, limits, limit):
    path = saved(pack_tgz(small_course()))

    with pytest.raises(ArchiveProblem) as refusal:
        read_all(path, limits)

    assert refusal.value.limit == limit
