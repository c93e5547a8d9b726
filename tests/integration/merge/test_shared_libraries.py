"""What plugins lay elsewhere than in an activity’s folder and context: mod_hvp the libraries that all its share."""

import xml.etree.ElementTree as ET

import pytest

from jobs.engine.dry_run import dry_run
from jobs.engine.undo import undo_restore
from tests.added import added_folders, folders
from tests.archives import pack_tgz, small_course
from tests.course_documents import StoredFile, document, inforef
from tests.h5p_course import LIBRARIES, MAP, SCRIPT, h5p_course
from tests.members import members_of, same_documents
from tests.restored import activity, section
from tests.running import back_up, back_up_part, merge, read_archive, restore
from webapp.extensions import db
from webapp.models import Course, JobState


def libraries(members):
    """Each library’s id with its name; the ids that others need; and those under which their files lie."""
    root, files = ET.fromstring(members[LIBRARIES]), ET.fromstring(members["files.xml"])
    found = {one.get("id"): one.findtext("machine_name") for one in root}
    needed = {one.get("required_library_id") for one in root.iter("dependency")}
    items = {one.findtext("itemid") for one in files if one.findtext("filearea") == "libraries"}
    return found, needed, items


def test_it_goes_out_again_with_the_course_and_with_a_part(teacher):
    members = h5p_course()

    job, course = restore(pack_tgz(members), teacher)

    assert (job.state, job.warnings) == (JobState.DONE, [])
    assert same_documents(members, members_of(back_up(course, teacher)[1])) == []
    part = members_of(back_up_part(course, activity(course, "Tide game"), teacher)[1])
    assert part[LIBRARIES] == members[LIBRARIES]
    assert part[SCRIPT.entry] == SCRIPT.content
    inforef = ET.fromstring(part["activities/hvp_44/inforef.xml"])
    assert [one.findtext("id") for one in inforef.iter("file")] == ["701", "702"]
    page = members_of(back_up_part(course, activity(course, "Read a tide table"), teacher)[1])
    assert not {LIBRARIES, SCRIPT.entry, MAP.entry} & set(page)


def test_a_part_has_the_files_that_its_own_list_names_wherever_they_lie(teacher):
    photo = StoredFile(703, "tile.png", b"tile", 70, "format_tiles", "tilephoto", 32)
    members = small_course(files=(photo,))
    members["sections/section_32/inforef.xml"] = document(inforef(file=[703]))
    _, course = restore(pack_tgz(members), teacher)

    week, general = (
        members_of(back_up_part(course, section(course, name), teacher)[1])
        for name in ("Week one", "General")
    )

    assert week[photo.entry] == photo.content
    assert b"<id>703</id>" in week["sections/section_32/inforef.xml"]
    assert photo.entry not in general


def test_it_comes_into_a_course_with_a_part_and_goes_out_with_it(teacher):
    _, source = restore(pack_tgz(h5p_course()), teacher)
    part = back_up_part(source, activity(source, "Tide game"), teacher)[1].read_bytes()
    _, course = restore(pack_tgz(small_course()), teacher)
    before = members_of(back_up(course, teacher)[1])

    job = merge(part, teacher, course)

    assert job.state == JobState.DONE, job.warnings
    after = members_of(back_up(course, teacher)[1])
    found, needed, items = libraries(after)
    assert list(found.values()) == ["H5P.Column", "H5P.Text"]
    assert needed == items == {next(iter(found))}
    again = members_of(back_up_part(course, activity(course, "Tide game"), teacher)[1])
    assert libraries(again) == (found, needed, items)
    undo_restore(course.id)
    assert same_documents(before, members_of(back_up(db.session.get(Course, course.id), teacher)[1])) == []


@pytest.mark.parametrize(("name", "patch"), [("H5P.Map", 1), ("H5P.Column", 2)])
def test_of_two_lists_of_libraries_the_equal_ones_stand_once(teacher, name, patch):
    _, course = restore(pack_tgz(h5p_course()), teacher)
    before = members_of(back_up(course, teacher)[1])
    archive = pack_tgz(h5p_course(name, patch))
    answer = {"target": "merge", "people": True, "course_id": course.id}

    look = dry_run(read_archive(archive, teacher).result["archive_id"], answer, teacher.id)
    job = merge(archive, teacher, course)

    assert job.state == JobState.DONE, job.warnings
    after = members_of(back_up(course, teacher)[1])
    found, needed, items = libraries(after)
    assert list(found.values()) == ["H5P.Column", "H5P.Text", name]
    first, _text, second = found
    assert (needed, items) == ({first}, {first, second})
    assert (look["matched"]["hvp_library"], look["created"]["hvp_library"]) == (1, 1)
    assert len(added_folders(before, after)) == len(folders(before))
    undo_restore(course.id)
    assert same_documents(before, members_of(back_up(db.session.get(Course, course.id), teacher)[1])) == []


def test_what_needs_a_library_that_the_course_has_needs_the_courses_own(teacher):
    members = h5p_course()
    _, course = restore(pack_tgz(members), teacher)
    members[LIBRARIES] = members[LIBRARIES].replace(b"H5P.Text", b"H5P.Quote")

    job = merge(pack_tgz(members), teacher, course)

    assert job.state == JobState.DONE, job.warnings
    found, needed, items = libraries(members_of(back_up(course, teacher)[1]))
    assert list(found.values()) == ["H5P.Column", "H5P.Text", "H5P.Quote"]
    assert needed == items == {next(iter(found))}
