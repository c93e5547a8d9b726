import pytest

from jobs.archive.limits import Limits
from jobs.archive.names import (
    Kind,
    canonical,
    directory_of,
    is_directory,
    kind_of,
    same_name_key,
    without_tags,
)
from jobs.problems import ArchiveProblem


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("course/course.xml", "course/course.xml"),
        ("./course/course.xml", "course/course.xml"),
        ("././users.xml", "users.xml"),
        ("files/漢字.txt", "files/漢字.txt"),
        ("./", ""),
        (".", ""),
    ],
)
def test_a_leading_dot_slash_is_dropped(name, expected):
    assert canonical(name) == expected


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("/etc/passwd", "points outside the archive"),
        ("../course-evil/x.xml", "points outside the archive"),
        ("a/../../b.xml", "points outside the archive"),
        ("course/..", "points outside the archive"),
        ("C:/users.xml", "points outside the archive"),
        ("c:users.xml", "points outside the archive"),
        ("course\\course.xml", "holds a backslash"),
        ("users\0.xml", "holds a control character"),
        ("users\n.xml", "holds a control character"),
        ("users\x9f.xml", "holds a control character"),
        ("users\u2028.xml", "holds a control character"),
        ("\udcffusers.xml", "holds a control character"),
        ("course//course.xml", "has an empty part"),
        ("course/./course.xml", "has an empty part"),
        ("course/", "has an empty part"),
    ],
)
def test_a_name_that_moodle_would_not_write_is_refused_saying_why(name, fault):
    with pytest.raises(ArchiveProblem, match=fault) as refusal:
        canonical(name)

    assert refusal.value.entry == name
    assert str(refusal.value).isprintable()


def test_a_name_may_be_as_long_as_the_limit_and_no_longer():
    limits = Limits(name_length=20)

    assert canonical("a" * 20, limits) == "a" * 20
    with pytest.raises(ArchiveProblem, match="longer than 20 characters") as refusal:
        canonical("a" * 21, limits)
    assert refusal.value.limit == "name_length"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("moodle_backup.xml", Kind.MANIFEST),
        (".ARCHIVE_INDEX", Kind.INDEX),
        ("moodle_backup.log", Kind.LOG),
        ("files/da/da39a3ee5e6b4b0d3255bfef95601890afd80709", Kind.CONTENT),
        ("files/db/da39a3ee5e6b4b0d3255bfef95601890afd80709", Kind.STRAY),
        ("files/DA/DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", Kind.STRAY),
        ("files/da39a3ee5e6b4b0d3255bfef95601890afd80709", Kind.STRAY),
        ("users.xml", Kind.DOCUMENT),
        ("course/course.xml", Kind.DOCUMENT),
        ("sections/section_3/section.xml", Kind.DOCUMENT),
        ("activities/page_12/page.xml", Kind.DOCUMENT),
        ("activities/quiz_5/blocks/html_9/block.xml", Kind.DOCUMENT),
        ("activities/page_12/page.html", Kind.STRAY),
        ("activities/page/page.xml", Kind.STRAY),
        ("activities/page_12/deep/er/page.xml", Kind.STRAY),
        ("course/moodle_backup.xml/x", Kind.STRAY),
        ("README.txt", Kind.STRAY),
    ],
)
def test_a_name_tells_what_it_stands_for(name, kind):
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("name", "directory"),
    [
        ("activities/page_12/page.xml", "activities/page_12"),
        ("sections/section_3/inforef.xml", "sections/section_3"),
        ("course/course.xml", "course"),
        ("course/blocks/html_7/block.xml", "course/blocks/html_7"),
        ("activities/quiz_5/blocks/html_9/roles.xml", "activities/quiz_5/blocks/html_9"),
        ("users.xml", ""),
        ("README.txt", ""),
    ],
)
def test_a_document_belongs_to_the_folder_of_its_owner(name, directory):
    assert directory_of(name) == directory


def test_a_manifest_may_name_only_folders_of_the_format():
    assert is_directory("activities/page_12")
    assert is_directory("sections/section_3")
    assert is_directory("course")
    assert not is_directory("activities/../course")
    assert not is_directory("activities/page_12/")
    assert not is_directory("")


def test_names_that_some_file_system_takes_for_one_share_a_key():
    assert same_name_key("Users.xml") == same_name_key("users.XML")
    assert same_name_key("caf\u00e9.xml") == same_name_key("cafe\u0301.xml")
    assert same_name_key("cafe.xml") != same_name_key("caf\u00e9.xml")


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("<em>Tides</em>: “Ebb”", "Tides: “Ebb”"),
        ("Where c &gt; 0 in x<sup>2</sup>", "Where c > 0 in x2"),
        ("Ebb & flow", "Ebb & flow"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<hr>", "<hr>"),
        ("", ""),
    ],
)
def test_a_name_is_read_without_its_tags(name, read):
    assert without_tags(name) == read
