"""A course that is made here is one that Moodle would read back."""

import io

import pytest
from lxml import etree

from jobs.archive.survey import survey
from tests.archives import pack_tgz, small_course
from tests.demands import faults
from tests.factories import make_admin, make_category, make_teacher
from tests.members import members_of, same_documents
from tests.running import back_up, back_up_part, merge, restore
from webapp.access.rights import role_in
from webapp.content.activities import make_activity
from webapp.content.edit import EditRefused
from webapp.content.filing import Upload, add_to_folder, make_subfolder, set_main_file
from webapp.content.lookups import activities_of, sections_of
from webapp.content.making import make_course
from webapp.content.sections import make_section
from webapp.database import write_transaction
from webapp.models import CourseRole, JobState, Section

#: What a Moodle passes over in silence where it is missing, losing what belongs to it.
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


@pytest.mark.parametrize("people", [True, False])
def test_its_backup_holds_everything_that_moodle_asks_for(course, teacher, people):
    job, path = back_up(course, teacher, people=people)

    members = members_of(path)
    assert job.state == JobState.DONE, job.problem
    assert faults(path) == []
    assert [name for name in MISSED if name not in members] == []
    for activity in activities_of(course.version_id):
        assert {"grade_history.xml", "competencies.xml"} <= documents(members, activity.directory), (
            activity.type
        )


def test_the_backups_of_its_parts_hold_everything_that_moodle_asks_for(course, teacher):
    for part in [*sections_of(course.version_id), *activities_of(course.version_id)]:
        _, path = back_up_part(course, part, teacher)

        assert faults(path) == [], part.name


def written_for(path):
    """The Moodle that an archive says it comes from, and whether it speaks of what came after 4.1."""
    information = root(members_of(path), "moodle_backup.xml").find("information")
    settings = {one.findtext("name") for one in information.iter("setting")}
    return information.findtext("backup_version"), "xapistate" in settings


def test_it_is_written_for_the_oldest_moodle_that_knows_all_of_it(course, teacher):
    _, plain = back_up(course, teacher)
    _, page = back_up_part(course, activities_of(course.version_id)[0], teacher)
    make_subsection_of(course, teacher)
    _, nested = back_up(course, teacher)

    assert written_for(plain) == written_for(page) == ("2022112800", False)
    assert written_for(nested) == ("2024100700", True)
    assert faults(nested) == []


def test_what_comes_from_elsewhere_makes_it_one_for_the_newest_moodle(course, teacher):
    merge(pack_tgz(small_course()), teacher, course)

    _, path = back_up(course, teacher)

    assert written_for(path) == ("2024100700", True)
    assert faults(path) == []


def make_subsection_of(course, by):
    opener = make_activity(
        course, sections_of(course.version_id)[0], "page", {"name": "Sub", "intro": ""}, by
    )
    inner = make_section(course, "Sub", "", by)
    with write_transaction() as session:
        session.get(Section, inner.id).parent_cmid = str(opener.moodle_id)


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
