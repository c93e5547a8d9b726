"""One's own account: names, mail address, wishes and password."""

import pytest

from tests.factories import make_person
from tests.pages import form_data, parse, text
from webapp.access.passwords import check_password, hash_password
from webapp.extensions import db
from webapp.models import User

OLD = "four sheep on a hill"
NEW = "nine boats in the bay"


@pytest.fixture
def nadia(app, sign_in_as):
    return sign_in_as(make_person("nadia", password_hash=hash_password(OLD)))


@pytest.fixture
def save(client, page):
    """Change fields of the first form of the account page and send it."""

    def send(**changes):
        return client.post("/account", data=form_data(page("/account").main.form, **changes))

    return send


@pytest.fixture
def change_password(client):
    def send(current=OLD, new=NEW, once_more=NEW):
        typed = {"current_password": current, "new_password": new, "once_more": once_more}
        return client.post("/account/password", data=typed)

    return send


def test_only_somebody_with_an_account_has_one(client):
    assert client.get("/account").location == "/sign-in?next=/account"


def test_names_are_kept(page, nadia, save):
    data = {"first_name": " Nadia ", "last_name": "Brandt"}
    answer = save(**data)

    kept = db.session.get(User, nadia.id)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert kept.name == "Nadia Brandt"
    assert "Saved." in text(page("/account").main)


def test_a_new_mail_address_needs_the_password(nadia, save):
    refused = save(email="n@brandt.example")
    wrong = save(email="n@brandt.example", password="five sheep on a hill")
    answer = save(email="n@brandt.example", password=OLD)

    assert (refused.status_code, wrong.status_code, answer.status_code) == (422, 422, 303)
    assert "This is not your password." in text(parse(wrong.text).find(id="password-error"))
    assert db.session.get(User, nadia.id).email == "n@brandt.example"


def test_the_password_cannot_be_found_there_by_trying(nadia, save):
    for _ in range(10):
        save(email="n@brandt.example", password="wrong")

    assert save(email="n@brandt.example", password=OLD).status_code == 429


@pytest.mark.parametrize(
    "address", ["nadia", "a@b@c", "a b@school.example", "x@y\n.example", "@", "a" * 300 + "@b.example"]
)
def test_what_is_no_mail_address_is_sent_back_with_what_was_typed(nadia, save, address):
    answer = save(email=address, password=OLD)

    page = parse(answer.text)
    assert answer.status_code == 422
    assert "does not look like a mail address" in text(page.find(id="email-error"))
    assert page.find(id="last_name")["value"] == "Okafor"


def test_nobody_takes_the_address_of_another(nadia, save):
    make_person("tom")

    answer = save(email="TOM@school.example", password=OLD)

    assert answer.status_code == 422
    assert "Another account" in text(parse(answer.text).find(id="email-error"))


def test_nobody_makes_themselves_an_admin(client, nadia):
    client.post("/account", data={"role": "admin", "active": "y", "username": "root", "email": nadia.email})

    kept = db.session.get(User, nadia.id)
    assert (kept.role, kept.username) == ("member", "nadia")


def test_a_new_password_ends_all_other_sessions_but_not_this_one(app, client, nadia, change_password):
    elsewhere = app.test_client()
    elsewhere.post("/sign-in", data={"username": "nadia", "password": OLD})

    answer = change_password()

    assert (answer.status_code, answer.location) == (303, "/account")
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert check_password(db.session.get(User, nadia.id).password_hash, NEW)


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"current": "five sheep on a hill"}, "current_password", "This is not your password."),
        ({"current": ""}, "current_password", "This is empty."),
        ({"new": "short", "once_more": "short"}, "new_password", "at least 10"),
        ({"once_more": "something else"}, "once_more", "not the same"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(nadia, change_password, typed, field, reason):
    answer = change_password(**typed)

    assert answer.status_code == 422
    assert reason in text(parse(answer.text).find(id=f"{field}-error"))
    assert check_password(db.session.get(User, nadia.id).password_hash, OLD)


def test_the_page_shows_what_is_kept_beside_a_password_that_was_sent_back(nadia, change_password):
    page = parse(change_password(current="").text)

    assert page.find(id="last_name")["value"] == "Okafor"
    assert page.find(id="email")["value"] == nadia.email
