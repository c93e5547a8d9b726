"""Somebody’s own page brings together what is theirs, and nothing of others."""

import pytest

from tests.factories import (
    join,
    keep,
    make_admin,
    make_archive,
    make_course,
    make_job,
    make_person,
    make_teacher,
)
from tests.pages import parse, text
from webapp.extensions import db
from webapp.models import CourseRole, JobState, Message, set_setting, utc_now


@pytest.fixture
def nadia(app, sign_in_as):
    return sign_in_as(make_teacher("nadia"))


def part(shown, name):
    """The section under the heading with this id, as its text."""
    return text(shown.find(id=name).parent)


def write(user, subject, **values):
    return keep(Message(user_id=user.id, event="backup_done", subject=subject, text="", html="", **values))


def test_only_somebody_with_an_account_has_one(app, client):
    assert client.get("/me").location == "/sign-in?next=/me"


def test_at_first_every_part_says_what_will_be_there(nadia, page):
    shown = page("/me")

    assert "Nothing is going on" in part(shown, "work")
    assert "You have a role in no course yet." in part(shown, "your-courses")
    assert "None yet." in part(shown, "your-messages")


def test_work_that_goes_on_or_failed_stands_on_top_and_what_is_done_below(nadia, page):
    for title, state in (("Tides", JobState.RUNNING), ("Cliffs", JobState.FAILED), ("Rivers", JobState.DONE)):
        make_job(nadia, make_course(fullname=title), state=state)
    make_job(make_teacher(), make_course(fullname="Not mine"), state=JobState.RUNNING)

    shown = page("/me")

    work, finished = part(shown, "work"), part(shown, "finished")
    assert "Tides" in work
    assert "Cliffs" in work
    assert "Rivers" not in work
    assert "Backup of Rivers" in finished
    assert "Tides" not in finished
    assert "Not mine" not in text(shown.main)


def test_the_work_keeps_itself_up_to_date(nadia, page, client):
    job = make_job(nadia, make_course(fullname="Tides"), state=JobState.RUNNING)
    asks = page("/me").find(id="live")["hx-get"]

    job.state, job.finished_at = JobState.DONE, utc_now()
    db.session.commit()
    answer = parse(client.get(asks).text)

    assert asks.startswith("/me/live?")
    assert "Backup of Tides: Done." in text(answer)


def test_nobody_elses_work_can_be_asked_for(nadia, client):
    other = make_job(make_teacher(), make_course(fullname="Not mine"), state=JobState.RUNNING)

    assert "Not mine" not in client.get(f"/me/live?told={other.id}-queued").text


def test_the_courses_are_those_in_which_one_has_a_role_those_changed_last_first(nadia, page):
    old, new = make_course(fullname="Tides"), make_course(fullname="Cliffs")
    make_course(fullname="Not mine")
    for course in (old, new):
        join(nadia, course, CourseRole.EDITING_TEACHER)

    links = [link.string for link in page("/me").find(id="your-courses").parent.select(".what a")]

    assert links == ["Cliffs", "Tides"]


def test_a_pupil_does_not_see_hidden_courses(app, page, sign_in_as):
    pupil = sign_in_as(make_person())
    join(pupil, make_course(fullname="Tides"), CourseRole.STUDENT)
    join(pupil, make_course(fullname="Secret", visible=False), CourseRole.STUDENT)

    courses = part(page("/me"), "your-courses")

    assert "Tides" in courses
    assert "Secret" not in courses


def test_messages_that_are_not_read_come_first(nadia, page):
    write(nadia, "Read already", read_at=utc_now())
    write(nadia, "New one")
    write(nadia, "Read as well", read_at=utc_now())
    write(nadia, "Only by mail", in_bell=False)
    write(make_teacher(), "Not mine")

    shown = page("/me").find(id="your-messages").parent

    assert [text(item.find(["a", "button"])) for item in shown.select("li")] == [
        "New one", "Read as well", "Read already",
    ]  # fmt: skip


def test_the_room_that_ones_backups_take_is_said_with_what_is_allowed(nadia, page):
    set_setting("person_quota_mb", 500, by=None)
    db.session.commit()
    make_archive(nadia, make_course(), content=b"x" * 3_000)

    aside = text(page("/me").find("aside"))

    assert "Your backups take 3.0 kB" in aside
    assert "You may use 500 MB" in aside


def test_it_leads_to_all_that_one_can_set(nadia, page, client):
    links = [link["href"] for link in page("/me").select("aside .list a")]

    assert {"/account", "/account/messages", "/account#your-password", "/account#devices"} <= set(links)
    account = page("/account")
    assert account.find(id="your-password")
    assert account.find(id="devices")
    assert page("/").find("a", string="Your page")["href"] == "/me"


def test_an_admin_who_looks_as_somebody_does_not_open_theirs(nadia, client, sign_in_as):
    sign_in_as(make_admin())
    client.post(f"/people/{nadia.id}/look")

    assert client.get("/me").status_code == 403
