import gzip
import io
import tarfile

import pytest

from jobs.archive.containers.reader import open_archive
from jobs.problems import ArchiveProblem
from tests.archives import add_to_tar, pack_tgz, pack_zip, small_course
from tests.unit.archive.reading import read_all


def bare_tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in members.items():
            add_to_tar(tar, name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        ("Dear Ana, here is the course: café.\n".encode() * 40, "This is a text file"),
        (b"<!DOCTYPE html><title>Sign in</title>", "This is a web page"),
        (b"\xef\xbb\xbf\n <html><body>Not found", "This is a web page"),
        (b'<?xml version="1.0"?><quiz></quiz>', "This is a single XML document"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "This is a PDF"),
        (b"Rar!\x1a\x07\x01\x00", "This is a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "This is a 7-Zip archive"),
        (bytes(range(256)), "neither a tar.gz nor a zip"),
        (bare_tar(small_course()), "a tar archive that is not compressed"),
    ],
)
def test_a_file_that_is_no_archive_is_told_what_it_is(saved, content, sentence):
    path = saved(content)

    with pytest.raises(ArchiveProblem, match=sentence):
        open_archive(path)


@pytest.mark.parametrize("pack", [pack_tgz, pack_zip])
@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"moodle.xml": b"<x/>", "course_files/a.txt": b"a"}, "Moodle 1.9 or older"),
        ({"imsmanifest.xml": b"<x/>", "a/b.html": b"b"}, "an IMS package"),
        ({"notes.txt": b"n"}, "There is no moodle_backup.xml"),
        ({"tide.mbz": b"PK"}, "has a backup inside it, “tide.mbz”"),
    ],
)
def test_an_archive_of_something_else_is_told_what_it_is(saved, pack, members, sentence):
    path = saved(pack(members))

    with pytest.raises(ArchiveProblem, match=sentence):
        read_all(path)


def test_a_folder_with_other_things_beside_it_is_refused_naming_the_folder(saved):
    members = {f"my course/{name}": content for name, content in small_course().items()}
    path = saved(pack_zip(members | {"README.md": b"Hello"}))

    with pytest.raises(ArchiveProblem, match="inside a folder, “my course”, with other things beside it"):
        read_all(path)


@pytest.mark.parametrize(("content", "sentence"), [(b"", "nothing in it"), (b"hello" * 300, "is no archive")])
def test_a_gzip_file_without_a_tar_in_it_is_refused(saved, content, sentence):
    path = saved(gzip.compress(content))

    with pytest.raises(ArchiveProblem, match=sentence):
        read_all(path)


def test_an_empty_zip_is_refused(saved):
    path = saved(pack_zip({}))

    with pytest.raises(ArchiveProblem, match="nothing in it"):
        open_archive(path)
