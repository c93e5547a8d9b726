"""The bin at a terminal."""

import json

import pytest

from tests.factories import make_admin, make_course
from webapp.access.audit import set_actor
from webapp.content import activities
from webapp.content.course_settings import delete_course
from webapp.content.lookups import activities_of
from webapp.extensions import db
from webapp.models import BinEntry, Course


@pytest.fixture
def course(app):
    return make_course("TIDE", fullname="Reading the tide")


def bin_charts(course):
    return activities.delete_activity(
        course, next(one for one in activities_of(course.version_id) if one.name == "Charts")
    )


def test_what_was_deleted_from_a_course_is_listed_for_programs(coursekeep, course):
    set_actor(make_admin("ruth").id)
    entry = bin_charts(course)

    code, out, _ = coursekeep("bin", "TIDE", "--json")

    (listed,) = json.loads(out)["bin"]
    assert code == 0
    assert (listed["id"], listed["kind"], listed["type"], listed["name"]) == (
        entry,
        "activity",
        "folder",
        "Charts",
    )
    assert (listed["course"], listed["where"], listed["deleted_by"]) == (course.id, "The tide", "ruth")
    assert listed["deleted_at"] < listed["keep_until"]


def test_and_for_people(coursekeep, course):
    _, empty, _ = coursekeep("bin")
    delete_course(course)

    _, out, _ = coursekeep("bin")

    assert empty == "The bin is empty.\n"
    assert "Reading the tide" in out


def test_an_activity_and_a_course_are_put_back(coursekeep, course):
    charts, tide = bin_charts(course), delete_course(course)

    inside, _, problem = coursekeep("bin", "put-back", str(charts))
    first, said, _ = coursekeep("bin", "put-back", str(tide))
    second, out, _ = coursekeep("bin", "put-back", str(charts), "--json")

    assert (inside, first, second) == (1, 0, 0)
    assert "The course that it was in is in the bin itself." in problem
    assert said == "“Reading the tide” is back.\n"
    assert json.loads(out)["says"] == "“Charts” is back in “The tide”."
    assert db.session.get(Course, course.id).shortname == "TIDE"


def test_what_is_not_in_the_bin_is_told(coursekeep, app):
    code, _, problem = coursekeep("bin", "put-back", "77")

    assert code == 1
    assert "It is not in the bin any more" in problem


def test_emptying_says_how_much_went(coursekeep, course):
    entry, other = bin_charts(course), delete_course(make_course())

    _, said, _ = coursekeep("bin", "empty", "TIDE")
    _, out, _ = coursekeep("bin", "empty", "--json")

    assert said == "1 thing deleted for ever.\n"
    assert json.loads(out) == {"deleted": 1}
    assert [db.session.get(BinEntry, number) for number in (entry, other)] == [None, None]


@pytest.mark.parametrize("words", [["put-back"], ["put-back", "x"], ["empty", "A", "B"], ["A", "B"]])
def test_what_makes_no_sense_deletes_nothing(coursekeep, course, words):
    delete_course(course)

    code, _, problem = coursekeep("bin", *words)

    assert code == 1
    assert "Say “bin”" in problem
    assert db.session.query(BinEntry).count() == 1
