import pytest

from jobs.problems import ArchiveProblem
from tests.archives import HANDOUT_FILE, PAGE_PICTURE, pack_tgz, pack_zip, small_course
from tests.course_documents import StoredFile

PICTURE = PAGE_PICTURE.entry
HANDOUT = HANDOUT_FILE.entry


def sentences(found, level=None):
    return [one.what for one in found.problems if level in (None, one.level)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "not in the backup"),
        (b"", "empty: it should be 2.1 kB"),
        (PAGE_PICTURE.content[:1000], "shorter than it should be: 1.0 kB of 2.1 kB"),
        (PAGE_PICTURE.content * 2, "longer than it should be: 4.1 kB instead of 2.1 kB"),
        (b"X" + PAGE_PICTURE.content[1:], "changed: the bytes are not those the backup was made with"),
    ],
)
@pytest.mark.parametrize("pack", [pack_tgz, pack_zip])
def test_a_damaged_file_is_named_as_people_know_it(surveyed, pack, content, reason):
    members = small_course()
    del members[PICTURE]
    if content is not None:
        members[PICTURE] = content

    found = surveyed(members, pack)

    assert not found.is_sound
    (problem,) = found.problems
    assert problem.level == "damage"
    assert problem.what == f"“harbour map.png” in “Read a tide table” is {reason}."
    assert (problem.file, problem.directory) == ("harbour map.png", "activities/page_42")
    assert (problem.entry, problem.reason) == (PICTURE, reason)


def test_each_name_of_a_damaged_content_is_listed(surveyed):
    copy = StoredFile(605, "front.png", PAGE_PICTURE.content, 70, "course", "overviewfiles")
    members = small_course(files=[PAGE_PICTURE, copy])
    del members[PICTURE]

    found = surveyed(members)

    assert sentences(found) == [
        "“harbour map.png” in “Read a tide table” is not in the backup.",
        "“front.png” in the course itself is not in the backup.",
    ]


@pytest.mark.parametrize(
    ("component", "place"),
    [("user", "somebody’s profile"), ("question", "the question bank"), ("course", "the course itself")],
)
def test_a_file_outside_of_activities_has_a_place_too(surveyed, component, place):
    stored = StoredFile(605, "map.png", b"a map", 70, component)
    members = small_course(files=[stored])
    del members[stored.entry]

    assert sentences(surveyed(members)) == [f"“map.png” in {place} is not in the backup."]


def test_an_empty_file_needs_no_content(surveyed):
    empty = StoredFile(605, "empty.txt", b"", 72, "mod_page")
    members = small_course(files=[empty])
    del members[empty.entry]

    assert surveyed(members).problems == []


def test_folders_and_shortcuts_have_no_content_to_miss(surveyed):
    folder = StoredFile(605, ".", b"", 72, "mod_page")
    shortcut = StoredFile(606, "linked.pdf", b"elsewhere", 72, "mod_page")
    members = small_course(files=[folder, shortcut])
    members["files.xml"] = members["files.xml"].replace(
        b"$@NULL@$</reference>\n  </file>\n</files>", b"b64==</reference>\n  </file>\n</files>"
    )
    del members[shortcut.entry]

    found = surveyed(members)

    assert found.problems == []
    assert found.counts.files == 0


def test_a_backup_without_files_is_one_note(surveyed):
    found = surveyed(small_course(with_files=False))

    assert found.is_sound
    assert sentences(found, "note") == [
        "The backup was made without files: it names 2 of them, but does not hold them."
    ]


@pytest.mark.parametrize("number", [1, 2])
def test_contents_that_nothing_names_are_counted(surveyed, number):
    members = small_course()
    for content in (b"one", b"two")[:number]:
        members[StoredFile(1, "", content, 1, "").entry] = content

    found = surveyed(members)

    assert found.is_sound
    words = "One file in the backup belongs" if number == 1 else "2 files in the backup belong"
    assert len(found.problems) == 1
    assert found.problems[0].what.startswith(words)


