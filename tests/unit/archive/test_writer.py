import gzip
import hashlib
import io
import random
import shutil
import subprocess
import tarfile
import tracemalloc
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from jobs.archive.containers.packing import shrinks
from jobs.archive.containers.writer import Entry, write_archive
from jobs.archive.limits import MIB
from jobs.archive.survey import survey
from jobs.problems import JobCancelled, JobProblem
from tests.archives import small_course
from tests.unit.archive.reading import read_all

NOISE = random.Random(7).randbytes(300_000)
WORDS = b"The sea comes twice a day. " * 5000


def entry(name, content):
    return Entry(name, len(content), lambda: io.BytesIO(content))


def entries(members):
    return [entry(name, content) for name, content in members.items()]


@pytest.fixture
def write(tmp_path):
    """Write members into an archive and return its path."""

    def write(members, container="tgz"):
        path = tmp_path / "course.mbz.part"
        write_archive(path, entries(members), container=container)
        return path

    return write


@pytest.fixture
def course():
    """A course with content that shrinks, content that doesn't, and content of every awkward length."""
    contents = [b"", b"x", NOISE, WORDS, bytes(512), NOISE[:65_535], NOISE[:65_536], NOISE[: 512 * 40]]
    own = {hashlib.sha1(content).hexdigest(): content for content in contents}
    return small_course() | {f"files/{sha1[:2]}/{sha1}": content for sha1, content in own.items()}


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("container", ["tgz", "zip"])
def test_what_was_written_is_read_back(write, course, container):
    path = write(course, container)

    found = read_all(path)

    found.pop(".ARCHIVE_INDEX", None)
    assert list(found.items()) == list(course.items())
    assert survey(path).container == container


@pytest.mark.usefixtures("engine")
def test_python_s_own_tar_reads_it(write, course):
    with tarfile.open(write(course), "r:gz") as tar:
        infos = tar.getmembers()
        files = {info.name: tar.extractfile(info).read() for info in infos if info.isfile()}

    assert files.pop(".ARCHIVE_INDEX").startswith(b"Moodle archive file index")
    assert files == course
    assert infos[0].name == ".ARCHIVE_INDEX"
    assert {(info.mtime, info.uid, info.gid) for info in infos} == {(1356998400, 0, 0)}
    assert {info.mode for info in infos if info.isfile()} == {0o644}
    assert {info.mode for info in infos if info.isdir()} == {0o755}
    assert all(not info.pax_headers for info in infos)


@pytest.mark.usefixtures("engine")
@pytest.mark.skipif(not shutil.which("gzip") or not shutil.which("tar"), reason="gzip or tar is not here")
def test_gzip_and_tar_read_it(write, course):
    path = write(course)

    checked = subprocess.run(["gzip", "-t", "--suffix=.part", path], capture_output=True, check=False)
    listed = subprocess.run(["tar", "tzf", path], capture_output=True, check=True, text=True)

    assert checked.returncode == 0, checked.stderr
    assert [name for name in listed.stdout.split("\n") if name and not name.endswith("/")] == [
        ".ARCHIVE_INDEX",
        *course,
    ]


def test_python_s_own_zip_reads_it(write, course):
    with zipfile.ZipFile(write(course, "zip")) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}

        assert archive.testzip() is None
        assert files == course
        stored = archive.getinfo(
            f"files/{hashlib.sha1(NOISE).hexdigest()[:2]}/{hashlib.sha1(NOISE).hexdigest()}"
        )
        assert stored.compress_type == zipfile.ZIP_STORED
        assert archive.getinfo("users.xml").compress_type == zipfile.ZIP_DEFLATED


def test_the_index_is_moodle_s(write):
    members = {
        "moodle_backup.xml": b"<moodle_backup/>",
        "course/blocks/html_7/block.xml": b"<block/>",
        "course/x.xml": b"",
    }

    found = read_all(write(members))

    assert found[".ARCHIVE_INDEX"].decode() == (
        "Moodle archive file index. Count: 6\n"
        "moodle_backup.xml\tf\t16\t?\n"
        "course/\td\t0\t?\n"
        "course/blocks/\td\t0\t?\n"
        "course/blocks/html_7/\td\t0\t?\n"
        "course/blocks/html_7/block.xml\tf\t8\t?\n"
        "course/x.xml\tf\t0\t?\n"
    )


@pytest.mark.usefixtures("engine")
def test_what_can_not_shrink_grows_by_next_to_nothing(write):
    members = {"moodle_backup.xml": b"<a/>"} | {f"files/{one}": NOISE for one in range(4)}

    size = write(members).stat().st_size

    assert len(NOISE) * 4 < size < len(NOISE) * 4 * 1.005 + 2000


