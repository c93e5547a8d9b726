"""A course that is made here is one that Moodle would read back."""

import io

import pytest
from lxml import etree

from jobs.archive.survey import survey
from tests.factories import make_admin, make_category, make_teacher
from tests.members import members_of, same_documents
from tests.running import back_up, restore
from webapp.content.activities import make_activity
from webapp.content.edit import EditRefused
from webapp.content.filing import Upload, add_to_folder, make_subfolder, set_main_file
from webapp.content.lookups import activities_of, sections_of
from webapp.content.making import make_course
from webapp.content.sections import make_section
from webapp.models import CourseRole, JobState
from webapp.rights import role_in

#: What a Moodle 4.5.5 was seen to stop without.
OF_COURSE = [
    "moodle_backup.xml", "files.xml", "roles.xml", "questions.xml", "groups.xml", "outcomes.xml", "scales.xml",
    "course/course.xml", "course/roles.xml", "course/filters.xml", "course/calendar.xml", "course/contentbank.xml",
]  # fmt: skip
#: What it passes over in silence, losing what belongs to it.
MISSED = ["gradebook.xml", "course/enrolments.xml", "course/inforef.xml", "completion.xml", "badges.xml"]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


@pytest.fixture
def course(app):
    """A course with one of each of our own activity types."""
    teacher = make_teacher("adaeze")
    course = make_course("Tides & Coasts, Year 9", "GEO 9", make_category("Geography"), teacher, sections=1)
    top, first = sections_of(course.version_id)
    make_activity(
        course, top, "page", {"name": "Read me", "intro": "", "content": "<p>Hello & welcome</p>"}, teacher
    )
    make_activity(
        course, top, "label", {"name": "Bring a notebook", "intro": "<p>Bring a notebook</p>"}, teacher
    )
    make_activity(
        course,
        first,
        "url",
        {"name": "Tables", "intro": "", "external_url": "https://tides.example/?a=1&b=2"},
        teacher,
    )
    handout = make_activity(course, first, "resource", {"name": "Handout", "intro": ""}, teacher)
    set_main_file(course, handout, Upload("fold a chart.txt", io.BytesIO(b"Fold it.")), teacher)
    folder = make_activity(course, first, "folder", {"name": "Maps", "intro": ""}, teacher)
    inner = make_subfolder(course, folder, "Day one")
    add_to_folder(course, folder, [Upload("map.png", io.BytesIO(PNG))], teacher, folder=inner)
    return course


@pytest.fixture
def teacher(course):
    return make_admin("office")


def documents(members, directory):
    return {name.rpartition("/")[2] for name in members if name.rpartition("/")[0] == directory}


def root(members, name):
    return etree.fromstring(members[name])


def test_its_backup_holds_every_document_that_moodle_asks_for(course, teacher):
    job, path = back_up(course, teacher)

    members = members_of(path)
    assert job.state == JobState.DONE, job.problem
    assert [name for name in (*OF_COURSE, *MISSED) if name not in members] == []
    for section in sections_of(course.version_id):
        assert documents(members, section.directory) == {"section.xml", "inforef.xml"}
    for activity in activities_of(course.version_id):
        wanted = {"module.xml", f"{activity.type}.xml", "inforef.xml", "roles.xml", "grades.xml", "filters.xml",
                  "grade_history.xml", "calendar.xml", "competencies.xml"}  # fmt: skip
        assert wanted <= documents(members, activity.directory), activity.type


def test_its_backup_says_that_nothing_is_wrong(course, teacher):
    _, path = back_up(course, teacher)

    found = survey(path)

    assert found.problems == []
    assert [section.title for section in found.sections] == ["0", "1"]
    kinds = [activity.type for section in found.sections for activity in section.activities]
    assert kinds == ["page", "label", "url", "resource", "folder"]


def test_it_comes_back_as_it_went_out(course, teacher):
    _, path = back_up(course, teacher)

    _, again = restore(path.read_bytes(), teacher)
    _, second = back_up(again, teacher)

    assert same_documents(members_of(path), members_of(second)) == []


def test_no_two_things_in_it_share_an_id(course, teacher):
    _, path = back_up(course, teacher)
    members = members_of(path)

    taken = [
        int(value)
        for name in ("course/course.xml", "files.xml", "gradebook.xml")
        for value in ids(members, name)
    ]
    for activity in activities_of(course.version_id):
        taken += [activity.moodle_id, activity.instance_id, activity.context_id]
    taken += [section.moodle_id for section in sections_of(course.version_id)]

    assert len(taken) == len(set(taken))
    assert 1 not in taken
    assert max(taken) < course.version.next_id


def ids(members, name):
    tree = root(members, name)
    own = [value for key in ("id", "contextid") if (value := tree.get(key))]
    return own + [one.get("id") for one in tree.iter("file", "grade_category", "grade_item")]


def test_its_files_are_listed_where_their_activity_says_what_it_needs(course, teacher):
    _, path = back_up(course, teacher)
    members = members_of(path)
    folder = next(activity for activity in activities_of(course.version_id) if activity.type == "folder")

    listed = {one.text for one in root(members, f"{folder.directory}/inforef.xml").iter("id")}
    rows = {
        one.get("id"): (one.findtext("filepath"), one.findtext("filename"))
        for one in root(members, "files.xml").iter("file")
        if one.findtext("contextid") == str(folder.context_id)
    }

    assert listed == set(rows)
    assert set(rows.values()) == {("/", "."), ("/Day one/", "."), ("/Day one/", "map.png")}


def test_the_file_of_a_resource_is_marked_as_the_main_one(course, teacher):
    _, path = back_up(course, teacher)

    row = next(
        one for one in root(members_of(path), "files.xml").iter("file") if one.findtext("filename") != "."
    )

    assert row.findtext("sortorder") == "1"
    assert row.findtext("author") == "Adaeze Okafor"
    assert row.findtext("mimetype") == "text/plain"


def test_sections_name_what_is_in_them(course, teacher):
    _, path = back_up(course, teacher)
    members = members_of(path)

    for section in sections_of(course.version_id):
        inside = [str(a.moodle_id) for a in activities_of(course.version_id) if a.section_id == section.id]
        assert root(members, f"{section.directory}/section.xml").findtext("sequence") == ",".join(inside)


def test_who_makes_a_course_manages_it(app):
    teacher = make_teacher()

    course = make_course("Tides", "GEO 1", None, teacher)

    assert role_in(teacher, course.id) == CourseRole.MANAGER
    assert [section.number for section in sections_of(course.version_id)] == [0, 1, 2, 3, 4]


def test_a_short_name_can_be_had_once(app):
    teacher = make_teacher()
    make_course("Tides", "GEO 1", None, teacher)

    with pytest.raises(EditRefused, match="Another course has this short name"):
        make_course("Other tides", "GEO 1", None, teacher)


def test_something_new_in_a_restored_course_gets_free_ids(course, teacher):
    _, path = back_up(course, teacher)
    _, again = restore(path.read_bytes(), teacher)
    before = {one.moodle_id for one in (*sections_of(again.version_id), *activities_of(again.version_id))}

    section = make_section(again, "Week two", "", teacher)
    activity = make_activity(again, section, "page", {"name": "New", "intro": "", "content": ""}, teacher)

    assert {section.moodle_id, activity.moodle_id}.isdisjoint(before)
    job, _ = back_up(again, teacher)
    assert job.state == JobState.DONE, job.problem
