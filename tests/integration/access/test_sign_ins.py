"""Where somebody is signed in is known, can be seen, and can be ended."""

import sqlite3
import time
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import event

from jobs import leftovers
from tests.factories import make_admin, make_person, make_sign_in
from tests.pages import form_data, text
from webapp.access.passwords import hash_password
from webapp.extensions import db
from webapp.models import AuditEntry, SignIn, User, utc_now

PASSWORD = "four sheep on a hill"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def nadia(app, sign_in_as):
    return sign_in_as(make_person("nadia", password_hash=hash_password(PASSWORD)))


@pytest.fixture
def phone(app, nadia):
    """Another browser of hers, in which she has signed in by her password."""
    browser = app.test_client()
    typed = {"username": "nadia", "password": PASSWORD}
    browser.post("/sign-in", data=typed, headers={"User-Agent": FIREFOX})
    return browser


def is_signed_in(browser):
    return browser.get("/account").status_code == 200


def devices(page):
    return [text(row) for row in page("/account").find(id="devices").tbody.find_all("tr")]


def last_seen(moment):
    db.session.query(SignIn).update({"seen_at": moment})
    db.session.commit()


def test_the_account_page_names_every_browser_and_which_is_this_one(page, phone):
    here, there = devices(page)

    assert "Firefox on Linux" in here + there
    assert "Firefox on Windows" in here + there
    assert sum("This one" in one for one in (here, there)) == 1


def test_what_the_cookie_holds_can_not_be_read_in_the_database(client, nadia):
    with client.session_transaction() as session:
        token = session["token"]

    assert token
    assert token not in db.session.query(SignIn).one().token_hash


def test_a_browser_can_be_signed_out_from_another(client, page, phone):
    form = page("/account").find(id="devices").tbody.find("form")

    answer = client.post(form["action"], data=form_data(form))

    assert answer.status_code == 303
    assert not is_signed_in(phone)
    assert is_signed_in(client)
    assert len(devices(page)) == 1


def test_all_others_can_be_signed_out_at_once(client, page, phone):
    client.post("/account/devices/end-others")

    assert not is_signed_in(phone)
    assert len(devices(page)) == 1


def test_nobody_signs_out_somebody_else(client, nadia):
    make_sign_in(make_person("tom"))
    theirs = db.session.query(SignIn).order_by(SignIn.id.desc()).first()

    client.post(f"/account/devices/{theirs.id}/end")

    assert db.session.get(SignIn, theirs.id) is not None


def test_a_new_password_ends_the_other_sign_ins_and_keeps_this_browser_in(client, page, phone):
    new = "nine boats in the bay"
    typed = {"current_password": PASSWORD, "new_password": new, "once_more": new}

    client.post("/account/password", data=typed)

    assert not is_signed_in(phone)
    assert is_signed_in(client)
    assert len(devices(page)) == 1


def test_signing_out_ends_the_sign_in_itself(client, nadia):
    with client.session_transaction() as session:
        token = session["token"]

    client.post("/sign-out")
    with client.session_transaction() as session:
        session["token"] = token

    assert not is_signed_in(client)
    assert db.session.query(SignIn).count() == 0


def test_signing_in_takes_a_new_token_each_time(phone):
    with phone.session_transaction() as session:
        first = session["token"]

    phone.post("/sign-out")
    phone.post("/sign-in", data={"username": "nadia", "password": PASSWORD})

    with phone.session_transaction() as session:
        assert session["token"] != first


@pytest.mark.parametrize("token", ["", "made up", None])
def test_a_token_that_is_not_ours_signs_nobody_in(client, nadia, token):
    with client.session_transaction() as session:
        session.pop("token")
        if token is not None:
            session["token"] = token

    assert not is_signed_in(client)


def test_signing_in_is_noted_and_a_wrong_password_is_not(app, nadia):
    browser = app.test_client()
    browser.post("/sign-in", data={"username": "nadia", "password": "five sheep"})
    browser.post("/sign-in", data={"username": "nadia", "password": PASSWORD})

    entry = db.session.query(AuditEntry).one()
    assert (entry.action, entry.user_id) == ("signed in", nadia.id)
    assert utc_now() - db.session.get(User, nadia.id).signed_in_at < timedelta(minutes=1)


def test_a_page_that_is_opened_is_a_visit_once_an_hour(client, nadia):
    last_seen(utc_now() - timedelta(minutes=61))

    client.get("/")

    seen = db.session.query(SignIn).one().seen_at
    assert utc_now() - seen < timedelta(minutes=1)

    client.get("/")
    assert db.session.query(SignIn).one().seen_at == seen


def test_what_a_page_asks_for_by_itself_is_no_visit(client, nadia):
    before = utc_now() - timedelta(hours=3)
    last_seen(before)

    answer = client.get("/", headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert db.session.query(SignIn).one().seen_at == before


def test_a_page_waits_for_no_writer_to_note_a_visit(client, nadia, instance):
    before = utc_now() - timedelta(hours=3)
    last_seen(before)

    with closing(sqlite3.connect(instance / "coursekeep.sqlite", isolation_level=None)) as writer:
        writer.execute("begin immediate")
        began = time.monotonic()
        answer = client.get("/")
        took = time.monotonic() - began
        writer.execute("rollback")

    assert answer.status_code == 200
    assert took < 5
    assert db.session.query(SignIn).one().seen_at == before


def test_a_sign_in_that_nobody_uses_any_more_is_swept(app, nadia):
    last_seen(utc_now() - timedelta(days=31))
    make_sign_in(nadia, "Safari on iPhone")

    leftovers.clear()

    assert [one.browser for one in db.session.query(SignIn)] == ["Safari on iPhone"]


def test_a_page_is_answered_with_one_question_about_who_asks(client, sign_in_as, app):
    sign_in_as(make_admin())
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *how: asked.append(how[2]))

    client.get("/people")

    assert sum("FROM sign_in" in statement for statement in asked) == 1
