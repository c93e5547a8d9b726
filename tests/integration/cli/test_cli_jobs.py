"""`coursekeep jobs`: the lists of the page Jobs, and what an admin can do there."""

import json
from datetime import timedelta

import pytest

from jobs import pause, queue
from tests.factories import make_course, make_job, make_teacher
from tests.integration.cli.test_cli import quiet_afterwards  # noqa: F401
from webapp.extensions import db
from webapp.models import Job, JobKind, JobState, utc_now


@pytest.fixture
def jobs(app):
    """Jobs of two people that stand in several ways, by their titles."""
    nadia, ruth = make_teacher("nadia"), make_teacher("ruth")
    tides, cliffs = make_course("TIDE"), make_course("CLIFF")
    made = (
        ("running", nadia, tides, JobKind.BACKUP, JobState.RUNNING),
        ("queued", ruth, cliffs, JobKind.COPY, JobState.QUEUED),
        ("failed", nadia, cliffs, JobKind.BACKUP, JobState.FAILED),
        ("done", ruth, tides, JobKind.BACKUP, JobState.DONE),
        ("checked", ruth, tides, JobKind.CHECK, JobState.DONE),
        ("mailed", ruth, None, JobKind.MAIL, JobState.DONE),
    )
    return {title: make_job(user, course, kind=kind, state=state, title=title)
            for title, user, course, kind, state in made}  # fmt: skip


@pytest.fixture
def listed(coursekeep):
    """Run `jobs` with more words; returns the titles."""

    def titles(*words):
        code, out, _ = coursekeep("jobs", *words, "--json")
        assert code == 0
        return [job["title"] for job in json.loads(out)["jobs"]]

    return titles


def fresh(job):
    db.session.rollback()
    return db.session.get_one(Job, job.id, populate_existing=True)


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ((), ["queued", "running", "mailed", "checked", "done", "failed"]),
        (("--last", "1"), ["queued", "running", "mailed"]),
        (("--state", "now"), ["running", "queued", "failed"]),
        (("--state", "failed"), ["failed"]),
        (("--state", "finished"), ["done"]),
        (("--state", "finished", "--kind", "check"), ["checked"]),
        (("--state", "finished", "--kind", "mail"), ["mailed"]),
        (("--person", "nadia"), ["running", "failed"]),
        (("--course", "cliff"), ["queued", "failed"]),
        (("--kind", "backup", "--person", "ruth"), ["done"]),
        (("--day", "2020-01-01"), []),
    ],
)
def test_jobs_are_listed_as_they_are_wanted(jobs, listed, words, titles):
    assert listed(*words) == titles


def test_a_day_that_there_is_not_is_said_to_be_none(jobs, coursekeep, capsys):
    with pytest.raises(SystemExit):
        coursekeep("jobs", "--day", "2026-02-30")

    assert "“2026-02-30” is no day. Write it as 2026-11-24." in capsys.readouterr().err


def test_a_failed_job_is_tried_again_for_whoever_asked(jobs, coursekeep):
    failed = jobs["failed"]

    code, out, _ = coursekeep("jobs", "retry", str(failed.id), "--json")

    again = db.session.get_one(Job, json.loads(out)["job"])
    assert (code, json.loads(out)["done"]) == (0, True)
    assert (again.state, again.user_id, again.course_id) == (
        JobState.QUEUED,
        failed.user_id,
        failed.course_id,
    )
    assert fresh(failed).dismissed_at is not None


def test_what_did_not_fail_is_not_tried_again(jobs, coursekeep):
    code, _, errors = coursekeep("jobs", "retry", str(jobs["done"].id))

    assert code == 1
    assert "can’t be begun again" in errors
    assert db.session.query(Job).count() == len(jobs)


def test_one_is_put_first(jobs, coursekeep):
    job = make_job(make_teacher(), make_course(), queued_at=utc_now() + timedelta(seconds=1))

    code, out, _ = coursekeep("jobs", "first", str(job.id))

    assert (code, out) == (0, f"Job {job.id} begins next.\n")
    assert queue.place_in_line(fresh(job)) == 1


def test_one_that_failed_is_dismissed_once(jobs, coursekeep):
    number = str(jobs["failed"].id)

    first, again = coursekeep("jobs", "dismiss", number), coursekeep("jobs", "dismiss", number)

    assert first[:2] == (0, f"Job {number} is dismissed.\n")
    assert again[:2] == (1, f"Job {number} did not fail, or is dismissed already.\n")


def test_one_is_cancelled(jobs, coursekeep):
    code, _, _ = coursekeep("jobs", "cancel", str(jobs["queued"].id))

    assert code == 0
    assert fresh(jobs["queued"]).state == JobState.CANCELLED


def test_all_are_paused_and_go_on(app, coursekeep):
    paused, again = coursekeep("jobs", "pause"), coursekeep("jobs", "pause", "--json")
    was_paused = pause.is_paused()
    resumed = coursekeep("jobs", "resume", "--json")
    db.session.rollback()

    assert paused[:2] == (0, "Paused. What runs goes on to its end.\n")
    assert (again[0], json.loads(again[1])) == (1, {"done": False})
    assert was_paused
    assert (resumed[0], json.loads(resumed[1])) == (0, {"done": True})
    assert not pause.is_paused()


@pytest.mark.parametrize("words", [("first",), ("pause", "1"), ("list", "1")])
def test_what_makes_no_sense_is_refused(jobs, coursekeep, words):
    code, _, errors = coursekeep("jobs", *words)

    assert code == 1
    assert "the others take no job" in errors