def test_a_damaged_content_that_nothing_names_is_damage(surveyed):
    name = StoredFile(1, "", b"lost", 1, "").entry

    found = surveyed(small_course() | {name: b"found"})

    assert [one.entry for one in found.problems if one.level == "damage"] == [name]


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("files.xml", "damage"),
        ("users.xml", "damage"),
        ("roles.xml", "damage"),
        ("questions.xml", "damage"),
        ("groups.xml", "damage"),
        ("scales.xml", "damage"),
        ("outcomes.xml", "damage"),
        ("course/course.xml", "damage"),
        ("course/roles.xml", "damage"),
        ("course/calendar.xml", "note"),
        ("course/contentbank.xml", "note"),
        ("sections/section_32/section.xml", "damage"),
        ("sections/section_32/inforef.xml", "note"),
        ("activities/forum_41/forum.xml", "damage"),
        ("activities/forum_41/module.xml", "damage"),
        ("activities/forum_41/grades.xml", "damage"),
        ("activities/forum_41/roles.xml", "damage"),
        ("activities/forum_41/inforef.xml", "note"),
        ("activities/forum_41/filters.xml", "note"),
        ("activities/forum_41/comments.xml", "note"),
        ("activities/forum_41/xapistate.xml", "note"),
    ],
)
def test_a_document_that_ought_to_be_there_is_missed_by_name(surveyed, name, level):
    members = small_course(files=[])
    del members[name]

    found = surveyed(members)

    assert [(one.entry, one.level) for one in found.problems] == [(name, level)]
    assert found.problems[0].what.startswith(f"“{name}” is missing from the backup")


@pytest.mark.parametrize(
    "name", ["gradebook.xml", "completion.xml", "badges.xml", "activities/forum_41/completion.xml"]
)
def test_a_document_that_may_be_absent_is_not_missed(surveyed, name):
    members = small_course()
    del members[name]

    assert surveyed(members).problems == []


def test_a_block_ought_to_be_whole(surveyed):
    found = surveyed(small_course() | {"course/blocks/html_7/inforef.xml": b"<inforef/>"})

    assert {(one.entry, one.level) for one in found.problems} == {
        ("course/blocks/html_7/block.xml", "damage"),
        ("course/blocks/html_7/roles.xml", "note"),
        ("course/blocks/html_7/comments.xml", "note"),
    }


def test_an_activity_that_the_manifest_does_not_list_is_taken_in(surveyed):
    members = small_course()
    listing = members["moodle_backup.xml"].replace(b">42<", b">99<").replace(b"page_42<", b"page_99<")
    page = {name: content for name, content in members.items() if name.startswith("activities/page_42/")}
    named = {name.replace("page_42", "page_99"): content for name, content in page.items()}

    found = surveyed(members | named | {"moodle_backup.xml": listing})

    assert found.is_sound
    assert [(one.level, one.directory) for one in found.problems] == [("mended", "activities/page_42")]
    assert found.manifest["activities"][-1]["directory"] == "activities/page_42"
    assert found.counts.activities["page"] == 2


def test_a_folder_of_which_nothing_says_what_it_is_is_noted(surveyed):
    found = surveyed(small_course() | {"activities/quiz_99/inforef.xml": b"<inforef/>"})

    assert found.is_sound
    assert sentences(found, "note") == [
        "“activities/quiz_99” is in the file, but nothing in it says what it is: it is kept, and shown nowhere."
    ]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"<activity><page></activity>", "it is broken at line 1"),
        (b"", "it is broken at line 1"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><activity>&b;</activity>", "it declares a DOCTYPE"),
        (b"\xff\xfe<\0a\0", "it is broken at line 1"),
    ],
)
def test_a_broken_document_is_damage_by_name_and_the_rest_is_read(surveyed, content, fault):
    members = small_course()
    members["activities/page_42/page.xml"] = content
    del members[HANDOUT]

    found = surveyed(members)

    broken, file = found.problems
    assert broken.what.startswith(f"“activities/page_42/page.xml” is damaged: {fault}")
    assert (broken.level, broken.directory) == ("damage", "activities/page_42")
    assert file.file == "handout.txt"


def test_a_document_out_of_bounds_is_refused_by_name_and_limit(surveyed):
    members = small_course()
    members["activities/page_42/page.xml"] = b"<a>" * 300 + b"</a>" * 300

    with pytest.raises(
        ArchiveProblem, match=r"“activities/page_42/page\.xml” in the archive can’t be read"
    ) as refusal:
        surveyed(members)

    assert (refusal.value.entry, refusal.value.limit) == ("activities/page_42/page.xml", "xml_depth")
