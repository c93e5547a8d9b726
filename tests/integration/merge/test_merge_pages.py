"""Adding a backup to a course in the browser: choosing, looking, answering, and taking it out again."""

import pytest

from tests.archives import pack_tgz, small_course
from tests.factories import make_teacher
from tests.pages import form_data, parse, text
from tests.running import back_up_part, merge, read_archive, run
from webapp.content.activities import change_activity
from webapp.content.lookups import activities_of, sections_of
from webapp.content.making import make_course
from webapp.extensions import db
from webapp.models import Job, JobState


@pytest.fixture
def teacher(in_background, sign_in_as):
    return sign_in_as(make_teacher())


@pytest.fixture
def job(teacher, course):
    """A restore of the small course that waits for an answer."""
    return read_archive(pack_tgz(small_course()), teacher)


def answer_of(page, job, course, **changes):
    """What the form about a restore would send for adding to the course."""
    form = page(f"/restores/{job.id}").find("form", class_="review")
    return form["action"], form_data(form) | {
        "target": "merge",
        "course_id": course.id,
        "people": "yes",
    } | changes


def test_adding_to_a_course_goes_in_line_and_is_done(page, client, job, course):
    where, data = answer_of(page, job, course)

    answer = client.post(where, data=data)
    done = run(db.session.get(Job, job.id))

    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")
    assert (done.state, done.course_id, done.title) == (JobState.DONE, course.id, course.fullname)
    assert len(activities_of(course.version_id)) == 6
    said = text(page(f"/jobs/{job.id}").main)
    assert "What was in the file stands beside what the course had." in said
    assert "It can be taken out again until" in said


def test_a_look_shows_what_would_happen_and_keeps_what_was_chosen(page, client, job, course):
    where, data = answer_of(page, job, course, placing="append", go="review")

    answer = client.post(where, data=data)
    shown = page(answer.location)

    assert answer.status_code == 303
    said = text(shown.find("aside", class_="result"))
    for words in (
        "3 activities in 2 sections",
        "There already",
        "2 people",
        "“Week one” becomes one of its own",
    ):
        assert words in said
    form = form_data(shown.find("form", class_="review"))
    assert (form["target"], form["placing"], form["people"]) == ("merge", "append", "yes")
    assert db.session.get(Job, job.id).state == JobState.WAITING


def test_a_section_can_be_chosen(page, client, job, course):
    goal = sections_of(course.version_id)[0]
    where, data = answer_of(page, job, course, placing="chosen", section_id=goal.id)

    client.post(where, data=data)

    assert db.session.get(Job, job.id).options["section_id"] == goal.id


def test_a_section_of_another_course_is_refused(page, client, teacher, job, course):
    other = sections_of(make_course("Quiet", "QUIET", None, teacher).version_id)[0]
    where, data = answer_of(page, job, course, placing="chosen", section_id=other.id)

    answer = client.post(where, data=data)

    assert answer.status_code == 422
    assert "Choose a section of the course." in answer.text


def test_what_was_added_before_is_asked_about(page, client, teacher, course):
    merge(pack_tgz(small_course()), teacher, course)
    job = read_archive(pack_tgz(small_course()), teacher)
    where, data = answer_of(page, job, course)

    refused = client.post(where, data=data)
    asked = parse(refused.text).find(id="again")
    client.post(where, data=data | {"again": "y"})

    assert refused.status_code == 422
    assert "everything in it is there twice" in refused.text
    assert asked is not None
    assert db.session.get(Job, job.id).options["again"] is True


def test_people_with_two_addresses_are_asked_about(page, client, teacher, course):
    members = small_course()
    members["users.xml"] = members["users.xml"].replace(b"a.holt@school.example", b"anna@other.example")
    members["users.xml"] = members["users.xml"].replace(b'id="101"', b'id="151"')
    job = read_archive(pack_tgz(members), teacher)
    where, data = answer_of(page, job, course, go="review")

    shown = page(client.post(where, data=data).location)
    said = text(shown.find(id="same_people"))
    del data["go"]
    client.post(where, data=data | {"same_people": "aholt"})

    assert "Amira Holt (aholt) is the same person" in said
    assert "anna@other.example in the file, a.holt@school.example in the course" in said
    assert db.session.get(Job, job.id).options["same_people"] == ["aholt"]


def test_an_activity_goes_back_where_somebody_came_from(page, client, teacher, course):
    _, path = back_up_part(course, activities_of(course.version_id)[1], teacher)
    job = read_archive(path.read_bytes(), teacher)
    job.options = {"asked_from": course.id}
    db.session.commit()

    form = page(f"/restores/{job.id}?step=where").find("form", class_="review")

    assert form_data(form)["target"] == "merge"
    assert [radio["value"] for radio in form.find_all("input", attrs={"name": "target"})] == ["new", "merge"]
    assert "In the section with the number that it had" in text(form)


def test_a_part_can_not_take_the_place_of_a_course(page, client, teacher, course):
    _, path = back_up_part(course, activities_of(course.version_id)[1], teacher)
    job = read_archive(path.read_bytes(), teacher)
    where, data = answer_of(page, job, course)

    answer = client.post(where, data=data | {"target": "replace"})

    assert answer.status_code == 422
    assert "Say where it should go." in answer.text


def test_what_was_added_is_taken_out_with_one_click(page, client, teacher, course):
    merge(pack_tgz(small_course()), teacher, course)

    notice = text(page(f"/courses/{course.id}/backups").main)
    asked = page(f"/courses/{course.id}/undo")
    client.post(asked.main.form["action"])

    assert "What was added last to this course can be taken out again" in notice
    assert text(asked.h1) == "Take out what was added?"
    assert len(activities_of(course.version_id)) == 3


def test_what_was_edited_since_stays_and_is_named(page, client, teacher, course):
    merge(pack_tgz(small_course()), teacher, course)
    change_activity(course, activities_of(course.version_id)[-2], {"name": "Read it well"}, teacher)

    client.post(f"/courses/{course.id}/undo")

    assert "“Read it well” was edited since." in text(page(f"/courses/{course.id}/backups"))
    assert len(activities_of(course.version_id)) == 6
