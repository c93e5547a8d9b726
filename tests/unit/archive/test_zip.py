import io
import struct
import tracemalloc
import zipfile

import pytest

from jobs.archive.containers.reader import open_archive
from jobs.archive.limits import MIB, Limits
from jobs.problems import ArchiveProblem
from tests.archives import pack_zip, small_course
from tests.unit.archive.reading import drain, read_all

MANIFEST = {"moodle_backup.xml": b"<moodle_backup/>"}


class Unseekable(io.RawIOBase):
    """A pipe, so that zipfile writes sizes after the content."""

    def __init__(self):
        self.written = bytearray()

    def writable(self):
        return True

    def write(self, content):
        self.written += content
        return len(content)


def central(whole, name):
    """Return where the directory's record of this name begins."""
    return whole.rindex(name.encode()) - 46


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_files_come_in_the_order_of_the_archive(saved, compression):
    members = small_course()

    found = read_all(saved(pack_zip(members, compression=compression)))

    assert list(found.items()) == list(members.items())


def test_the_archive_says_what_it_is_and_how_far_it_was_read(saved):
    path = saved(pack_zip(small_course()))

    with open_archive(path) as archive:
        seen = [archive.read_bytes for _ in archive]

        assert archive.container == "zip"
        assert seen == sorted(seen)
        assert archive.read_bytes == archive.size == path.stat().st_size
        assert archive.notes == []


def test_a_zip_written_into_a_pipe_is_read(saved):
    members = small_course()
    out = Unseekable()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)

    found = read_all(saved(bytes(out.written)))

    assert found == members


def test_zip64_fields_are_read(saved, monkeypatch):
    members = small_course()
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 5)

    found = read_all(saved(pack_zip(members)))

    assert found == members


def test_names_in_utf_8_are_read(saved):
    found = read_all(saved(pack_zip(MANIFEST | {"notes/漢字 é.txt": b"x"})))

    assert found["notes/漢字 é.txt"] == b"x"


def test_folders_are_passed_over(saved):
    assert list(read_all(saved(pack_zip(MANIFEST | {"course/": b""})))) == ["moodle_backup.xml"]


def test_a_comment_at_the_end_is_no_trouble(saved):
    out = io.BytesIO(pack_zip(MANIFEST))
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"made on a Friday"

    with open_archive(saved(out.getvalue())) as archive:
        assert len(list(archive)) == 1
        assert archive.notes == []


def test_what_stands_after_the_end_is_noted(saved):
    with open_archive(saved(pack_zip(MANIFEST) + b"and more")) as archive:
        assert len(list(archive)) == 1
        assert "After the end" in archive.notes[0]


@pytest.mark.parametrize(
    ("name", "fault"),
    [("../users.xml", "outside the archive"), ("a\\b.xml", "backslash"), ("/a.xml", "outside the archive")],
)
def test_an_unsafe_name_is_refused_before_anything_is_read(saved, name, fault):
    path = saved(pack_zip(MANIFEST | {name: b"x"}))

    with pytest.raises(ArchiveProblem, match=fault):
        open_archive(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["users.xml", "Users.xml"])
def test_two_files_of_one_name_are_refused(saved, second):
    out = io.BytesIO(pack_zip(MANIFEST))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("users.xml", b"1")
        archive.writestr(second, b"2")

    with pytest.raises(ArchiveProblem, match="twice"):
        open_archive(saved(out.getvalue()))


