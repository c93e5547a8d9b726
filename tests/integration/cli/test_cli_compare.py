"""`coursekeep compare`: whether one file holds all that another one does."""

import json

import pytest

from tests.archives import HANDOUT_FILE, pack_tgz, pack_zip, save, small_course
from webapp.cli import main


@pytest.fixture
def compared(tmp_path, capsys):
    """Compare two courses by the command; returns the exit code and what it says as JSON."""

    def run(before, after, pack=pack_tgz):
        files = [save(tmp_path / name, pack(one)) for name, one in (("a.mbz", before), ("b.mbz", after))]
        code = main(["compare", *map(str, files), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


def changed(members, name, old, new):
    assert old in members[name]
    return members | {name: members[name].replace(old, new)}


def told(found):
    return [(one["entry"], one["what"], one["place"]) for one in found["differences"]]


@pytest.mark.parametrize("pack", [pack_tgz, pack_zip])
def test_a_course_is_equal_to_itself(compared, pack):
    code, found = compared(small_course(), small_course(), pack)

    assert (code, found["equal"], found["differences"]) == (0, True, [])
    assert found["documents"] > 30
    assert found["contents"] == 2


@pytest.mark.parametrize(
    ("name", "old", "new", "what", "place"),
    [
        ("activities/page_42/page.xml", b"twice a day", b"once a day", "changed", "activity/page/content"),
        ("activities/page_42/page.xml", b"<revision>1</revision>", b"", "lost", "activity/page/revision"),
        ("activities/page_42/page.xml", b"<legacyfileslast>$@NULL@$<", b"<legacyfileslast><", "changed",
         "activity/page/legacyfileslast"),
        ("sections/section_32/section.xml", b"42,43", b"43,42", "changed", "section/sequence"),
        ("roles.xml", b"<shortname>student<", b"<shortname>pupil<", "changed", "roles_definition/role/shortname"),
        ("activities/forum_41/forum.xml", b"<userid>101<", b"<userid>102<", "changed",
         "activity/forum/discussions/discussion/posts/post/userid"),
    ],
)  # fmt: skip
def test_a_change_is_named_with_its_place(compared, name, old, new, what, place):
    code, found = compared(small_course(), changed(small_course(), name, old, new))

    assert code == 3
    assert (name, what, place) in told(found)


def test_a_record_that_is_gone_is_one_difference(compared):
    lines = small_course()["users.xml"].split(b"<user ")
    without_first = small_course() | {"users.xml": b"<user ".join([lines[0], lines[2]])}

    code, found = compared(small_course(), without_first)

    assert code == 3
    assert told(found) == [("users.xml", "lost", "users/user")]


def test_a_document_and_a_content_that_are_gone_are_named(compared):
    fewer = small_course()
    del fewer["roles.xml"], fewer[HANDOUT_FILE.entry]

    _, found = compared(small_course(), fewer)

    assert told(found) == [("roles.xml", "lost", ""), (HANDOUT_FILE.entry, "lost", "")]


def test_what_is_damaged_in_the_first_file_explains_that_it_is_not_in_the_second(compared):
    damaged = small_course() | {HANDOUT_FILE.entry: b"other bytes", "badges.xml": b"<badges><badge>"}
    fewer = small_course()
    del fewer["badges.xml"], fewer[HANDOUT_FILE.entry]

    code, found = compared(damaged, fewer)

    assert (code, found["unexplained"]) == (0, 0)
    assert [bool(one["explained"]) for one in found["differences"]] == [True, True]


@pytest.mark.parametrize(("broken", "code"), [("first", 0), ("second", 3)])
def test_a_document_that_cannot_be_read_is_named(compared, broken, code):
    courses = {"first": small_course(), "second": small_course()}
    courses[broken]["groups.xml"] = b"<groups><group id='1'>"

    exit_code, found = compared(courses["first"], courses["second"])

    assert exit_code == code
    assert told(found) == [("groups.xml", "unreadable", "")]
    assert bool(found["differences"][0]["explained"]) is (broken == "first")


def test_without_people_only_what_is_theirs_may_be_gone(compared):
    code, found = compared(small_course(), small_course(people=False))
    named = {(one["entry"], one["place"]) for one in found["differences"]}

    assert code == 3  # here files.xml still says whose files they are
    assert named == {("files.xml", "files/file/userid"), ("files.xml", "files/file/author")}
    assert found["left_out"] > 5


@pytest.mark.parametrize("damage", [None, b"", b"<moodle_backup><information>"])
def test_one_without_its_list_of_contents_is_compared_by_its_folders(compared, damage):
    broken, fewer = small_course(), small_course()
    for members in (broken, fewer):
        del members["moodle_backup.xml"]
        if damage is not None:
            members["moodle_backup.xml"] = damage
    del fewer["roles.xml"]

    code, found = compared(broken, broken)
    assert (code, found["equal"]) == (0, True)
    code, found = compared(broken, fewer)
    assert (code, told(found)) == (3, [("roles.xml", "lost", "")])


def test_folders_that_a_list_of_contents_does_not_name_are_compared(compared):
    members = small_course()
    members["moodle_backup.xml"] = (
        members["moodle_backup.xml"].replace(b"page", b"label").replace(b"_42", b"_48")
    )
    members["moodle_backup.xml"] = members["moodle_backup.xml"].replace(b"<moduleid>42<", b"<moduleid>48<")
    gone = {name: one for name, one in members.items() if "page_42" not in name}

    code, found = compared(members, gone)

    assert code == 3
    assert ("activities/page_42/page.xml", "lost", "") in told(found)


def test_what_is_no_backup_is_said(tmp_path, capsys):
    course, other = save(tmp_path / "a.mbz", pack_tgz(small_course())), save(tmp_path / "b.mbz", b"no")

    assert main(["compare", str(course), str(other)]) == 1
    assert main(["compare", str(course), str(tmp_path / "c.mbz")]) == 1
    assert "There is no file" in capsys.readouterr().err
