"""Admins see what became of the mails, and read those in the folder."""

import pytest

from jobs.runner import run_claimed
from tests.factories import keep, make_admin, make_job, make_sign_in, make_teacher
from tests.pages import fragment, parse, text
from webapp import create_app, places
from webapp.extensions import db
from webapp.models import Job, JobKind, JobState, Message, utc_now


@pytest.fixture
def ruth(sign_in_as):
    return sign_in_as(make_admin("ruth", first_name="Ruth", last_name="Adeyemi"))


def make_mail(user, state=JobState.QUEUED, *, job=None, **values):
    given = {"event": "backup_done", "subject": "Tides is backed up", "text": "t", "html": "<p>t</p>"}
    message = keep(Message(user_id=user.id, by_mail=True, **given | values))
    make_job(user, kind=JobKind.MAIL, state=state, scope="message", target_id=message.id, **(job or {}))
    return message


def state_of(client, message):
    answer = client.get(f"/settings/mail/{message.id}/state")
    assert answer.status_code == 200
    return fragment(answer.text)


def test_a_test_mail_is_found_in_the_folder_and_can_be_read(ruth, client, page):
    answer = client.post("/settings/mail/test")
    run_claimed(db.session.query(Job).one().id)

    sent = page(answer.location)
    letter = page(sent.select_one("#answer a")["href"])

    assert answer.status_code == 303
    assert "It lies in the mail folder" in text(sent.main)
    assert text(letter.h1) == "Test: Our school can send mails"
    assert "To ruth@school.example" in text(letter.dl)
    assert "This mail found its way" in letter.pre.get_text()


def test_the_folder_is_listed_newest_first(ruth, page):
    for name in ("20261101-100000-1.eml", "20261124-100000-2.eml", "20261102-100000-3.part"):
        (places.mail_folder() / name).write_bytes(f"Subject: {name}\nTo: a@b.example\n\ny".encode())

    listed = page("/settings/mail").select_one("section[aria-labelledby=folder]")

    assert [text(link) for link in listed.select("a")] == ["20261124-100000-2.eml", "20261101-100000-1.eml"]


@pytest.mark.parametrize("name", ["none.eml", "..%2Fsecret", "%2e%2e", "x.part"])
def test_only_mails_of_the_folder_can_be_read(ruth, client, name):
    (places.mail_folder() / "x.part").write_bytes(b"half a mail")

    assert client.get(f"/settings/mail/folder/{name}").status_code == 404


def test_html_in_a_mail_of_the_folder_stays_text(ruth, page):
    (places.mail_folder() / "a.eml").write_bytes(
        b"Subject: <b>x</b>\nTo: a@b.example\n\n<script>alert(1)</script>"
    )

    letter = page("/settings/mail/folder/a.eml")

    assert letter.pre.get_text() == "<script>alert(1)</script>"
    assert text(letter.h1) == "<b>x</b>"


@pytest.mark.parametrize(
    ("state", "values", "job", "words", "asks_again"),
    [
        (JobState.QUEUED, {}, {}, "It will be sent in a moment", "every 1s"),
        (JobState.RUNNING, {}, {}, "It is being sent", "every 1s"),
        (JobState.QUEUED, {}, {"not_before": utc_now(), "problem": "Busy."}, "Busy. The next try", "every 15s"),
        (JobState.DONE, {"mailed_at": utc_now()}, {}, "The mail server has taken it", None),
        (JobState.FAILED, {"mail_problem": "No such person"}, {}, "It was not sent No such person", None),
        (JobState.FAILED, {}, {"problem": "It stopped."}, "It was not sent It stopped.", None),
        (JobState.CANCELLED, {}, {}, "The job that should send it was stopped.", None),
    ],
)  # fmt: skip
def test_each_state_of_a_mail_has_its_words(ruth, client, state, values, job, words, asks_again):
    message = make_mail(make_teacher("nadia"), state, job=job, **values)

    shown = state_of(client, message)

    assert words in text(shown)
    assert shown.get("hx-trigger") == asks_again
    assert client.get(f"/settings/mail/{message.id}/state").headers.getlist("Set-Cookie") == []


def test_the_newest_mails_are_listed_with_what_became_of_them(ruth, page):
    nadia = make_teacher("nadia", first_name="Nadia", last_name="Brandt")
    make_mail(nadia, JobState.DONE, mailed_at=utc_now())
    make_mail(nadia, JobState.FAILED, mail_problem="The mail server says: 550 No such person")

    rows = [text(row) for row in page("/settings/mail").select("#sent ~ table tbody tr")]

    assert "Nadia Brandt" in rows[0]
    assert rows[0].endswith("Not sent The mail server says: 550 No such person")
    assert rows[1].endswith("Sent")


def test_the_page_says_where_mails_go(ruth, page, app):
    without = text(page("/settings/mail").main)
    app.config["MAIL_SERVER"] = "smtp.school.example"

    assert "No mail server is set" in without
    assert "handed to the mail server smtp.school.example" in text(page("/settings/mail").main)


def test_what_is_no_mail_is_not_there(ruth, client):
    message = keep(Message(user_id=ruth.id, event="backup_done", subject="s", text="t", html="h"))

    assert client.get(f"/settings/mail/{message.id}").status_code == 404
    assert client.get("/settings/mail/999/state").status_code == 404


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/settings/mail"), ("post", "/settings/mail/test"), ("get", "/settings/mail/1"),
        ("get", "/settings/mail/1/state"), ("get", "/settings/mail/folder/a.eml"),
    ],
)  # fmt: skip
def test_only_admins_see_the_mails(sign_in_as, client, method, address):
    make_mail(sign_in_as(make_teacher()))
    (places.mail_folder() / "a.eml").write_bytes(b"Subject: x\n\ny")

    assert getattr(client, method)(address).status_code == 403


def test_how_mail_is_set_can_be_read_but_no_password(instance, monkeypatch):
    (instance / "config.toml").write_text('mail_server = "mail.school.example"\nmail_use_tls = true\n')
    monkeypatch.setenv("COURSEKEEP_MAIL_PASSWORD", "sheep on a hill")
    monkeypatch.setenv("COURSEKEEP_MAIL_USERNAME", "courses")
    app = create_app(INSTANCE=instance, TESTING=True)

    with app.app_context():
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["token"] = make_sign_in(make_admin())
        shown = parse(browser.get("/settings/mail").text)
        db.session.remove()
        db.engine.dispose()

    rows = shown.select("#set ~ table tbody tr")
    lines = {text(row.th.code): [text(cell) for cell in row.select("td")] for row in rows}
    assert lines["MAIL_SERVER"] == ["mail.school.example", "config.toml"]
    assert lines["MAIL_USE_TLS"] == ["on", "config.toml"]
    assert lines["MAIL_USERNAME"] == ["courses", "the environment"]
    assert lines["MAIL_PASSWORD"] == ["set", "the environment"]
    assert lines["MAIL_PORT"] == ["25", "as it came"]
    assert "sheep" not in str(shown)
