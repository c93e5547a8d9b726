"""The page of a job, and the fragment that keeps it up to date."""

import re
import sqlite3
import time
from contextlib import closing
from datetime import timedelta

import pytest

from tests.factories import (
    make_course,
    make_job,
    make_person,
    make_teacher,
)
from tests.pages import parse, text
from webapp.extensions import db
from webapp.models import CourseRole, Job, JobKind, JobState, utc_now

STEPS = [["Reading the course", 4.0], ["Copying files", None], ["Reading it back to check", None]]
RUNNING = {
    "state": JobState.RUNNING,
    "steps": STEPS,
    "step_number": 2,
    "step_done": 412_000_000,
    "step_total": 664_000_000,
    "done_bytes": 620,
    "total_bytes": 1000,
}
OVER = [JobState.DONE, JobState.WARNED, JobState.FAILED, JobState.CANCELLED]


@pytest.fixture
def course(app):
    return make_course(fullname="Tides and Coasts")


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher(course=course))


@pytest.fixture
def poll(client):
    """Ask for a job's fragment as its page does, and return what would take its place there."""

    def ask(job, told=""):
        answer = client.get(f"/jobs/{job.id}/progress?told={told}", headers={"HX-Request": "true"})
        assert answer.status_code == 200
        return parse(answer.text)

    return ask


def started(seconds_ago, **values):
    return {"started_at": utc_now() - timedelta(seconds=seconds_ago)} | RUNNING | values


def test_a_running_job_says_how_far_it_is(page, course, teacher):
    job = make_job(teacher, course, **started(61))

    shown = page(f"/jobs/{job.id}")

    assert text(shown.h1) == "Backup of Tides and Coasts"
    bar = shown.find(role="progressbar")
    assert (bar["value"], bar["aria-valuenow"]) == ("62", "62")
    assert bar["aria-valuetext"] == "62 percent done, Copying files"
    for words in ("Step 2 of 3", "412 MB of 664 MB", "You can leave this page"):
        assert words in text(shown.main)
    assert re.search(r"Time left about (3|4)\d seconds", text(shown.main))
    assert text(shown.find("li", attrs={"aria-current": "step"})) == "Copying files"


@pytest.mark.parametrize(("age", "pace"), [(5, "1s"), (90, "2s"), (900, "5s")])
def test_the_page_asks_less_often_the_longer_it_takes(poll, course, teacher, age, pace):
    job = make_job(teacher, course, **started(age))

    shown = poll(job)

    assert shown.find(id=f"job-{job.id}")["hx-trigger"] == f"every {pace}"


@pytest.mark.parametrize("state", [*OVER, JobState.WAITING])
def test_a_job_that_is_over_or_waits_stops_the_polling(poll, course, teacher, state):
    job = make_job(teacher, course, state=state, problem="The disk is full.")

    shown = poll(job)

    assert not shown.find(attrs={"hx-get": True})


@pytest.mark.parametrize("state", list(JobState))
def test_page_and_poll_say_the_same(page, poll, course, teacher, state):
    job = make_job(teacher, course, **RUNNING | {"state": state, "problem": "The disk is full."})

    own = page(f"/jobs/{job.id}").find(id=f"job-{job.id}")
    polled = poll(job).find(id=f"job-{job.id}")

    assert text(own) == text(polled)


def test_what_is_read_aloud_changes_only_with_the_step(poll, page, course, teacher):
    job = make_job(teacher, course, **RUNNING)

    first = poll(job)
    again = poll(job, told="running-2")

    assert page(f"/jobs/{job.id}").find(role="status", id=f"job-{job.id}-news") is not None
    news = first.find(attrs={"hx-swap-oob": f"innerHTML:#job-{job.id}-news"})
    assert text(news) == "Copying files, step 2 of 3."
    assert not again.find(attrs={"hx-swap-oob": True})
    assert not first.find(id=f"job-{job.id}").find(attrs={"aria-live": True})


def test_at_the_end_the_poll_takes_the_deeds_away(poll, course, teacher):
    job = make_job(teacher, course, state=JobState.DONE)

    shown = poll(job, told="running-3")

    assert shown.find(attrs={"hx-swap-oob": f"innerHTML:#job-{job.id}-deeds"}) is not None


def test_cancel_stays_outside_of_what_is_renewed(page, course, teacher):
    job = make_job(teacher, course, **RUNNING)

    shown = page(f"/jobs/{job.id}")

    link = shown.find("a", string="Cancel this backup…")
    assert link["href"] == f"/jobs/{job.id}/cancel"
    assert link.find_parent(id=f"job-{job.id}") is None


