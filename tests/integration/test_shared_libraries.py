"""What plugins lay elsewhere than in an activity’s folder and context: mod_hvp the libraries that all its share."""

import xml.etree.ElementTree as ET

from jobs.engine.undo import undo_restore
from tests.added import added_folders, folders
from tests.archives import pack_tgz, small_course
from tests.course_documents import StoredFile, document, inforef
from tests.h5p_course import LIBRARIES, MAP, SCRIPT, h5p_course
from tests.members import members_of, same_documents
from tests.restored import activity, section
from tests.running import back_up, back_up_part, merge, restore
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


def test_two_lists_of_libraries_stand_in_one(teacher):
    _, course = restore(pack_tgz(h5p_course()), teacher)
    before = members_of(back_up(course, teacher)[1])

    job = merge(pack_tgz(h5p_course("H5P.Map")), teacher, course)

    assert job.state == JobState.DONE, job.warnings
    after = members_of(back_up(course, teacher)[1])
    found, needed, items = libraries(after)
    assert list(found.values()) == ["H5P.Column", "H5P.Text", "H5P.Map", "H5P.Text"]
    first, _text, second, _again = found
    assert needed == items == {first, second}
    assert len(added_folders(before, after)) == len(folders(before))
    undo_restore(course.id)
    assert same_documents(before, members_of(back_up(db.session.get(Course, course.id), teacher)[1])) == []
