"""Editing sections, and the order of a course."""

import pytest
import sqlalchemy as sa
from lxml import etree

from tests.archives import pack_tgz, small_course
from tests.course_documents import document, leaves, node
from tests.restored import activity, backed_up, make_subsection, restored, restored_once, root, section
from tests.running import merge
from webapp.content import activities, sections
from webapp.content.edit import EditRefused
from webapp.content.lookups import activities_of, sections_of
from webapp.content.putting_back import put_back


@pytest.fixture
def course(office):
    return restored(office)


def test_a_section_is_renamed(course, office):
    week = section(course, "Week one")

    sections.change_section(course, week, name="First week", summary="<p>Ebb</p>", by=office)

    members = backed_up(course, office)
    own = root(members, "sections/section_32/section.xml")
    assert (own.findtext("name"), own.findtext("summary")) == ("First week", "<p>Ebb</p>")
    assert b"<title>First week</title>" in members["moodle_backup.xml"]


def test_a_section_without_a_name_goes_by_its_number(course, office):
    sections.change_section(course, section(course, "Week one"), name="", summary="", by=office)

    members = backed_up(course, office)
    assert root(members, "sections/section_32/section.xml").findtext("name") == "$@NULL@$"
    assert b"<title>1</title>" in members["moodle_backup.xml"]


def test_a_section_is_hidden(course, office):
    sections.show_section(course, section(course, "Week one"), visible=False)

    assert root(backed_up(course, office), "sections/section_32/section.xml").findtext("visible") == "0"


def test_sections_move_and_their_numbers_with_them(course, office):
    first = section(course, "Week one")
    second = sections.make_section(course, "Week two", "", office)
    third = sections.make_section(course, "Week three", "", office)

    sections.move_section(course, third, first)

    assert [one.name for one in sections_of(course.version_id)] == [
        "General",
        "Week three",
        "Week one",
        "Week two",
    ]
    assert [one.number for one in sections_of(course.version_id)] == [0, 1, 2, 3]
    module = root(backed_up(course, office), "activities/page_42/module.xml")
    assert module.findtext("sectionnumber") == "2"
    sections.move_section(course, third, None)
    assert [one.number for one in (first, second, third)] == [1, 2, 3]


def test_the_section_on_top_cant_be_moved(course):
    with pytest.raises(EditRefused, match="stays where it is"):
        sections.move_section(course, section(course, "General"), None)


def test_the_section_on_top_cant_be_deleted(course):
    with pytest.raises(EditRefused, match="stays where it is"):
        sections.delete_section(course, section(course, "General"))


def test_nothing_goes_above_the_section_on_top(course):
    with pytest.raises(EditRefused, match="stays where it is"):
        sections.move_section(course, section(course, "Week one"), section(course, "General"))


def test_a_section_goes_with_what_is_in_it(course, office):
    sections.make_section(course, "Week two", "", office)

    sections.delete_section(course, section(course, "Week one"))

    members = backed_up(course, office)
    assert [one.name for one in sections_of(course.version_id)] == ["General", "Week two"]
    assert [one.number for one in sections_of(course.version_id)] == [0, 1]
    assert [one.name for one in activities_of(course.version_id)] == ["Announcements"]
    assert not [name for name in members if name.startswith(("sections/section_32/", "activities/page_42/"))]
    assert b"harbour map.png" not in members["files.xml"]


def test_a_subsection_goes_with_the_section_that_it_opens(course, office):
    opener, inner = make_subsection(course, office)

    activities.delete_activity(course, opener)

    assert "Inside" not in [one.name for one in activities_of(course.version_id)]
    assert sa.inspect(inner).identity[0] not in [one.id for one in sections_of(course.version_id)]


def test_a_subsection_takes_no_subsection(course, office):
    _, inner = make_subsection(course, office)
    other, _ = make_subsection(course, office)

    with pytest.raises(EditRefused, match="can’t go into a subsection"):
        activities.move_activity(course, other, inner, None)


def test_what_moves_into_a_subsection_says_so_in_the_manifest(course, office):
    _, inner = make_subsection(course, office)

    activities.move_activity(course, activity(course, "Read a tide table"), inner, None)

    assert activity(course, "Read a tide table").in_subsection == "1"
    with pytest.raises(EditRefused, match="goes where that goes"):
        sections.delete_section(course, inner)


def nested_course():
    """The small course in the format whose sections lie in others: “The ebb” in “Week one”."""
    option = leaves(format="flexsections", name="parent", value=1)
    ebb = leaves(number=2, name="The ebb", summary="", summaryformat=1, sequence="", visible=1)
    ebb.append(node("course_format_options", option, id=901))
    entry = (
        b"<section><sectionid>33</sectionid><title>The ebb</title><directory>sections/section_33</directory>"
    )
    members = small_course()
    members["moodle_backup.xml"] = members["moodle_backup.xml"].replace(
        b"</sections>", entry + b"</section></sections>"
    )
    members["course/course.xml"] = members["course/course.xml"].replace(b">topics<", b">flexsections<")
    return members | {"sections/section_33/section.xml": document(node("section", ebb, id=33))}


def parents(members):
    """The number of each section that lies in another, and the number of that one."""
    documents = [etree.fromstring(members[name]) for name in members if name.endswith("/section.xml")]
    options = [(one.findtext("number"), one.findtext("course_format_options/value")) for one in documents]
    return sorted((number, around) for number, around in options if around)


def test_a_section_stays_inside_the_one_that_it_is_in(office):
    course = restored_once(pack_tgz(nested_course()), office)
    ahead = sections.make_section(course, "Ahead", "", office)

    sections.move_section(course, ahead, section(course, "Week one"))

    assert parents(backed_up(course, office)) == [("3", "2")]
    merge(pack_tgz(nested_course()), office, course, sections="append")
    assert parents(backed_up(course, office)) == [("3", "2"), ("6", "5")]
    sections.delete_section(course, section(course, "Week one"))
    assert parents(backed_up(course, office)) == [("2", "0"), ("5", "4")]


def test_a_section_comes_back_around_and_inside_what_it_was(office):
    course = restored_once(pack_tgz(nested_course()), office)
    sections.make_section(course, "Behind", "", office)

    outer = sections.delete_section(course, section(course, "Week one"))
    sections.move_section(course, section(course, "Behind"), section(course, "The ebb"))
    put_back(course, outer)
    assert nest(course, office) == [("The ebb", "Week one")]

    inner = sections.delete_section(course, section(course, "The ebb"))
    sections.move_section(course, section(course, "Week one"), None)
    put_back(course, inner)
    assert nest(course, office) == [("The ebb", "Week one")]


def nest(course, by):
    """The names of sections that lie in another, and of that one."""
    names = {str(one.number): one.name for one in sections_of(course.version_id)}
    return [(names[number], names[around]) for number, around in parents(backed_up(course, by))]
