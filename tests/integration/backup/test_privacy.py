"""What is left of people in a backup that was made without them, or with their names taken away."""

import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from jobs.archive.ids.person_names import names_person
from jobs.archive.survey import survey
from tests.archives import pack_tgz, small_course
from tests.corpus import QUICK, corpus_file, each_of
from tests.demands import faults
from tests.factories import make_teacher
from tests.integration.cli.test_cli import quiet_afterwards  # noqa: F401
from tests.members import members_of, same_documents
from tests.personal_course import NOBODYS, UNLISTED, personal_course, with_somebody_unlisted
from tests.running import back_up, back_up_part, restore
from tests.searching import ids_of_people, personal_strings, places_of
from webapp.content.lookups import activities_of, sections_of
from webapp.extensions import db
from webapp.models import ArchiveFile, JobState

#: The real courses that have people or name somebody.
WITH_PEOPLE = (
    "fixture-3.10-attempts-missing-users", "fixture-3.11-plugin-studentquiz-users", "fixture-3.2-imscp-scorm-folder",
    "generated-4.5-xs", "real-3.3-folders-labels", "real-3.3-scorm-148-files", "real-3.8-damaged-files-blocks",
    "real-3.8-small", "tide101-4.5-users", "tide101-4.5-users-no-files",
)  # fmt: skip
PARTS = ("tide101-4.5-activity-quiz", "tide101-4.5-section")
#: What was looked at, and says nothing of anybody.
CONTENT = {
    # Roles and capabilities are called as these people are; the site's address is theirs, and in its question stamps.
    "fixture-3.10-attempts-missing-users": {"User"},
    "fixture-3.11-plugin-studentquiz-users": {
        "Student", "student", "Teacher", "teacher", "127.0.0.1", "192.168.216.42",
    },
    "generated-4.5-xs": {"User"},
    # Inside of documents that they wrote for the course, and gave to it.
    "real-3.8-damaged-files-blocks": {"Chanel House", "Nathan Thompson"},
}  # fmt: skip


def leftovers(before, after, name=""):
    """Where something personal of one archive still stands in another; all is printed, what was judged also."""
    found = places_of(personal_strings(before), after)
    for place, text in found:
        print(f"{name} {place}: {text}")
    return [one for one in found if one[1] not in CONTENT.get(name, ())]


def people_named_in(members):
    """Leaves and attributes, by the names that people are called by, that hold the id of somebody."""
    return [
        (name, said, number)
        for name, content in members.items()
        if name.endswith(".xml") and name != "users.xml"
        for element in ET.fromstring(content).iter()
        for said, number in [*element.items(), *([] if len(element) else [(element.tag, element.text)])]
        if names_person(said) and number not in (None, "", "0", "$@NULL@$")
    ]


def part_in_it(members):
    """How often each person is named in which leaves of which documents, whatever their ids are."""
    counts = Counter(
        (number, name, tag) for name, tag, number in people_named_in(members) if "inforef" not in name
    )
    by_person = {number: [] for number in ids_of_people(members)}
    for (number, name, tag), times in counts.items():
        by_person.setdefault(number, []).append((name, tag, times))
    return sorted(sorted(part) for part in by_person.values())


def filenames(members):
    return {leaf.text for leaf in ET.fromstring(members["files.xml"]).iter("filename")}


def test_without_people_nothing_tells_who_was_there(app):
    teacher, members = make_teacher(), personal_course()
    _, course = restore(pack_tgz(members), teacher)

    _, path = back_up(course, teacher, people=False)

    after = members_of(path)
    assert leftovers(members, after) == []
    assert people_named_in(after) == []
    assert not [
        name for name in after if re.search(rb"\b10[12]\b", after[name]) and name.startswith("activities/")
    ]
    assert survey(path).damage == 0


@pytest.mark.parametrize("options", [{"people": False}, {"people": True, "anonymise": True}])
def test_who_is_in_no_list_is_named_nowhere_either(app, options):
    teacher, members = make_teacher(), with_somebody_unlisted(personal_course())
    _, course = restore(pack_tgz(members), teacher)

    _, path = back_up(course, teacher, **options)

    after = members_of(path)
    # As a number of its own: the archive's mark holds any digits.
    assert [name for name in after if re.search(rb"\b%d\b" % UNLISTED, after[name])] == []
    assert b"question_bank_entry" in after["questions.xml"]


def test_without_people_files_stay_that_teachers_made(app):
    teacher = make_teacher()
    _, course = restore(pack_tgz(personal_course()), teacher)

    _, path = back_up(course, teacher, people=False)

    assert filenames(members_of(path)) == NOBODYS


def test_a_restore_without_people_keeps_no_file_of_theirs(app):
    teacher = make_teacher()

    _, course = restore(pack_tgz(personal_course()), teacher, people=False)
    _, path = back_up(course, teacher, people=True)

    assert filenames(members_of(path)) == NOBODYS


@pytest.mark.parametrize("name", each_of([*WITH_PEOPLE, *PARTS], quick=(*QUICK, *PARTS)))
def test_without_people_a_real_course_names_nobody(app, name):
    original, teacher = corpus_file(name), make_teacher()
    members = members_of(original)
    _, course = restore(original.read_bytes(), teacher)

    _, path = back_up(course, teacher, people=False)

    after = members_of(path)
    assert leftovers(members, after, name) == []
    assert people_named_in(after) == []
    assert [one for one in faults(path) if not one.startswith("no content of")] == []


# Anonymised


def anonymised(course, teacher):
    job, path = back_up(course, teacher, people=True, anonymise=True)
    assert job.state in (JobState.DONE, JobState.WARNED), job.problem
    return job, path


