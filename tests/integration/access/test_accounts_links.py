"""Links to set a password: invitations, and new passwords for those who forgot theirs."""

import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from itsdangerous import TimestampSigner

from tests.factories import make_admin, make_person
from tests.pages import parse, text
from webapp.access.invitations import INVITATION, RESET, make_link
from webapp.access.passwords import check_password, hash_password
from webapp.extensions import db
from webapp.models import FailedSignIn, Job, JobKind, JobState, Message, User

OLD = "four sheep on a hill"
NEW = "nine boats in the bay"
TYPED = {"new_password": NEW, "once_more": NEW}


@pytest.fixture
def nadia(app):
    return make_person("nadia", password_hash=hash_password(OLD))


@pytest.fixture
def dormant(app):
    """Somebody whom a restore brought: an account that nobody has woken."""
    return make_person("tom", first_name="Tom", last_name="Ashworth")


@pytest.fixture
def mail_server(app):
    app.config["MAIL_SERVER"] = "mail.school.example"


@pytest.fixture
def made_ago(monkeypatch):
    """Make a link as it would have been made some time ago."""

    def make(age, user, purpose):
        then = int(time.time() - age.total_seconds())
        with monkeypatch.context() as patch:
            patch.setattr(TimestampSigner, "get_timestamp", lambda _signer: then)
            return path_of(make_link(user, purpose))

    return make


def path_of(link):
    return urlsplit(link).path


def test_an_invitation_wakes_an_account_and_signs_in(client, page, dormant):
    link = path_of(make_link(dormant, INVITATION))

    door = page(link)
    answer = client.post(link, data=TYPED)

    assert text(door.h1) == "Welcome, Tom Ashworth"
    assert door.find(id="username")["value"] == "tom"
    assert (answer.status_code, answer.location) == (303, "/")
    assert "tom" in client.get("/account").text
    assert check_password(db.session.get(User, dormant.id).password_hash, NEW)


def test_a_link_is_an_address_of_this_site_whatever_the_request_says(app, dormant):
    app.config["BASE_URL"] = "https://courses.school.example"

    assert make_link(dormant, INVITATION).startswith("https://courses.school.example/invitation/")


def test_a_link_works_once(client, page, dormant):
    link = path_of(make_link(dormant, INVITATION))
    client.post(link, data=TYPED)
    client.post("/sign-out")

    again = client.post(link, data={"new_password": "x" * 12, "once_more": "x" * 12})

    assert again.status_code == 410
    assert "works once" in text(page(link, status=410).main)
    assert check_password(db.session.get(User, dormant.id).password_hash, NEW)


@pytest.mark.parametrize(("purpose", "lasts"), [(INVITATION, timedelta(days=7)), (RESET, timedelta(days=1))])
def test_a_link_ends_by_itself(client, nadia, made_ago, purpose, lasts):
    good = made_ago(lasts - timedelta(minutes=1), nadia, purpose)
    ended = made_ago(lasts + timedelta(minutes=1), nadia, purpose)

    assert client.get(good).status_code == 200
    assert client.get(ended).status_code == 410


def test_one_kind_of_link_does_not_pass_for_the_other(client, nadia):
    token = make_link(nadia, INVITATION).rpartition("/")[2]

    assert client.get(f"/new-password/{token}").status_code == 410


@pytest.mark.parametrize("token", ["x", "WzEsImEiXQ.aaaaaa.bbbbbb", "%00", "a" * 5000])
def test_a_forged_link_opens_nothing(client, nadia, token):
    assert client.get(f"/invitation/{token}").status_code == 410


def test_a_link_ends_when_the_account_is_switched_off(client, dormant):
    link = path_of(make_link(dormant, INVITATION))
    dormant.active = False
    db.session.commit()

    assert client.get(link).status_code == 410


def test_a_link_ends_when_the_mail_address_becomes_another(client, nadia):
    link = path_of(make_link(nadia, RESET))
    nadia.email = "nadia.okafor@school.example"
    db.session.commit()

    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"new_password": "short", "once_more": "short"}, "new_password", "at least 10"),
        ({"new_password": "password123", "once_more": "password123"}, "new_password", "others try it first"),
        ({"new_password": NEW, "once_more": "nine boats in the bey"}, "once_more", "not the same"),
        ({}, "new_password", "This is empty."),
    ],
)
def test_a_password_that_will_not_do_is_sent_back_and_the_link_stays_good(
    client, dormant, typed, field, reason
):
    link = path_of(make_link(dormant, INVITATION))

    answer = client.post(link, data=typed)

    assert answer.status_code == 422
    assert reason in text(parse(answer.text).find(id=f"{field}-error"))
    assert client.post(link, data=TYPED).status_code == 303


