"""`coursekeep copy` and `coursekeep import`."""

import json
from datetime import date

import pytest

from tests.factories import make_category, make_person, make_teacher
from tests.restored import activity
from webapp.content.lookups import activities_of
from webapp.content.making import make_course
from webapp.extensions import db
from webapp.models import Course, JobState, Membership, Person
from webapp.pages.days import day_of


@pytest.fixture
def teacher(app):
    return make_teacher("ruth")


def test_a_copy_is_made_as_it_is_asked_for(coursekeep, course):
    make_category("Year 10")
    asked = ("--fullname", "Tides 10", "--category", "Year 10", "--hidden", "--start-date", "2027-02-01",
             "--end-date", "2027-07-01", "--idnumber", "T10")  # fmt: skip

    code, out, _ = coursekeep("copy", "TIDE1", "--as", "ruth", "--shortname", "TIDE10", *asked, "--json")

    said = json.loads(out)
    copy = db.session.get(Course, said["course"])
    assert (code, said["state"], said["shortname"]) == (0, "done", "TIDE10")
    assert (copy.fullname, copy.category.name, copy.visible, copy.idnumber) == (
        "Tides 10",
        "Year 10",
        False,
        "T10",
    )
    assert (day_of(copy.start_date), day_of(copy.end_date)) == (date(2027, 2, 1), date(2027, 7, 1))
    assert db.session.query(Person).filter_by(version_id=copy.version_id).count() == 0


def test_with_users_who_is_in_the_course_is_in_the_copy(coursekeep, course):
    make_person("pupil", course=course)

    code, out, _ = coursekeep("copy", "TIDE1", "--as", "ruth", "--shortname", "AGAIN", "--with-users")

    copy = db.session.query(Course).filter_by(shortname="AGAIN").one()
    assert (code, out) == (0, f"Copied into “AGAIN” ({copy.id}).\n")
    assert db.session.query(Person).filter_by(version_id=copy.version_id).count() == 2
    members = db.session.query(Membership).filter_by(course_id=copy.id)
    assert {one.user.username: str(one.role) for one in members} == {
        "pupil": "student",
        "ruth": "editingteacher",
    }


def test_a_queued_copy_returns_at_once(coursekeep, course):
    code, out, _ = coursekeep("copy", "TIDE1", "--as", "ruth", "--shortname", "AGAIN", "--queue", "--json")

    assert code == 0
    assert json.loads(out)["state"] == JobState.QUEUED
    assert db.session.query(Course).count() == 1


@pytest.mark.parametrize(
    ("user", "words", "said"),
    [
        ("ruth", ["--shortname", "TIDE1"], "There is a course “TIDE1” already."),
        ("ruth", ["--shortname", "X", "--category", "Nowhere"], "There is no category “Nowhere”."),
        ("ruth", ["--shortname", "X", "--end-date", "1990-01-01"], "would end before it begins"),
        ("ruth", ["--shortname", "X", "--keep-role", "manager"], "can’t give the role manager"),
        ("pupil", ["--shortname", "X"], "may not copy this course"),
    ],
)
def test_what_a_copy_can_not_be_is_refused(coursekeep, course, user, words, said):
    make_person("pupil", course=course)

    code, _, err = coursekeep("copy", "TIDE1", "--as", user, *words)

    assert code == 1
    assert said in err
    assert db.session.query(Course).count() == 1


def test_an_activity_and_a_section_are_imported_and_taken_out_again(coursekeep, course, teacher):
    target = make_course("Quiet", "QUIET", None, teacher)
    number = str(activity(course, "Announcements").moodle_id)
    chosen = ("--section", "1", "--activity", number)

    code, out, _ = coursekeep("import", "TIDE1", "QUIET", "--as", "ruth", *chosen, "--into", "2", "--json")

    said = json.loads(out)
    assert (code, said["course"], said["undo"]) == (0, target.id, True)
    assert len(activities_of(target.version_id)) == 3
    assert coursekeep("undo", str(said["job"]))[0] == 0
    assert activities_of(target.version_id) == []


def test_a_dry_run_of_an_import_only_says_what_would_come(coursekeep, course, teacher):
    target = make_course("Quiet", "QUIET", None, teacher)

    code, out, _ = coursekeep("import", "TIDE1", "QUIET", "--as", "ruth", "--section", "1", "--dry-run")

    assert code == 0
    assert "Added: 2 activities, 2 files" in out
    assert activities_of(target.version_id) == []


@pytest.mark.parametrize(
    ("user", "words", "said"),
    [
        ("ruth", ["--section", "9"], "There is no section 9 in “TIDE1”."),
        ("ruth", ["--dry-run", "--queue"], "--dry-run does nothing"),
        ("pupil", [], "may not import"),
    ],
)
def test_what_can_not_be_imported_is_refused(coursekeep, course, teacher, user, words, said):
    make_person("pupil", course=course)
    target = make_course("Quiet", "QUIET", None, teacher)

    code, _, err = coursekeep("import", "TIDE1", "QUIET", "--as", user, *words)

    assert code == 1
    assert said in err
    assert activities_of(target.version_id) == []
