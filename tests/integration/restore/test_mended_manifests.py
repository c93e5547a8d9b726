"""Backups whose moodle_backup.xml is damaged, or says less than there is: what the folders hold is restored."""

import re
import xml.etree.ElementTree as ET

import pytest

from jobs.archive.survey import survey
from jobs.engine.dry_run import dry_run
from tests.archives import pack_tgz, small_course
from tests.contradictions import RESTORED
from tests.corpus import corpus_file
from tests.demands import faults
from tests.factories import make_admin
from tests.members import members_of, same_documents
from tests.restored import activity
from tests.running import back_up, back_up_part, merge, read_archive, restore
from tests.subsections import with_subsection
from webapp.content.lookups import activities_of, sections_of
from webapp.models import JobState

MANIFEST = "moodle_backup.xml"


def outline(course):
    """The sections in their order, each with its activities in theirs."""
    there = activities_of(course.version_id)
    return [
        (section.name, [one.name for one in there if one.section_id == section.id])
        for section in sections_of(course.version_id)
    ]


def without_manifest(members):
    return {name: content for name, content in members.items() if name != MANIFEST}


def cut(manifest, place):
    return manifest[: manifest.index(place)]


DAMAGES = {
    "cut off before its lists": lambda whole: cut(whole, b"<contents>"),
    "cut off in a list": lambda whole: cut(whole, b"<moduleid>43<"),
    "empty": lambda _: b"",
    "not well-formed": lambda whole: whole.replace(b"</details>", b"</detail>"),
    "a number that is none": lambda whole: whole.replace(b"<moduleid>42<", b"<moduleid>4\xff2<"),
    "without its lists": lambda whole: re.sub(rb"(?s)<contents>.*</contents>", b"", whole),
    "without what it is a backup of": lambda whole: re.sub(rb"(?s)<details>.*</details>", b"", whole),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_the_folders_hold_is_restored(teacher, damage):
    members = small_course()
    _, sound = restore(pack_tgz(members), teacher)
    broken = members | {MANIFEST: DAMAGES[damage](members[MANIFEST])}

    job, course = restore(pack_tgz(broken), teacher)

    assert job.state == JobState.WARNED, job.problem
    assert "put together again by the folders" in job.warnings[0]
    assert {name: sorted(inside) for name, inside in outline(course)} == {
        name: sorted(inside) for name, inside in outline(sound)
    }
    _, path = back_up(course, teacher)
    assert faults(path) == []
    assert same_documents(members, members_of(path)) == []


def test_one_that_is_not_there_at_all_is_made_again_and_said_to_be(teacher):
    members = small_course()

    job, course = restore(pack_tgz(without_manifest(members)), teacher)

    assert job.state == JobState.WARNED, job.problem
    assert job.warnings[0].startswith(
        "The archive has no moodle_backup.xml, its list of contents. It is made again of the folders that there are: "
        "5 sections and activities."
    )
    _, path = back_up(course, teacher)
    assert faults(path) == []
    assert same_documents(members, members_of(path)) == []


def test_the_sentence_says_what_is_still_known(teacher):
    members = small_course()
    broken = members | {MANIFEST: DAMAGES["cut off in a list"](members[MANIFEST])}

    job = read_archive(pack_tgz(broken), teacher)

    (problem,) = dry_run(job.result["archive_id"], {"target": "new", "people": True}, teacher.id)["damaged"]
    assert "5 sections and activities, of which it still named 2." in problem


def test_a_damaged_backup_of_an_activity_goes_into_a_course(teacher, course):
    _, path = back_up_part(course, activity(course, "Read a tide table"), teacher)
    members = members_of(path)
    members[MANIFEST] = cut(members[MANIFEST], b"<details>")

    job = merge(pack_tgz(members, index=False), teacher, course)

    assert job.state == JobState.WARNED, job.problem
    assert [one.name for one in activities_of(course.version_id)].count("Read a tide table") == 2


@pytest.mark.parametrize("name", ["tide101-4.5-no-users", "fixture-3.2-imscp-scorm-folder"])
def test_a_real_course_is_the_same_without_its_manifest(app, name):
    admin, whole = make_admin(), members_of(corpus_file(name))
    _, sound = restore(corpus_file(name).read_bytes(), admin)

    _, course = restore(pack_tgz(without_manifest(whole), index=False), admin)

    assert outline(course) == outline(sound)
    _, path = back_up(course, admin)
    assert same_documents(whole, members_of(path)) == []
    assert survey(path).backup_version == survey(corpus_file(name)).backup_version


def test_folders_that_the_manifest_does_not_name_are_taken_in(teacher):
    members = with_subsection(small_course())
    whole = members[MANIFEST]
    for number in (42, 44, 45):
        whole = re.sub(rb"(?s)<activity>\s*<moduleid>%d<.*?</activity>" % number, b"", whole)
    whole = re.sub(rb"(?s)<section>\s*<sectionid>33<.*?</section>", b"", whole)

    job, course = restore(pack_tgz(members | {MANIFEST: whole}), teacher)

    assert job.warnings[0] == (
        "“activities/page_42” is in the file, but not in its list of contents: it is taken in all the same."
    )
    assert len(job.warnings) == 4
    assert outline(course) == [
        ("General", ["Announcements"]),
        ("Week one", ["How to fold a chart", "Read a tide table", "More to read"]),
        ("More", ["About storms"]),
    ]
    _, path = back_up(course, teacher)
    manifest = ET.fromstring(members_of(path)[MANIFEST])
    assert [one.text for one in manifest.iter("parentcmid")] == [None, None, "44"]
    inside = [one.findtext("moduleid") for one in manifest.iter("activity") if one.findtext("insubsection")]
    assert inside == ["45"]


def test_a_folder_of_which_nothing_says_what_it_is_comes_out_again(teacher):
    members = small_course() | {
        "activities/tide_99/tides.xml": b"<?xml version='1.0'?>\n<tides><tide>1</tide></tides>"
    }

    job, course = restore(pack_tgz(members), teacher)
    _, path = back_up(course, teacher)

    assert job.state == JobState.DONE
    assert b"<tide>1</tide>" in members_of(path)["activities/tide_99/tides.xml"]


@pytest.mark.parametrize(
    "contradiction",
    [
        "an activity with a number below 0",
        "two activities with one number",
        "a section twice",
        "an activity in a section that is not there",
    ],
)
def test_a_list_of_contents_that_contradicts_itself_is_told_of_and_all_goes_out_again(teacher, contradiction):
    make, said = RESTORED[contradiction]
    members = make()

    job, course = restore(pack_tgz(members, index=False), teacher)

    assert job.state == JobState.WARNED, job.problem
    assert [one for one in job.warnings if one.startswith(said)]
    _, path = back_up(course, teacher)
    assert same_documents(members, members_of(path)) == []


def test_activities_without_any_section_get_one(teacher):
    make, said = RESTORED["no sections"]

    job, course = restore(pack_tgz(make(), index=False), teacher)

    assert job.warnings[-1].startswith(said) or job.warnings[0].startswith(said)
    assert [inside for _, inside in outline(course)] == [
        ["Announcements"],
        ["Read a tide table", "How to fold a chart"],
    ]
    assert faults(back_up(course, teacher)[1]) == []


def test_what_other_programs_pack_becomes_what_a_moodle_takes(teacher):
    members = small_course(people=False) | {"README.txt": b"Made by hand."}
    del members["course/enrolments.xml"]

    job, course = restore(pack_tgz(members, index=False), teacher)

    assert job.warnings == [
        "1 thing in the file belongs to no part of a course that we know, and was left out."
    ]
    assert faults(back_up(course, teacher, people=False)[1]) == []
