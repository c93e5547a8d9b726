"""The way through the steps towards a backup: nothing chosen is lost, and the last says what it will cost."""

from datetime import timedelta

import pytest

from tests.archives import pack_tgz, small_course
from tests.factories import (
    keep,
    make_activity,
    make_course,
    make_course_file,
    make_job,
    make_section,
    make_teacher,
)
from tests.pages import form_data, text
from tests.running import back_up, restore
from webapp.backups.choosing import packed, unpacked
from webapp.estimates.outlook import outlook_of
from webapp.extensions import db
from webapp.models import Activity, Job, JobState, Person, Section, utc_now

EVERYTHING = {"people": True, "files": True, "leave_out": {"sections": [], "activities": []}}


@pytest.fixture
def course(app):
    return make_course(fullname="Tides and Coasts")


@pytest.fixture
def teacher(course, in_background, sign_in_as):
    return sign_in_as(make_teacher(course=course))


@pytest.fixture
def go(page, client, course, teacher):
    """Send the form of a step and go to another one; returns that one's page."""

    def send(shown, step, **changes):
        form = shown.find("form", id="choice")
        answer = client.post(form["action"], data=form_data(form, go=step) | changes)
        assert answer.status_code == 303, text(shown.main)
        return page(answer.location)

    return send


def first_step(page, course):
    return page(f"/courses/{course.id}/backups/new")


def test_what_was_chosen_comes_along_to_the_end_and_back(page, go, client, course):
    section, activity = db.session.query(Section).first(), db.session.query(Activity).all()[-1]
    keep(Person(version_id=course.version_id, moodle_id=5, position=0, username="pupil", body=b""))
    start = first_step(page, course)
    data = form_data(start.find("form", id="choice"))
    less = [one for one in data["activities"] if one != str(activity.moodle_id)]
    more = [one for one in data["sections"] if one != str(section.moodle_id)]

    content = go(start, "content", activities=less, sections=more)
    review = go(content, "review", people="anonymous", container="zip")
    back = go(go(review, "content"), "what")
    again = go(back, "review")
    form = again.find("form", id="choice")
    client.post(form["action"], data=form_data(form))

    unchecked = [box["value"] for box in back.select("input[type=checkbox]") if not box.has_attr("checked")]
    assert {str(section.moodle_id), str(activity.moodle_id)} <= set(unchecked)
    said = text(review.select_one(".chosen"))
    assert f"Left out {section.name}, {activity.name}" in said
    assert "1 person, made anonymous" in said
    assert "As a zip" in said
    options = db.session.query(Job).one().options
    assert (options["anonymise"], options["files"], options["container"]) == (True, True, "zip")
    assert options["leave_out"]["sections"] == [section.moodle_id]
    assert activity.moodle_id in options["leave_out"]["activities"]


def test_from_the_first_step_everything_is_backed_up_at_once(page, client, course, teacher):
    shown = first_step(page, course)
    data = form_data(shown.find("form", id="choice"), people="no") | {"sections": []}

    answer = client.post(f"/courses/{course.id}/backups/new", data=data | {"everything": "1"})

    assert shown.find("button", attrs={"name": "everything"})
    assert answer.status_code == 303
    assert db.session.query(Job).one().options == EVERYTHING | {"container": "tgz"}


def test_the_steps_say_where_one_is_and_lead_back(page, go, course):
    review = go(first_step(page, course), "review")

    way = review.select_one(".way")
    assert text(way.select_one("[aria-current=step]")) == "3 Look through"
    assert [button["value"] for button in way.find_all("button")] == ["what", "content"]


def test_what_comes_into_the_course_between_the_steps_is_not_left_out(page, go, client, course):
    content = go(first_step(page, course), "content")
    make_activity(make_section(course, "Brand new"))

    form = content.find("form", id="choice")
    client.post(form["action"], data=form_data(form))

    assert db.session.query(Job).one().options["leave_out"] == {"sections": [], "activities": []}


def test_an_address_that_is_not_whole_leads_to_the_beginning(page, client, course, teacher):
    answer = client.get(f"/courses/{course.id}/backups/new?step=review&out=eJx_not_whole")

    assert (answer.status_code, answer.location) == (303, f"/courses/{course.id}/backups/new")
    assert "This address is not whole. Choose again what goes in." in text(page(answer.location).main)


def test_a_form_that_is_not_whole_begins_nothing(client, course, teacher):
    data = {"out": "nonsense", "people": "yes", "files": "y", "container": "tgz"}

    assert client.post(f"/courses/{course.id}/backups/new", data=data).status_code == 400
    assert db.session.query(Job).count() == 0


def test_what_is_left_out_of_a_large_course_fits_into_an_address():
    left_out = {"sections": list(range(7, 900, 31)), "activities": list(range(100_003, 160_000, 29))}

    address = packed(left_out)

    assert unpacked(address) == left_out
    assert len(address) < 1000


def test_the_size_said_beforehand_is_the_size_that_it_gets(app):
    teacher = make_teacher()
    _, course = restore(pack_tgz(small_course()), teacher)

    outlook = outlook_of(course, EVERYTHING)
    _, path = back_up(course, teacher, people=True)

    assert outlook.least <= path.stat().st_size <= outlook.most
    assert outlook.most < 20 * outlook.least


def test_pictures_weigh_what_they_weigh_and_texts_shrink(app, page, go, course):
    make_course_file(course, "cliff.jpg", "a", filesize=50_000_000, mimetype="image/jpeg")
    make_course_file(course, "tides.csv", "b", filesize=10_000_000, mimetype="text/csv")

    review = go(first_step(page, course), "review")
    without = go(go(review, "content"), "review", files="")

    assert "Size about 51 to 60 MB" in text(review.select_one(".result"))
    assert "Files 2 files, 60 MB" in text(review.select_one(".chosen"))
    assert "MB" not in text(without.select_one(".result"))


@pytest.mark.parametrize(
    ("history", "words"),
    [([], "nothing to go by yet"), ([(30_000, 4)], "usually under a minute"), ([(30, 400)], "minutes")],
)
def test_the_time_is_told_by_what_took_how_long_here(page, go, course, teacher, history, words):
    for work, seconds in history:
        ended = utc_now()
        make_job(teacher, course, state=JobState.DONE, total_bytes=work, finished_at=ended,
                 started_at=ended - timedelta(seconds=seconds))  # fmt: skip

    review = go(first_step(page, course), "review")

    assert words in text(review.select_one(".result"))


def test_a_part_says_its_size_too(page, course, teacher):
    activity = db.session.query(Activity).first()

    shown = page(f"/courses/{course.id}/activities/{activity.id}/backup")

    assert "Size about" in text(shown.select_one(".result"))