@pytest.mark.usefixtures("in_background")
def test_a_waiting_job_says_its_place_in_line(page, course, teacher):
    for number in (1, 2):
        make_job(make_teacher(), make_course(), queued_at=utc_now() - timedelta(minutes=number))
    job = make_job(teacher, course)

    shown = text(page(f"/jobs/{job.id}").main)

    assert "Third in line. Two other jobs go first." not in shown
    assert "Third in line. It should start in a moment; two other jobs go first." in shown


@pytest.mark.usefixtures("in_background")
def test_a_waiting_job_says_when_it_should_begin(page, course, teacher):
    running = {"done_bytes": 500, "total_bytes": 1000, "started_at": utc_now() - timedelta(seconds=360)}
    make_job(make_teacher(), make_course(), state=JobState.RUNNING, **running)
    job = make_job(teacher, course)

    shown = text(page(f"/jobs/{job.id}").main)

    assert "Next in line. It should start in about 6 minutes." in shown


@pytest.mark.usefixtures("in_background")
def test_a_job_that_nobody_takes_up_says_so(page, course, teacher):
    job = make_job(teacher, course, queued_at=utc_now() - timedelta(minutes=5))

    assert "nobody seems to be at work" in text(page(f"/jobs/{job.id}").main)


def test_without_background_work_a_job_can_be_begun_by_hand(page, course, teacher):
    job = make_job(teacher, course)

    shown = page(f"/jobs/{job.id}")

    button = shown.find("button", string="Begin now")
    assert shown.find(id=button["form"])["action"] == f"/jobs/{job.id}/run"


def test_a_job_that_was_interrupted_says_so(page, course, teacher):
    job = make_job(teacher, course, attempts=1)

    assert "In line again, after an interruption" in text(page(f"/jobs/{job.id}").main)


def test_a_job_that_is_being_stopped_says_so(page, course, teacher):
    job = make_job(teacher, course, **RUNNING | {"cancel_asked": True})

    shown = text(page(f"/jobs/{job.id}").main)

    assert "Stopping" in shown
    assert "leaves nothing behind" in shown


def test_without_script_the_page_looks_again_by_itself(client, course, teacher):
    job = make_job(teacher, course, **RUNNING)

    shown = client.get(f"/jobs/{job.id}").text

    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in shown
    assert f'<noscript><a class="btn quiet" href="/jobs/{job.id}">Look again</a></noscript>' in shown


@pytest.mark.parametrize("path", ["", "/progress", "/cancel"])
def test_somebody_elses_job_is_not_there(client, course, sign_in_as, path):
    job = make_job(make_teacher(course=course), course)
    sign_in_as(make_person(course=course, course_role=CourseRole.STUDENT))

    assert client.get(f"/jobs/{job.id}{path}").status_code == 404


@pytest.mark.parametrize("deed", ["cancel", "run", "again"])
def test_whoever_edits_the_course_may_watch_but_not_steer(client, course, sign_in_as, deed):
    job = make_job(make_teacher(), course)
    sign_in_as(make_teacher(course=course))

    assert client.get(f"/jobs/{job.id}").status_code == 200
    assert client.post(f"/jobs/{job.id}/{deed}").status_code == 404
    assert db.session.get(Job, job.id).state == JobState.QUEUED


def test_a_mail_has_no_page(client, teacher):
    job = make_job(teacher, kind=JobKind.MAIL, scope="message")

    assert client.get(f"/jobs/{job.id}").status_code == 404


def test_a_poll_after_the_session_has_ended_leads_to_signing_in(client, course):
    job = make_job(make_teacher(course=course), course)

    answer = client.get(f"/jobs/{job.id}/progress", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"], answer.text) == (401, "/sign-in", "")


@pytest.mark.parametrize("state", list(JobState))
def test_a_poll_sets_no_cookie(client, course, teacher, state):
    job = make_job(teacher, course, state=state)

    answer = client.get(f"/jobs/{job.id}/progress")

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_a_poll_answers_while_somebody_holds_the_write_lock(client, instance, course, teacher):
    job = make_job(teacher, course, **RUNNING)
    client.get(f"/jobs/{job.id}/progress")
    with closing(sqlite3.connect(instance / "coursekeep.sqlite", isolation_level=None)) as writer:
        before = writer.execute("pragma data_version").fetchone()
        writer.execute("begin immediate")
        writer.execute("update job set step_done = 1")

        began = time.monotonic()
        answer = client.get(f"/jobs/{job.id}/progress")
        took = time.monotonic() - began

        writer.execute("rollback")
        after = writer.execute("pragma data_version").fetchone()
    assert answer.status_code == 200
    assert took < 15  # who waits for the writer waits for 30 s
    assert before == after
