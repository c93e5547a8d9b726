"""What a restore would do is said before it does it, and is what it does."""

import pytest

from jobs.engine.dry_run import dry_run
from jobs.problems import JobProblem
from tests.archives import pack_tgz, small_course
from tests.corpus import corpus_file
from tests.factories import make_admin, make_person, make_teacher
from tests.running import answer, back_up_part, merge, read_archive, restore
from webapp import places
from webapp.content.lookups import activities_of, sections_of
from webapp.content.making import make_course
from webapp.extensions import db
from webapp.models import Activity, Course, CourseVersion, Document, Person, Record, Section


def look(content, user, course=None, **options):
    given = {"target": "merge" if course else "new", "people": True} | options
    if course:
        given["course_id"] = course.id
    job = read_archive(content, user)
    return dry_run(job.result["archive_id"], given, user.id, job.id)


def rows():
    tables = (Course, CourseVersion, Section, Activity, Document, Record, Person)
    return [db.session.query(table).count() for table in tables]


@pytest.mark.parametrize("noted", [True, False])
def test_a_look_changes_nothing_whether_the_job_has_noted_what_to_compare(teacher, course, noted):
    job = read_archive(pack_tgz(small_course()), teacher)
    before, places_before = rows(), sorted(places.scratch().iterdir())
    options = {"target": "merge", "people": True, "course_id": course.id}

    found = dry_run(job.result["archive_id"], options, teacher.id, job.id if noted else None)

    assert found["matched"]["people"] == 2
    assert rows() == before
    assert sorted(places.scratch().iterdir()) == places_before


def test_a_new_course_says_what_it_will_be_called(teacher, course):
    found = look(pack_tgz(small_course()), teacher)

    assert {"what": "shortname", "from": "TIDE1", "to": "TIDE1_1"} in found["settings"]
    assert {"what": "visible", "from": True, "to": False} in found["settings"]
    assert found["added"]["activities"] == 3
    assert found["replaced"] == {}


def test_a_replacement_says_what_goes(teacher, course):
    found = look(pack_tgz(small_course()), teacher, course, target="replace")

    assert found["replaced"] == {
        "sections": 2, "activities": 3, "files": 2, "people": 2, "groups": 0, "questions": 0,
    }  # fmt: skip


def test_what_is_added_says_what_is_there_already(teacher, course):
    found = look(pack_tgz(small_course()), teacher, course)

    assert found["matched"]["people"] == 2
    assert found["matched"]["role"] == 2
    assert found["added"]["people"] == 0
    assert [(one["title"], one["into"]) for one in found["sections"]] == [
        ("General", "General"), ("Week one", "Week one"),
    ]  # fmt: skip
    assert found["created"] == {}


def test_sections_of_their_own_and_names_that_are_given_are_said(teacher):
    course = make_course("Quiet", "QUIET", None, teacher, sections=0)

    found = look(pack_tgz(small_course()), teacher, course)

    assert [one["into"] for one in found["sections"]] == ["0", None]
    assert found["settings"] == [{"what": "section name", "from": "", "to": "General", "section": "0"}]


def test_what_was_added_before_is_said(teacher, course):
    content = pack_tgz(small_course())
    assert not look(content, teacher, course)["again"]

    merge(content, teacher, course)

    assert look(content, teacher, course)["again"]


def test_two_addresses_of_one_name_are_a_question(teacher, course):
    members = small_course()
    members["users.xml"] = members["users.xml"].replace(b"a.holt@school.example", b"anna@other.example")
    members["users.xml"] = members["users.xml"].replace(b'id="101"', b'id="151"')
    content = pack_tgz(members)

    asked = look(content, teacher, course)["questions"]
    answered = look(content, teacher, course, same_people=["aholt"])["questions"]

    assert asked == [{
        "username": "aholt", "name": "Amira Holt", "address": "anna@other.example",
        "other_address": "a.holt@school.example", "where": "course", "proposal": "apart",
    }]  # fmt: skip
    assert answered == []