def test_a_new_password_signs_out_everywhere_and_forgets_failed_tries(app, client, sign_in_as, nadia):
    sign_in_as(nadia)
    elsewhere = app.test_client()
    for _ in range(10):
        elsewhere.post("/sign-in", data={"username": "nadia", "password": "wrong"})

    elsewhere.post(path_of(make_link(nadia, RESET)), data=TYPED)

    assert client.get("/account").status_code == 303
    assert elsewhere.get("/account").status_code == 200
    assert db.session.query(FailedSignIn).count() == 0


@pytest.mark.usefixtures("mail_server")
@pytest.mark.parametrize("typed", ["nadia", "Nadia@school.example"])
def test_whoever_forgot_the_password_gets_a_link_by_mail(client, nadia, typed):
    answer = client.post("/forgotten", data={"username": typed})

    message = db.session.query(Message).one()
    job = db.session.query(Job).one()
    assert (answer.status_code, answer.location) == (303, "/forgotten/sent")
    assert (message.user_id, message.by_mail, message.in_bell) == (nadia.id, True, False)
    assert (job.kind, job.target_id, job.state) == (JobKind.MAIL, message.id, JobState.QUEUED)
    assert client.get(link_in(message)).status_code == 200
    assert message.subject == "A new password for Our school"


@pytest.mark.usefixtures("mail_server")
def test_the_mail_goes_also_to_somebody_who_wants_no_mails_about_jobs(client, nadia):
    nadia.wants_mail = False
    db.session.commit()

    client.post("/forgotten", data={"username": "nadia"})

    assert db.session.query(Message).one().by_mail


@pytest.mark.usefixtures("mail_server")
@pytest.mark.parametrize("typed", ["nobody", "dormant", "off", "nomail"])
def test_nobody_learns_whether_there_is_an_account(client, page, nadia, typed):
    make_person("dormant")
    make_person("off", active=False, password_hash=hash_password(OLD))
    make_person("nomail", email="", password_hash=hash_password(OLD))

    told = client.post("/forgotten", data={"username": "nadia"})
    answer = client.post("/forgotten", data={"username": typed})

    assert (answer.status_code, answer.location) == (told.status_code, told.location)
    assert "If there is an account with that name" in text(page(answer.location).main)
    assert db.session.query(Message).count() == 1


@pytest.mark.usefixtures("mail_server")
def test_nobody_can_fill_a_mailbox(client, nadia):
    for _ in range(10):
        client.post("/forgotten", data={"username": "nadia"})

    assert client.post("/forgotten", data={"username": "nadia"}).status_code == 429
    assert db.session.query(Message).count() == 10


@pytest.mark.usefixtures("mail_server")
def test_an_empty_name_is_sent_back(client):
    assert client.post("/forgotten", data={"username": " "}).status_code == 422


def test_without_a_mail_server_an_admin_is_named_as_the_way(client, page, nadia):
    answer = client.post("/forgotten", data={"username": "nadia"})

    door = page("/forgotten")
    assert "An admin of your school can make you a link" in text(door.main)
    assert door.form is None
    assert answer.status_code == 422
    assert db.session.query(Message).count() == 0


def test_names_are_escaped_in_the_mail(client, sign_in_as, app):
    sign_in_as(make_admin())
    eve = make_person("eve", first_name="<b>Eve</b>", last_name="")

    client.post(f"/people/{eve.id}/link", data={"by_mail": "y"})

    message = db.session.query(Message).one()
    assert "&lt;b&gt;Eve&lt;/b&gt;" in message.html
    assert "<b>Eve</b>" in message.text


def link_in(message):
    """The address in the mail's text, and the same in its HTML."""
    (line,) = (line for line in message.text.splitlines() if line.startswith("http"))
    assert parse(message.html).a["href"] == line
    return path_of(line)
