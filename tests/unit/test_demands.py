"""The look at what Moodle demands sees what is missing, and nothing where nothing is."""

import pytest

from tests.archives import pack_tgz, pack_zip, save, small_course
from tests.demands import faults


def drop(*names):
    return lambda members: {name: content for name, content in members.items() if name not in names}


def change(name, before, after):
    def changed(members):
        assert before in members[name]
        return members | {name: members[name].replace(before, after)}

    return changed


TOP = b"<question_category id='1'><contextid>70</contextid><parent>0</parent></question_category>"


def found(tmp_path, members, pack=pack_tgz):
    return faults(save(tmp_path / "course.mbz", pack(members)))


@pytest.mark.parametrize("pack", [pack_tgz, pack_zip])
@pytest.mark.parametrize("people", [True, False])
def test_a_course_as_moodle_writes_it_has_no_fault(tmp_path, people, pack):
    assert found(tmp_path, small_course(people=people), pack) == []


@pytest.mark.parametrize(
    ("alter", "fault"),
    [
        *((drop(name), f"no {name}") for name in (
            "roles.xml", "groups.xml", "users.xml", "course/calendar.xml", "course/contentbank.xml",
            "sections/section_31/section.xml", "activities/page_42/xapistate.xml", "activities/page_42/inforef.xml",
            "activities/forum_41/grades.xml")),
        (change("activities/page_42/inforef.xml", b"<id>601</id>", b"<id>999</id>"),
         "activities/page_42 does not list the file harbour map.png"),
        (change("moodle_backup.xml", b"<include_files>1", b"<include_files>0"), "and no file was to be"),
        (change("moodle_backup.xml", b"<information>", b"<information >"), "would not take moodle_backup.xml"),
        (change("moodle_backup.xml", b"page_42_included", b"page_49_included"), "page_42 has no settings"),
        (change("moodle_backup.xml", b"<activity>page_42</activity>", b"<activity>page_49</activity>"),
         "page_42_userinfo is a setting of nothing"),
        (change("questions.xml", b"</question_categories>", 2 * TOP + b"</question_categories>"),
         "context 70 has several top categories"),
        (change("roles.xml", b'encoding="UTF-8"', b"encoding='UTF-8'"), "roles.xml does not begin"),
        (change("users.xml", b'<user id="101"', b'<user id="109"'), "who is nowhere"),
    ],
)  # fmt: skip
def test_each_fault_is_seen(tmp_path, alter, fault):
    assert [one for one in found(tmp_path, alter(small_course())) if fault in one]


def test_a_content_that_is_another_one_is_seen(tmp_path):
    members = small_course()
    name = next(one for one in members if one.startswith("files/"))

    assert f"{name} is something else" in found(tmp_path, members | {name: b"other"})


def test_an_archive_without_its_index_is_seen(tmp_path):
    path = save(tmp_path / "course.mbz", pack_tgz(small_course(), index=False))

    assert faults(path) == ["the index is not the first"]