def test_an_account_with_another_address_is_a_question_and_the_answer_counts(teacher):
    account = make_person("aholt", email="somebody@else.example").id
    content = pack_tgz(small_course())

    (asked,) = look(content, teacher)["questions"]
    _, apart = restore(content, teacher)
    _, same = restore(content, teacher, same_people=["aholt"])

    assert (asked["where"], asked["other_address"]) == ("site", "somebody@else.example")
    tied = [
        db.session.query(Person).filter_by(version_id=one.version_id, username="aholt").one().account_id
        for one in (apart, same)
    ]
    assert tied == [None, account]


def test_without_people_nobody_is_asked_about(teacher):
    make_person("aholt", email="somebody@else.example")

    found = look(pack_tgz(small_course()), teacher, people=False)

    assert (found["questions"], found["added"]["people"]) == ([], 0)
    assert found["skipped"] == ["People and what they did: 2 are left out."]


def test_damage_is_said(teacher):
    members = small_course()
    del members[next(name for name in members if name.startswith("files/"))]

    found = look(pack_tgz(members), teacher)

    assert any("harbour map.png" in sentence for sentence in found["damaged"])


def test_who_may_not_restore_there_is_refused(teacher, course):
    with pytest.raises(JobProblem, match="may no longer restore"):
        look(pack_tgz(small_course()), make_teacher(), course)


def test_an_activity_says_where_it_goes(teacher, course):
    page = next(one for one in activities_of(course.version_id) if one.type == "page")
    _, path = back_up_part(course, page, teacher)
    goal = sections_of(course.version_id)[0]

    by_itself = look(path.read_bytes(), teacher, course)
    chosen = look(path.read_bytes(), teacher, course, section_id=goal.id)

    assert [one["into"] for one in by_itself["sections"] + chosen["sections"]] == ["Week one", "General"]


@pytest.mark.parametrize(
    "name",
    [
        "tide101-4.5-users",
        "fixture-3.5-question-categories",
        "tide101-4.5-section",
        "fixture-2.8-activity-quiz-zip",
        "fixture-3.11-plugin-studentquiz-users",
    ],
)
def test_what_is_said_is_what_happens(app, name):
    admin, content = make_admin(), corpus_file(name).read_bytes()
    _, course = restore(corpus_file("tide101-4.5-users").read_bytes(), admin)
    job = read_archive(content, admin)
    options = {"target": "merge", "people": True, "course_id": course.id}
    counts = [
        db.session.query(one).filter_by(version_id=course.version_id).count() for one in (Activity, Person)
    ]

    found = dry_run(job.result["archive_id"], options, admin.id)
    done = answer(job, course, target="merge")

    matched = {kind: count for kind, count in found["matched"].items() if kind not in ("accounts", "people")}
    assert {kind: count for kind, count in matched.items() if count} == {
        kind: count for kind, count in done.result["reused"].items() if count
    }
    after = [
        db.session.query(one).filter_by(version_id=course.version_id).count() for one in (Activity, Person)
    ]
    assert [new - old for new, old in zip(after, counts, strict=True)] == [
        found["added"]["activities"], found["added"]["people"],
    ]  # fmt: skip
    assert set(found["skipped"]) <= set(done.warnings)


def test_parts_of_plugins_are_counted_where_they_come(teacher, course):
    members = small_course()
    for folder in ("activities/page_42", "activities/resource_43"):
        name = f"{folder}/module.xml"
        added = b"<plugin_local_tides_module><x>1</x></plugin_local_tides_module></module>"
        members[name] = members[name].replace(b"</module>", added)
    archive = pack_tgz(members)

    whole = look(archive, teacher, course)
    part = look(archive, teacher, course, leave_out={"sections": [], "activities": [42]})

    assert whole["plugins"]["others"] == {"local_tides": 2}
    assert part["plugins"]["others"] == {"local_tides": 1}
