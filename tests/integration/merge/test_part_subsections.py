"""Backups of one section and of one activity with a subsection of Moodle 4.5 in it, restored into courses."""

import xml.etree.ElementTree as ET

import pytest

from jobs.engine.dry_run import dry_run
from jobs.engine.undo import undo_restore
from tests.added import changed
from tests.archives import pack_tgz, small_course
from tests.demands import faults
from tests.members import members_of, same_documents
from tests.restored import activity, section
from tests.running import back_up, back_up_part, merge, read_archive, restore
from tests.subsections import with_subsection
from webapp.content.lookups import activities_of, sections_of
from webapp.extensions import db
from webapp.models import Course, JobState

#: What stands in which section, by their names, of what a subsection brings along.
OPENED = [("More", "About storms")]


@pytest.fixture
def source(teacher):
    return restore(pack_tgz(with_subsection(small_course())), teacher)[1]


@pytest.fixture
def plain(teacher):
    return restore(pack_tgz(small_course(shortname="OTHER")), teacher)[1]


def backed_up(course, part, teacher):
    _, path = back_up_part(course, part, teacher)
    return path.read_bytes()


def homes(course):
    """Each activity with the section that it stands in, by their names."""
    names = {one.id: one.name or "top" for one in sections_of(course.version_id)}
    return [(names[one.section_id], one.name) for one in activities_of(course.version_id)]


def openings(course, teacher):
    """The section that opens from each subsection, and the two by which a Moodle says so, out of a backup."""
    _, path = back_up(course, teacher)
    assert faults(path) == []
    members = members_of(path)
    manifest = ET.fromstring(members["moodle_backup.xml"])
    opened = {
        one.findtext("parentcmid"): one.findtext("directory")
        for one in manifest.iter("section")
        if one.findtext("parentcmid")
    }
    found = []
    for cmid, directory in opened.items():
        instance = ET.fromstring(members[f"activities/subsection_{cmid}/subsection.xml"]).get("id")
        root = ET.fromstring(members[f"{directory}/section.xml"])
        found.append((root.findtext("name"), root.findtext("component"), root.findtext("itemid") == instance))
    return found


def test_a_section_brings_its_subsection_into_a_course_that_has_one(teacher, source):
    target = source
    there = homes(target)
    content = backed_up(source, section(source, "Week one"), teacher)
    options = {"target": "merge", "people": True, "course_id": target.id}

    said = dry_run(read_archive(content, teacher).result["archive_id"], options, teacher.id)
    job = merge(content, teacher, target)

    assert job.state == JobState.DONE, job.problem or job.warnings
    new = [("Week one", name) for name in ("Read a tide table", "How to fold a chart", "More to read")]
    assert sorted(homes(target)) == sorted([*there, *new, *OPENED])
    assert openings(target, teacher) == [("More", "mod_subsection", True)] * (1 + (OPENED[0] in there))
    assert [one["into"] for one in said["sections"]] == ["Week one", None]
    assert said["added"]["sections"] == 1


@pytest.mark.parametrize(("chosen", "into"), [("General", "plain"), (None, "source")])
def test_a_subsection_alone_goes_into_a_section_and_opens_its_own(request, teacher, source, chosen, into):
    target = request.getfixturevalue(into)
    there, before = homes(target), back_up(target, teacher)[1]
    content = backed_up(source, activity(source, "More to read"), teacher)
    goal = section(target, chosen).id if chosen else None
    options = {"target": "merge", "people": True, "course_id": target.id, "section_id": goal}

    said = dry_run(read_archive(content, teacher).result["archive_id"], options, teacher.id)
    job = merge(content, teacher, target, section_id=goal)

    assert job.state == JobState.DONE, job.problem or job.warnings
    assert sorted(homes(target)) == sorted([*there, (chosen or "Week one", "More to read"), *OPENED])
    assert openings(target, teacher) == [("More", "mod_subsection", True)] * (
        1 + (("More", "About storms") in there)
    )
    assert [one["into"] for one in said["sections"]] == [chosen or "Week one", None]
    assert (said["added"]["sections"], said["added"]["activities"]) == (1, 2)

    undo_restore(target.id)

    _, again = back_up(db.session.get(Course, target.id), teacher)
    assert same_documents(members_of(before), members_of(again)) == []
    assert changed(members_of(before), members_of(again)) == []


@pytest.mark.parametrize(("part", "home"), [("More to read", "top"), ("Week one", "Week one")])
def test_a_part_with_a_subsection_becomes_a_course(teacher, source, part, home):
    found = [*sections_of(source.version_id), *activities_of(source.version_id)]
    content = backed_up(source, next(one for one in found if one.name == part), teacher)
    options = {"target": "new", "people": True}

    said = dry_run(read_archive(content, teacher).result["archive_id"], options, teacher.id)
    _, made = restore(content, teacher)

    assert (home, "More to read") in homes(made)
    assert homes(made)[-1:] == OPENED
    assert openings(made, teacher) == [("More", "mod_subsection", True)]
    assert said["added"]["sections"] == len(sections_of(made.version_id))
