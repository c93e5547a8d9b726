"""The index of an archive: its documents, its files under their real names, and whose they are."""

import zipfile
from pathlib import Path

import pytest

from jobs.archive.index import build_index, is_index_of, open_index
from jobs.problems import ArchiveProblem
from tests.archives import HANDOUT_FILE, PAGE_PICTURE, pack_tgz, pack_zip, save, small_course
from tests.course_documents import StoredFile


@pytest.fixture
def indexed(tmp_path):
    """Pack members, build their index, and open it."""
    opened = []

    def build(members, pack=pack_tgz):
        path, target = save(tmp_path / "course.mbz", pack(members)), tmp_path / "course.index"
        build_index(path, target)
        opening = open_index(target)
        opened.append(opening)
        return opening.__enter__()

    yield build
    for one in opened:
        one.__exit__(None, None, None)


@pytest.mark.parametrize("pack", [pack_tgz, pack_zip])
def test_every_document_comes_out_as_it_went_in(indexed, pack):
    members = small_course()
    index = indexed(members, pack)

    documents = {name: b for name, b in members.items() if name.endswith(".xml")}

    assert {name: index.document(name).read_exactly(1_000_000) for name in documents} == documents


def test_a_document_of_many_pieces_comes_out_whole(indexed):
    long = b"<activity>" + bytes(range(32, 60)) * 40_000 + b"</activity>"

    index = indexed(small_course() | {"activities/page_42/page.xml": long})

    assert index.document("activities/page_42/page.xml").read_exactly(10_000_000) == long


def test_a_document_that_is_not_there_is_empty(indexed):
    assert indexed(small_course()).document("activities/page_42/nothing.xml").read(10) == b""


def test_the_files_stand_in_the_order_of_the_course_each_with_its_owner(indexed):
    cover = StoredFile(604, "cover.png", b"cover", 70, "course", "overviewfiles")
    picture = StoredFile(605, "f1.png", b"somebody", 201, "user", "icon")

    files = indexed(small_course(files=[picture, HANDOUT_FILE, PAGE_PICTURE, cover])).files()

    assert [(one.name, one.part) for one in files] == [
        ("cover.png", "course"),
        ("harbour map.png", "activities/page_42"),
        ("handout.txt", "activities/resource_43"),
        ("f1.png", None),
    ]
    assert [one.stored for one in files] == [5, len(PAGE_PICTURE.content), len(HANDOUT_FILE.content), 8]
    assert all(one.is_here for one in files)


def test_files_are_found_by_number_and_by_place(indexed):
    index = indexed(small_course())

    found = index.file_at(72, "mod_page", "content", 0, "/", "harbour map.png")

    assert found == index.file(found.id)
    assert found.sha1 == PAGE_PICTURE.sha1
    assert index.file_at(73, "mod_page", "content", 0, "/", "harbour map.png") is None
    assert index.file(99) is None


def test_a_content_that_is_missing_is_not_here_and_an_empty_one_is(indexed):
    empty = StoredFile(604, "empty.txt", b"", 73, "mod_resource")
    members = small_course(files=[PAGE_PICTURE, empty])
    del members[PAGE_PICTURE.entry], members[empty.entry]

    files = indexed(members).files()

    assert [(one.name, one.is_here) for one in files] == [("harbour map.png", False), ("empty.txt", True)]


def test_people_are_called_what_the_archive_calls_them(indexed):
    assert indexed(small_course()).names_of([101, 7]) == {101: "Amira Holt"}


def test_what_stands_before_the_damage_of_a_list_is_kept(indexed):
    members = small_course()
    whole = members["files.xml"]
    members["files.xml"] = whole[: whole.index(b"handout.txt")]

    assert [one.name for one in indexed(members).files()] == ["harbour map.png"]


def test_an_index_is_only_of_the_archive_that_it_was_made_from(tmp_path):
    path, target = save(tmp_path / "5.mbz", pack_tgz(small_course())), tmp_path / "5.index"
    build_index(path, target)
    before = is_index_of(target, path)

    save(tmp_path / "new.mbz", pack_tgz(small_course(fullname="Another course"))).replace(path)

    assert before
    assert not is_index_of(target, path)


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\0" + bytes(200)])
def test_something_else_in_its_place_is_no_index(tmp_path, content):
    path = save(tmp_path / "5.mbz", pack_tgz(small_course()))

    assert not is_index_of(save(tmp_path / "5.index", content), path)
    assert not is_index_of(tmp_path / "none.index", path)


def test_a_file_that_is_no_archive_is_refused(tmp_path):
    path = save(tmp_path / "5.mbz", b"\x1f\x8b nothing that could be unpacked")

    with pytest.raises(ArchiveProblem):
        build_index(path, tmp_path / "5.index")


def test_a_zip_is_not_unpacked_to_be_indexed(tmp_path):
    members = small_course()
    path = Path(save(tmp_path / "5.mbz", pack_zip(members, compression=zipfile.ZIP_STORED)))
    damaged = path.read_bytes().replace(PAGE_PICTURE.content, b"x" * len(PAGE_PICTURE.content))
    path.write_bytes(damaged)

    build_index(path, tmp_path / "5.index")

    assert is_index_of(tmp_path / "5.index", path)