def test_an_anonymised_backup_says_so_and_names_nobody(app):
    teacher, members = make_teacher(), personal_course()
    _, course = restore(pack_tgz(members), teacher)

    job, path = anonymised(course, teacher)

    after, found = members_of(path), survey(path)
    assert leftovers(members, after) == []
    assert found.is_sound
    assert found.problems == []
    assert "file_authors" not in found.privacy.kinds
    assert found.anonymised
    assert found.with_people
    assert job.result["filename"].endswith("-an.mbz")
    assert db.session.get_one(ArchiveFile, job.result["archive_id"]).anonymised


def test_the_command_line_makes_an_anonymised_backup(coursekeep, tmp_path):
    teacher, members = make_teacher(), personal_course()
    _, course = restore(pack_tgz(members), teacher)
    out = tmp_path / "course.mbz"

    code, *_ = coursekeep(
        "backup", course.shortname, "--as", teacher.username, "--anonymize", "--out", str(out)
    )

    assert code == 0
    assert leftovers(members, members_of(out)) == []
    assert survey(out).anonymised


def test_an_anonymised_person_is_the_same_one_everywhere(app):
    teacher, members = make_teacher(), personal_course()
    _, course = restore(pack_tgz(members), teacher)

    after = members_of(anonymised(course, teacher)[1])

    assert part_in_it(after) == part_in_it(members)
    assert sorted(ids_of_people(after)) == ["1", "2"]
    ben = ET.fromstring(after["activities/workshop_44/workshop.xml"]).find(".//submission")
    number = ben.findtext("authorid")
    assert ben.findtext("content") == f"<p>By anonfirstname{number} anonlastname{number}, anon{number}.</p>"
    log = ET.fromstring(after["course/logstores.xml"]).find(".//logstore_standard_log")
    context = ET.fromstring(after["users.xml"]).find(f"user[@id='{number}']").get("contextid")
    assert (log.findtext("userid"), log.findtext("objectid"), log.findtext("contextid")) == (
        number,
        number,
        context,
    )
    assert context != "202"
    by_name = {one.findtext("filename"): one for one in ET.fromstring(after["files.xml"])}
    assert by_name["handed in.txt"].findtext("author") == f"anonfirstname{number} anonlastname{number}"
    participants = ET.fromstring(after["activities/bigbluebuttonbn_45/bigbluebuttonbn.xml"])
    assert f'"selectionid":"{number}"' in participants.find(".//participants").text
    assert "f1.png" not in by_name


def test_an_anonymised_person_is_one_as_moodle_makes_them(app):
    teacher = make_teacher()
    _, course = restore(pack_tgz(personal_course()), teacher)

    after = members_of(anonymised(course, teacher)[1])

    for person in ET.fromstring(after["users.xml"]):
        number = person.get("id")
        said = {leaf.tag: leaf.text for leaf in person if leaf.text and leaf.text.strip()}
        assert said["username"] == f"anon{number}"
        assert said["email"] == f"anon{number}@doesntexist.invalid"
        assert (said["city"], said["country"], said["lastip"]) == ("Perth", "AU", "127.0.0.1")
        assert said["timecreated"] == "0"
        assert not list(person.find("custom_fields"))


def test_an_anonymised_backup_is_restored_like_another(app):
    teacher, members = make_teacher(), personal_course()
    _, course = restore(pack_tgz(members), teacher)
    first = anonymised(course, teacher)[1]

    job, again = restore(first.read_bytes(), teacher)
    _, path = back_up(again, teacher)

    assert job.state == JobState.DONE
    assert job.result["people"] == 2
    assert same_documents(members_of(first), members_of(path)) == []
    assert leftovers(members, members_of(path)) == []


@pytest.mark.parametrize("options", [{"people": False}, {"people": True, "anonymise": True}])
@pytest.mark.parametrize("name", ["Week one", "Draw a chart", "Ships"])
def test_of_a_section_or_an_activity_the_same_is_true(app, name, options):
    teacher, members = make_teacher(), personal_course()
    _, course = restore(pack_tgz(members), teacher)
    found = [*sections_of(course.version_id), *activities_of(course.version_id)]
    part = next(one for one in found if one.name == name)

    job, path = back_up_part(course, part, teacher, **options)

    after = members_of(path)
    assert job.state == JobState.DONE, job.problem or job.warnings
    assert leftovers(members, after) == []
    listed = {
        number for entry, tag, number in people_named_in(after) if not entry.endswith("moodle_backup.xml")
    }
    assert listed == (set(ids_of_people(after)) if options["people"] else set())
    assert survey(path).is_sound


def test_without_people_there_is_nobody_to_make_anonymous(app):
    teacher = make_teacher()
    _, course = restore(pack_tgz(small_course()), teacher)

    job, path = back_up(course, teacher, people=False, anonymise=True)

    assert job.result["filename"].endswith("-nu.mbz")
    assert not survey(path).anonymised


@pytest.mark.parametrize("name", each_of([*WITH_PEOPLE, *PARTS], quick=(*QUICK, *PARTS)))
def test_a_real_course_is_made_anonymous_and_its_people_keep_their_part(app, name):
    original, teacher = corpus_file(name), make_teacher()
    members = members_of(original)
    _, course = restore(original.read_bytes(), teacher)

    _, path = anonymised(course, teacher)

    after = members_of(path)
    assert leftovers(members, after, name) == []
    assert [one for one in faults(path) if not one.startswith("no content of")] == []
    if name not in PARTS and "users.xml" in members:  # what comes in as a course is numbered anew
        assert part_in_it(after) == part_in_it(members)
