import gzip
import tarfile

import pytest

from jobs.archive.containers.reader import open_archive
from jobs.archive.limits import GB, MIB
from jobs.problems import ArchiveProblem
from tests.archives import pack_tgz, small_course
from tests.unit.archive.reading import read_all
from tests.unit.archive.tars import entry, tar_of


@pytest.mark.usefixtures("engine")
def test_files_come_in_the_order_of_the_archive(saved):
    members = small_course()

    found = read_all(saved(pack_tgz(members, index=False)))

    assert list(found.items()) == list(members.items())


def test_the_archive_says_what_it_is_and_how_far_it_was_read(saved):
    path = saved(pack_tgz(small_course()))

    with open_archive(path) as archive:
        seen = [archive.read_bytes for _ in archive]

        assert archive.container == "tgz"
        assert archive.size == path.stat().st_size
        assert seen == sorted(seen)
        assert archive.read_bytes == archive.size
        assert archive.notes == []


def test_names_may_begin_with_dot_slash(saved):
    members = small_course()

    found = read_all(saved(pack_tgz(members, prefix="./", index=False)))

    assert list(found) == list(members)


@pytest.mark.usefixtures("engine")
def test_an_archive_may_be_several_gzip_members(saved):
    members = small_course()
    whole = gzip.decompress(pack_tgz(members, index=False))
    parts = [whole[:1000], b"", whole[1000:5000], whole[5000:]]

    found = read_all(saved(b"".join(gzip.compress(part) for part in parts)))

    assert found == members


def test_a_gzip_header_may_carry_a_name_and_a_comment(saved):
    body = pack_tgz(small_course(), index=False)[10:]
    head = b"\x1f\x8b\x08\x1e" + bytes(6) + b"\x04\0abcd" + b"course.tar\0" + b"a comment\0" + b"\0\0"

    found = read_all(saved(head + body))

    assert found == small_course()


@pytest.mark.parametrize("tar_format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_of_gnu_and_pax_are_read(saved, tar_format):
    name = "activities/" + "long/" * 60 + "é.txt"

    found = read_all(saved(tar_of((name, b"content"), ("users.xml", b"<users/>"), tar_format=tar_format)))

    assert found[name] == b"content"
    assert found["users.xml"] == b"<users/>"


def test_a_size_that_pax_gives_counts(saved):
    wide = entry("users.xml", tarfile.REGTYPE, size=8, pax_headers={"size": "8"})
    data = gzip.decompress(tar_of(wide, tar_format=tarfile.PAX_FORMAT)).rstrip(b"\0")
    at = data.index(b"users.xml\0")
    content = data[: at + 512].ljust(-(-(at + 512) // 512) * 512, b"\0") + b"<users/>".ljust(512, b"\0")

    found = read_all(saved(gzip.compress(content + bytes(1024))))

    assert found["users.xml"] == b"<users/>"


def test_a_size_too_large_for_octal_digits_is_read_and_refused(saved):
    huge = entry("users.xml", tarfile.REGTYPE, size=9 * GB)

    with pytest.raises(ArchiveProblem, match=r"larger than 8\.0 GB") as refusal:
        read_all(saved(tar_of(huge, tar_format=tarfile.GNU_FORMAT)))
    assert refusal.value.limit == "member_bytes"


def test_directories_are_passed_over(saved):
    folders = [
        entry("course/", tarfile.DIRTYPE),
        entry("./", tarfile.DIRTYPE),
        entry("files", tarfile.DIRTYPE),
    ]

    found = read_all(saved(tar_of(*folders, *folders)))

    assert list(found) == ["moodle_backup.xml"]


def test_what_is_not_read_is_passed_over(saved):
    members = small_course()

    with open_archive(saved(pack_tgz(members, index=False))) as archive:
        starts = {member.name: member.read(5) for member in archive}

    assert starts == {name: content[:5] for name, content in members.items()}


def test_a_member_can_not_be_read_once_the_archive_has_moved_on(saved):
    with open_archive(saved(pack_tgz(small_course()))) as archive:
        first, *_ = list(archive)

        with pytest.raises(ValueError, match="moved on"):
            first.read(1)


def test_a_long_run_of_zeros_after_the_end_costs_no_time(saved):
    path = saved(pack_tgz(small_course()) + bytes(32 * MIB) + b"x")

    with open_archive(path) as archive:
        assert len(list(archive)) > 10
        assert "After the end" in archive.notes[0]