def test_a_link_is_refused_by_name(saved):
    out = io.BytesIO(pack_zip(MANIFEST))
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("course/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, b"/etc/passwd")

    with pytest.raises(ArchiveProblem, match=r"no plain file, “course/link\.xml”") as refusal:
        open_archive(saved(out.getvalue()))
    assert refusal.value.entry == "course/link.xml"


def test_an_encrypted_entry_is_refused(saved):
    whole = bytearray(pack_zip(MANIFEST | {"users.xml": b"<users/>"}))
    whole[central(whole, "users.xml") + 8] |= 1

    with pytest.raises(ArchiveProblem, match=r"asks for a password at “users\.xml”"):
        open_archive(saved(bytes(whole)))


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_moodle_does_not_use_is_refused(saved, compression):
    path = saved(pack_zip(MANIFEST, compression=compression))

    with pytest.raises(ArchiveProblem, match="a way that Moodle does not use"):
        open_archive(path)


def test_entries_that_lie_over_one_another_are_refused(saved):
    whole = bytearray(pack_zip(MANIFEST | {"users.xml": b"<users/>", "roles.xml": b"<roles/>"}))
    first, second = central(whole, "users.xml"), central(whole, "roles.xml")
    whole[second + 42 : second + 46] = whole[first + 42 : first + 46]

    with pytest.raises(ArchiveProblem, match="does not agree with what is in it"):
        read_all(saved(bytes(whole)))


def test_an_entry_that_reaches_into_the_next_one_is_refused(saved):
    members = MANIFEST | {"users.xml": b"<users/>", "roles.xml": b"<roles/>"}
    whole = bytearray(pack_zip(members, compression=zipfile.ZIP_STORED))
    at = central(whole, "users.xml")
    struct.pack_into("<2L", whole, at + 20, 60, 60)

    with pytest.raises(ArchiveProblem, match="does not agree with what is in it"):
        read_all(saved(bytes(whole)))


def test_an_entry_that_calls_itself_something_else_is_refused(saved):
    whole = bytearray(pack_zip(MANIFEST | {"users.xml": b"<users/>"}))
    at = whole.index(b"users.xml")
    whole[at : at + 9] = b"roles.xml"

    with pytest.raises(ArchiveProblem, match="does not agree with what is in it"):
        read_all(saved(bytes(whole)))


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("claimed", [10, 100_000])
def test_a_size_that_is_a_lie_is_refused_while_reading(saved, claimed):
    whole = bytearray(pack_zip(MANIFEST | {"users.xml": b"<users/>" * 500}))
    struct.pack_into("<L", whole, central(whole, "users.xml") + 24, claimed)

    with pytest.raises(ArchiveProblem, match=r"“users\.xml” in the archive is not as long") as refusal:
        read_all(saved(bytes(whole)))
    assert refusal.value.entry == "users.xml"


@pytest.mark.usefixtures("engine")
def test_changed_content_is_refused_by_name(saved):
    members = MANIFEST | {"users.xml": b"<users/>" * 50}
    whole = bytearray(pack_zip(members, compression=zipfile.ZIP_STORED))
    whole[whole.index(b"<users/>") + 1] ^= 1

    with pytest.raises(ArchiveProblem, match=r"“users\.xml” in the archive has changed"):
        read_all(saved(bytes(whole)))


@pytest.mark.usefixtures("engine")
def test_no_changed_byte_gives_other_content(saved):
    members = small_course()
    whole = pack_zip(members)

    for at in range(0, len(whole), 61):
        changed = bytearray(whole)
        changed[at] ^= 0x10
        try:
            found = read_all(saved(bytes(changed)))
        except ArchiveProblem:
            continue
        # Dates and the like are nothing that is read.
        assert found == members


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_short_says_so(saved, kept):
    whole = pack_zip(small_course())

    with pytest.raises(ArchiveProblem, match="cut short"):
        open_archive(saved(whole[: int(len(whole) * kept)]))


@pytest.mark.usefixtures("engine")
def test_a_small_file_that_unpacks_to_a_huge_one_is_refused_early(saved):
    path = saved(pack_zip(MANIFEST | {"users.xml": bytes(64 * MIB)}))

    tracemalloc.start()
    with pytest.raises(ArchiveProblem, match="more than 200 times its size") as refusal:
        drain(path, Limits(ratio_from=4 * MIB))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert refusal.value.limit == "ratio"
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
    path = saved(pack_zip(small_course()))

    with pytest.raises(ArchiveProblem) as refusal:
        read_all(path, limits)

    assert refusal.value.limit == limit
