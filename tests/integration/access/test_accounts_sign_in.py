"""Signing in, failing to, and signing out."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from tests.factories import keep, make_admin, make_person
from tests.pages import parse, text
from webapp.access.passwords import hash_password
from webapp.accounts import operations
from webapp.extensions import db
from webapp.models import FailedSignIn, User, utc_now

PASSWORD = "four sheep on a hill"


@pytest.fixture
def nadia(app):
    return make_person("nadia", email="Nadia@School.example", password_hash=hash_password(PASSWORD))


@pytest.fixture
def try_to_sign_in(client):
    """Type a name and a password into the sign-in page of a browser at some address."""

    def attempt(username="nadia", password=PASSWORD, address="192.0.2.7", onward=None, **fields):
        return client.post(
            "/sign-in",
            query_string={"next": onward} if onward else None,
            data={"username": username, "password": password, **fields},
            environ_overrides={"REMOTE_ADDR": address},
        )

    return attempt


@pytest.mark.parametrize(
    "typed", ["nadia", "Nadia", " nadia ", "nadia@school.example", "NADIA@SCHOOL.EXAMPLE"]
)
def test_name_or_mail_address_and_password_let_one_in(client, nadia, try_to_sign_in, typed):
    answer = try_to_sign_in(typed)

    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/account").status_code == 200


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(nadia, try_to_sign_in):
    cookie = try_to_sign_in().headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_the_session_cookie_is_secure_where_the_school_is_reached_by_https(app, nadia, try_to_sign_in):
    app.config["BASE_URL"] = "https://courses.school.example"

    cookie = try_to_sign_in().headers["Set-Cookie"]

    assert "Secure" in cookie


def test_the_browser_forgets_at_its_end_unless_told_to_stay(nadia, try_to_sign_in):
    assert "Expires" not in try_to_sign_in().headers["Set-Cookie"]


def test_the_browser_stays_signed_in_when_told_to(nadia, try_to_sign_in):
    assert "Expires" in try_to_sign_in(remember="y").headers["Set-Cookie"]


def test_signing_in_leaves_nothing_of_what_the_browser_held_before(client, nadia, try_to_sign_in):
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"

    try_to_sign_in()

    with client.session_transaction() as session:
        assert "planted" not in session
        assert set(session) <= {"token", "_permanent", "csrf_token"}


@pytest.mark.parametrize(
    ("username", "password"),
    [("nadia", "five sheep on a hill"), ("nobody", PASSWORD), ("dormant", PASSWORD), ("gone", PASSWORD)],
)
def test_every_failure_looks_the_same(client, nadia, try_to_sign_in, username, password):
    make_person("dormant")
    make_person("gone", active=False, password_hash=hash_password(PASSWORD))

    answer = try_to_sign_in(username, password)

    assert answer.status_code == 422
    assert "There is no account with this name and this password." in text(
        parse(answer.text).find(role="alert")
    )
    assert client.get("/account").status_code == 303


def test_an_unknown_name_costs_a_whole_password_check(app, monkeypatch):
    checked = []
    monkeypatch.setattr(operations, "check_password", lambda *given: checked.append(given))

    operations.check_sign_in("nobody", PASSWORD, address="192.0.2.7")

    assert checked == [(None, PASSWORD)]


def test_what_was_typed_is_kept_but_not_the_password(nadia, try_to_sign_in):
    page = parse(try_to_sign_in(password="five sheep on a hill").text)

    assert page.find(id="username")["value"] == "nadia"
    assert not page.find(id="password").get("value")


def test_an_empty_form_says_what_is_missing(nadia, try_to_sign_in):
    answer = try_to_sign_in("", "")

    assert answer.status_code == 422
    assert "This is empty." in text(parse(answer.text).find(id="username-error"))
    assert db.session.query(FailedSignIn).count() == 0


def test_an_address_that_two_people_share_lets_neither_in(nadia, try_to_sign_in):
    make_person("tom", email="nadia@school.example", password_hash=hash_password(PASSWORD))

    assert try_to_sign_in("nadia@school.example").status_code == 422
    assert try_to_sign_in("nadia").status_code == 303


def test_the_eleventh_try_for_an_account_is_turned_down_right_or_wrong(nadia, try_to_sign_in):
    for number in range(10):
        assert try_to_sign_in(password="wrong", address=f"192.0.2.{number}").status_code == 422

    answer = try_to_sign_in(address="192.0.2.99")

    assert answer.status_code == 429
    assert "Wait a quarter of an hour" in text(parse(answer.text).main)
    assert answer.headers["Retry-After"] == "900"


def test_name_and_mail_address_count_as_one_account(nadia, try_to_sign_in):
    for _ in range(5):
        try_to_sign_in("nadia", "wrong")
        try_to_sign_in("nadia@school.example", "wrong")

    assert try_to_sign_in("nadia").status_code == 429


def test_a_name_that_nobody_has_is_turned_down_in_the_same_way(nadia, try_to_sign_in):
    for _ in range(10):
        assert try_to_sign_in("nobody", "wrong").status_code == 422

    assert try_to_sign_in("nobody", "wrong").status_code == 429


def test_the_thirty_first_try_from_an_address_is_turned_down(nadia, try_to_sign_in):
    keep_tries(30, address="192.0.2.7")

    assert try_to_sign_in(address="192.0.2.7").status_code == 429
    assert try_to_sign_in(address="192.0.2.8").status_code == 303


def test_one_household_counts_as_one_address_in_the_new_internet(nadia, try_to_sign_in):
    keep_tries(30, address="2001:db8:1:2::/64")

    assert try_to_sign_in(address="2001:db8:1:2::abcd").status_code == 429
    assert try_to_sign_in(address="2001:db8:1:3::abcd").status_code == 303


def test_tries_of_a_quarter_of_an_hour_ago_do_not_count_and_are_deleted(nadia, try_to_sign_in):
    keep_tries(40, address="192.0.2.7", username="nadia", at=utc_now() - timedelta(minutes=16))

    assert try_to_sign_in().status_code == 303
    assert db.session.query(FailedSignIn).count() == 0


def test_the_right_password_forgets_the_wrong_ones(nadia, try_to_sign_in):
    for _ in range(9):
        try_to_sign_in(password="wrong")
    try_to_sign_in()

    assert db.session.query(FailedSignIn).count() == 0


def test_a_hash_with_old_settings_is_made_anew(app, try_to_sign_in):
    weaker = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    nadia = make_person("nadia", password_hash=weaker)

    assert try_to_sign_in().status_code == 303
    assert "m=19456" in db.session.get(User, nadia.id).password_hash
    assert operations.check_sign_in("nadia", PASSWORD, address="192.0.2.7")


def test_one_goes_on_to_the_page_that_was_asked_for(client, page, nadia):
    door = page(client.get("/account?a=b&c=d").location)

    answer = client.post(door.form["action"], data={"username": "nadia", "password": PASSWORD})

    assert answer.location == "/account?a=b&c=d"


@pytest.mark.parametrize(
    "astray",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "evil",
        "javascript:a",
    ],
)
def test_no_link_leads_to_another_site(nadia, try_to_sign_in, astray):
    assert try_to_sign_in(onward=astray).location == "/"


def test_the_page_that_was_asked_for_outlives_a_failed_try(nadia, try_to_sign_in):
    page = parse(try_to_sign_in(password="wrong", onward="/account").text)

    assert page.form["action"] == "/sign-in?next=/account"


def test_whoever_is_signed_in_does_not_sign_in_again(client, sign_in_as, nadia):
    sign_in_as(nadia)

    answer = client.get("/sign-in?next=/account")

    assert (answer.status_code, answer.location) == (303, "/account")


def test_the_sign_in_page_is_a_page_like_any_other(page, nadia):
    door = page("/sign-in")

    assert door.body["class"] == ["door"]
    assert text(door.h1) == "Sign in to Our school"
    assert "Nobody has an account" not in text(door.main)


def test_the_first_visitor_is_told_how_to_make_an_account(page):
    assert "coursekeep user add" in text(page("/sign-in").main)


def test_signing_out_ends_the_session(client, sign_in_as, nadia):
    sign_in_as(nadia)

    answer = client.post("/sign-out")

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert client.get("/account").location == "/sign-in?next=/account"


def test_a_link_cannot_sign_anybody_out(client, sign_in_as, nadia):
    sign_in_as(nadia)

    assert client.get("/sign-out").status_code == 405
    assert client.get("/account").status_code == 200


def test_an_account_that_is_switched_off_is_signed_out_at_once(client, sign_in_as):
    admin = sign_in_as(make_admin())
    admin.active = False
    db.session.commit()

    assert client.get("/account").status_code == 303


def keep_tries(count, *, address, username=None, **values):
    for number in range(count):
        keep(FailedSignIn(username=username or f"pupil{number}", address=address, **values))
