"""A day of a school with all that it logs at its most talkative: nothing is of anybody, and lines tie together."""

import io
import logging
import re
import sys

import pytest

from jobs import leftovers, recovery
from tests.archives import HANDOUT, HANDOUT_FILE, PAGE_PICTURE, pack_tgz, small_course
from tests.course_documents import PEOPLE
from tests.factories import make_admin, make_person, make_sign_in
from tests.pages import form_data, parse
from tests.running import back_up, run
from webapp import logs
from webapp.access.passwords import hash_password
from webapp.extensions import db
from webapp.models import Course, Job, JobKind, JobState, Membership, Message, User, set_setting

PASSWORD, WRONG = "the tide waits for nobody", "a wrong guess of mine"
ADDRESS = "203.0.113.77"
NADIA = {"first_name": "Nadezhda", "last_name": "Oyelaran", "email": "n.oyelaran@school.example"}


@pytest.fixture
def written(monkeypatch):
    """What the processes write to their log, where they tell everything."""
    root, out = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", out)
    logs.set_up("web", logging.DEBUG)
    yield out
    root.handlers[:], level = before
    root.setLevel(level)
    logging.captureWarnings(False)


@pytest.fixture
def nadia(app):
    set_setting("async_jobs", True, by=None)
    return make_admin("noyelaran", password_hash=hash_password(PASSWORD), **NADIA)


@pytest.fixture
def day(app, client, nadia, written, monkeypatch):
    """Everything that happens on it; returns the lines of the log."""
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    sign_in(client)
    try_in_vain(app)
    course = bring_and_restore(client)
    back_up_and_send_mails(course, nadia)
    invite_and_forget(client)
    fail(app, client, course, monkeypatch)
    recovery.Sweep().heal()
    leftovers.clear()
    return written.getvalue().splitlines()


def sign_in(client):
    client.post("/sign-in", data={"username": "noyelaran", "password": WRONG})
    answer = client.post("/sign-in", data={"username": "noyelaran", "password": PASSWORD})
    assert answer.location == "/"


def try_in_vain(app):
    pupil = app.test_client()
    with pupil.session_transaction() as session:
        session["token"] = make_sign_in(make_person("pokafor", email="p.okafor@school.example"))
    assert pupil.get("/people").status_code == 403
    assert pupil.post("/sign-out", headers={"X-CSRFToken": ""}).status_code == 400


def bring_and_restore(client):
    content = pack_tgz(small_course())
    given = {"file": (io.BytesIO(content), "amiras course.mbz")}
    client.post("/restore", data=given, content_type="multipart/form-data")
    job = carry_out(JobKind.RESTORE)
    review = parse(client.get(f"/restores/{job.id}").text).find("form", class_="review")
    client.post(review["action"], data=form_data(review, people="yes"))
    course_id = carry_out(JobKind.RESTORE).result["course_id"]
    for path in ("", "/people", "/questions", "/settings"):
        assert client.get(f"/courses/{course_id}{path}").status_code == 200
    return db.session.get(Course, course_id)


def back_up_and_send_mails(course, user):
    back_up(course, user)
    for job in db.session.query(Job).filter_by(state=JobState.QUEUED).all():
        run(job)


def invite_and_forget(client):
    pupil = db.session.query(User).filter_by(username="pokafor").one()
    client.post(f"/people/{pupil.id}/link")
    client.get(f"/people/{pupil.id}/link")
    client.get("/people?q=Okafor")
    client.get("/people.csv")
    client.post("/forgotten", data={"username": "noyelaran"})


def fail(app, client, course, monkeypatch):
    """A page and a job that fail with what somebody has typed in their mouths."""

    def break_down(*_args, **_named):
        raise ValueError(f"{NADIA['email']} of {ADDRESS}")

    monkeypatch.setitem(app.view_functions, "courses.index", break_down)
    assert client.get("/").status_code == 500
    monkeypatch.setattr("jobs.engine.backup.make_manifest", break_down)
    job = Job(
        kind=JobKind.BACKUP, scope="course", target_id=course.id, course_id=course.id, title=course.fullname
    )
    job.user_id = db.session.query(Membership).filter_by(course_id=course.id).first().user_id
    db.session.add(job)
    db.session.commit()
    assert run(job).state == JobState.FAILED


def carry_out(kind):
    return run(
        db.session.query(Job).filter_by(kind=kind, state=JobState.QUEUED).order_by(Job.id.desc()).first()
    )


def secrets_of(client, nadia):
    """Everything that no line may hold."""
    with client.session_transaction() as session:
        tokens = {session["token"], session["csrf_token"]}
    messages = " ".join(f"{one.text} {one.link}" for one in db.session.query(Message))
    tokens |= set(re.findall(r"/(?:invitation|new-password)/(\S+)", messages))
    people = {word for one in PEOPLE for word in one[1:]} - {"Ben", "Holt"} | {"Amira Holt", "Ben Okoro"}
    ours = {*NADIA.values(), nadia.username, "pokafor", "p.okafor@school.example", "Okafor"}
    content = {"Reading the tide", HANDOUT.decode()[:30], HANDOUT_FILE.name, PAGE_PICTURE.name, "About tides"}
    return people | ours | tokens | content | {PASSWORD, WRONG, ADDRESS, nadia.password_hash, "amiras course"}


def test_nothing_of_anybody_is_in_the_log(day, client, nadia):
    found = {(secret, line) for secret in secrets_of(client, nadia) for line in day if secret in line}

    assert len(day) > 10
    assert found == set()


def test_a_job_can_be_followed_from_the_request_that_asked_for_it(day):
    job_id = db.session.query(Job).filter_by(kind=JobKind.RESTORE).one().id

    (asked,) = [line for line in day if f'"job {job_id} (restore) was asked for"' in line]
    first, *_, last = [line for line in day if f" job={job_id} " in line]
    assert re.search(r" request=[0-9a-f]{8} ", asked)
    assert f'"job {job_id} (restore) begins' in first
    assert "ends here after" in last


def test_what_was_tried_in_vain_is_logged_without_saying_by_whom(day):
    warned = [line for line in day if " level=warning " in line]

    assert any('says="a sign-in failed"' in line for line in warned)
    assert any("refused at people.list_people" in line for line in warned)
    assert any("a form without its token at accounts.sign_out" in line for line in warned)


def test_each_line_says_when_where_and_what(day):
    shape = r"at=\S+Z level=\w+ process=web where=[\w.]+ (request=[0-9a-f]{8} )?(job=\d+ )?says="

    assert [line for line in day if not re.match(shape, line)] == []


def test_what_fails_is_logged_by_where_and_of_which_kind(day):
    failed = [line for line in day if " level=error " in line]

    assert len(failed) == 2
    for line in failed:
        assert "ValueError: (what it says is left out)" in line
        assert "test_log_story.py" in line