@pytest.mark.usefixtures("engine")
def test_what_shrinks_is_packed_well(write):
    members = {"moodle_backup.xml": b"<a/>", "users.xml": WORDS, "files/words": WORDS, "files/noise": NOISE}

    assert write(members).stat().st_size < len(NOISE) + len(WORDS) / 20


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (WORDS, True),
        (NOISE, False),
        (b"\xff\xd8\xff\xe0" + bytes(5000), False),
        (b"\0\0\0\x20ftypisom" + bytes(5000), False),
        (b"RIFF\0\0\0\0WEBPVP8 " + bytes(5000), False),
        (b"RIFF\0\0\0\0WAVEfmt " + bytes(5000), True),
        (b"BM" + bytes(5000), True),
    ],
)
def test_a_file_s_beginning_tells_whether_packing_is_worth_it(head, expected):
    assert shrinks(head) is expected


names = st.lists(st.text("abcXYZ019_-é漢 ", min_size=1, max_size=20), min_size=1, max_size=4).map("/".join)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    members=st.dictionaries(
        names.map(str.lower), st.binary(max_size=3000) | st.sampled_from([NOISE, WORDS]), max_size=8
    ),
    container=st.sampled_from(["tgz", "zip"]),
)
def test_any_files_come_back(tmp_path, members, container):
    members = {"moodle_backup.xml": b"<moodle_backup/>"} | members
    path = tmp_path / "any.mbz"

    write_archive(path, entries(members), container=container)

    found = read_all(path)
    found.pop(".ARCHIVE_INDEX", None)
    assert found == members


@pytest.mark.parametrize("container", ["tgz", "zip"])
def test_progress_is_told_in_bytes_of_content(tmp_path, container):
    members = {"moodle_backup.xml": b"<a/>", "files/large": NOISE * 10}
    told = []

    write_archive(tmp_path / "x", entries(members), container=container, checkpoint=told.append)

    assert sum(told) == sum(map(len, members.values()))
    assert max(told) <= MIB


@pytest.mark.parametrize("container", ["tgz", "zip"])
def test_stopping_leaves_no_file(tmp_path, container):
    def stop(_written):
        raise JobCancelled

    with pytest.raises(JobCancelled):
        write_archive(tmp_path / "x", entries(small_course()), container=container, checkpoint=stop)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("container", ["tgz", "zip"])
@pytest.mark.parametrize("content", [b"", b"123", b"12345", b"1" * 50_000])
def test_a_file_that_is_not_as_long_as_it_was_stops_the_backup(tmp_path, container, content):
    changed = Entry("users.xml", 4, lambda: io.BytesIO(content))

    with pytest.raises(JobProblem, match=r"“users\.xml” changed while it was being packed"):
        write_archive(tmp_path / "x", [changed], container=container)

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_gone_stops_the_backup(tmp_path):
    gone = Entry("users.xml", 4, (tmp_path / "gone").open)

    with pytest.raises(FileNotFoundError):
        write_archive(tmp_path / "x", [gone])

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("second", ["users.xml", "USERS.xml", "../users.xml", "./users.xml", "a//b.xml"])
def test_names_that_our_own_reader_would_refuse_are_not_written(tmp_path, second):
    with pytest.raises((ValueError, JobProblem)):
        write_archive(tmp_path / "x", [*entries({"users.xml": b"1"}), entry(second, b"2")])

    assert list(tmp_path.iterdir()) == []


def test_a_long_name_is_split_as_ustar_has_it(write):
    name = "/".join(["longish-folder"] * 10) + "/block.xml"
    members = {"moodle_backup.xml": b"<a/>", name: b"<b/>"}

    path = write(members)

    assert read_all(path)[name] == b"<b/>"
    assert b"PaxHeader" not in gzip.decompress(path.read_bytes())


def test_a_name_that_ustar_can_not_hold_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="does not fit"):
        write_archive(tmp_path / "x", [entry("x" * 120, b"")])

    assert list(tmp_path.iterdir()) == []


def test_a_file_too_large_for_tar_is_told_before_it_is_read(tmp_path):
    huge = Entry("files/huge", 8 * 1024**3, lambda: pytest.fail("it was opened"))

    with pytest.raises(JobProblem, match=r"larger than 8\.6 GB"):
        write_archive(tmp_path / "x", [huge])


def test_memory_stays_flat(tmp_path):
    size = 40 * MIB
    noise = Entry("files/noise", size, lambda: Repeated(NOISE, size))
    zeros = Entry("users.xml", size, lambda: Repeated(bytes(1000), size))

    tracemalloc.start()
    write_archive(tmp_path / "x", [noise, zeros])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 6 * MIB


class Repeated:
    """A long stream out of a short piece."""

    def __init__(self, piece, size):
        self.piece, self.left = piece, size

    def read(self, length):
        piece = self.piece[: min(length, self.left)]
        self.left -= len(piece)
        return piece

    def close(self):
        pass


def test_a_zip_at_the_end_does_not_make_the_archive_look_like_one(write):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as package:
        package.writestr("imsmanifest.xml", NOISE[:5000])

    path = write({"files/package.zip": inner.getvalue()})

    assert not zipfile.is_zipfile(path)
    with tarfile.open(path, "r:gz") as tar:
        assert tar.extractfile("files/package.zip").read() == inner.getvalue()
