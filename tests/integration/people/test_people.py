"""Admins make, find, change and invite the people of the site."""

import re
from urllib.parse import quote, urlsplit

import pytest

from tests.factories import make_admin, make_person, make_sign_in, make_teacher
from tests.pages import form_data, parse, text
from webapp.access.directory import Refused
from webapp.access.passwords import check_password, hash_password
from webapp.extensions import db
from webapp.models import AuditEntry, Job, JobKind, Message, SiteRole, User
from webapp.people.operations import Details, add_person, change_person

PASSWORD = "four sheep on a hill"


@pytest.fixture
def admin(app, sign_in_as):
    return sign_in_as(make_admin("ruth", first_name="Ruth", last_name="Adeyemi", password_hash="set"))


@pytest.fixture
def make(client, page):
    """Fill in the form for a new person and send it."""

    def send(**typed):
        form = form_data(page("/people/new").main.form)
        return client.post("/people/new", data=form | {"username": "nadia", "first_name": "Nadia"} | typed)

    return send


@pytest.fixture
def save(client, page):
    """Change fields on somebody's page and send it."""

    def send(person, **changes):
        address = f"/people/{person.id}"
        return client.post(address, data=form_data(page(address).main.form, **changes))

    return send


def rows(soup):
    return [text(row) for row in soup.select("tbody tr")]


def find(username):
    return db.session.query(User).filter_by(username=username).one_or_none()


@pytest.mark.parametrize(
    "address", ["/people", "/people/new", "/people/import", "/people/1", "/people/1/link"]
)
def test_people_are_for_admins_alone(client, sign_in_as, address):
    sign_in_as(make_teacher())

    assert client.get(address).status_code == 403


def test_everybody_is_listed_by_last_name_with_how_they_get_in(page, admin):
    make_person("tom", first_name="Tom", last_name="ashworth")
    make_teacher("nadia", first_name="Nadia", last_name="Brandt", password_hash="set", active=False)

    ruth, *others = rows(page("/people"))

    assert re.fullmatch("Ruth Adeyemi ruth ruth@school.example Admin today, ..:.. Can sign in", ruth)
    assert others == [
        "Tom ashworth tom tom@school.example Member Never No password yet",
        "Nadia Brandt nadia nadia@school.example Teacher Never Switched off",
    ]


@pytest.mark.parametrize("words", ["brandt", "nadia brandt", "Brandt NAD", "dia@school", "özge", "ÖZGE"])
def test_every_word_of_a_search_has_to_be_found(page, admin, words):
    make_teacher("nadia", first_name="Nadia Özge", last_name="Brandt")
    make_person("nadia2", first_name="Nadia", last_name="Okafor", email="")

    found = rows(page(f"/people?q={words}"))

    assert "Nadia Özge Brandt" in " ".join(found)
    assert len(found) == (2 if words == "nadia" else 1)


@pytest.mark.parametrize("words", ["%", "_", "nobody"])
def test_a_search_without_a_find_says_so(page, admin, words):
    assert "Nobody found" in text(page(f"/people?q={quote(words)}").main)


def test_a_long_list_has_pages_that_keep_the_search(page, admin):
    db.session.add_all(
        User(username=f"pupil{n:03}", first_name="Pupil", last_name=f"{n:03}", role=SiteRole.MEMBER)
        for n in range(60)
    )
    db.session.commit()

    first, last = page("/people?q=pupil"), page("/people?q=pupil&page=2")

    assert len(rows(first)) == 50
    assert first.find(rel="next")["href"] == "/people?page=2&q=pupil"
    assert len(rows(last)) == 10
    assert last.find(rel="prev")["href"] == "/people?page=1&q=pupil"
    assert rows(page("/people?q=pupil&page=99")) == rows(last)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("role=teacher", ["nadia", "off"]),
        ("role=headmaster", ["nadia", "off", "ruth", "tom"]),
        ("state=active", ["nadia", "ruth", "tom"]),
        ("state=off", ["off"]),
        ("state=never", ["nadia"]),
        ("role=teacher&state=active&q=nad", ["nadia"]),
        ("role=member&state=never", []),
    ],
)
def test_people_are_found_by_role_and_by_how_they_sign_in(client, page, admin, query, found):
    make_teacher("nadia")
    make_teacher("off", active=False)
    make_sign_in(make_person("tom"))

    shown = page(f"/people?{query}")
    table = client.get(f"/people.csv?{query}").data.decode("utf-8-sig").splitlines()

    assert sorted(row.split("@")[0].split()[-1] for row in rows(shown)) == found
    assert sorted(line.split(",")[0] for line in table[1:]) == found


def test_a_list_of_thousands_is_taken_away_whole_and_noted(client, admin):
    db.session.add_all(User(username=f"pupil{n:04}", role=SiteRole.MEMBER) for n in range(1001))
    db.session.commit()

    answer = client.get("/people.csv")

    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.startswith("\ufeffusername,email".encode())
    assert len(answer.data.decode().splitlines()) == 1003
    assert db.session.query(AuditEntry).one().action == "list exported"


def test_no_name_is_taken_for_a_formula(client, admin):
    make_person("tom", first_name='=HYPERLINK("evil")', last_name="-1+1", email="")

    table = client.get("/people.csv?q=tom").data.decode()

    assert """tom,,"'=HYPERLINK(""evil"")",'-1+1,member,yes,""" in table


def test_what_was_made_and_changed_is_noted_in_general_words(admin, make, save):
    make(email="nadia@school.example")
    save(find("nadia"), email="n@school.example", active=None)
    save(find("nadia"))

    entries = db.session.query(AuditEntry).order_by(AuditEntry.id)
    assert [(one.action, one.detail) for one in entries] == [
        ("person made", ""),
        ("password link made", ""),
        ("person changed", "mail address, may sign in"),
    ]


def test_a_new_person_gets_a_link_that_is_shown_and_mailed(client, page, admin, make):
    answer = make(email="nadia@school.example", role="teacher")

    nadia, message, job = find("nadia"), db.session.query(Message).one(), db.session.query(Job).one()
    link = page(answer.location).find(id="link")["value"]
    assert (answer.status_code, answer.location) == (303, f"/people/{nadia.id}/link")
    assert (nadia.role, nadia.password_hash) == (SiteRole.TEACHER, None)
    assert client.get(urlsplit(link).path).status_code == 200
    assert message.user_id == nadia.id
    assert "/invitation/" in message.text
    assert (job.kind, job.target_id) == (JobKind.MAIL, message.id)


def test_somebody_without_a_mail_address_gets_a_link_all_the_same(page, admin, make):
    answer = make()

    assert page(answer.location).find(id="link")["value"]
    assert db.session.query(Message).count() == 0


def test_a_new_person_can_have_a_password_to_begin_with(page, admin, make):
    answer = make(way="password", password=PASSWORD)

    assert (answer.status_code, answer.location) == (303, "/people")
    assert check_password(find("nadia").password_hash, PASSWORD)
    assert "can sign in now, as nadia" in text(page("/people").main)


def test_user_names_are_kept_in_small_letters(admin, make):
    make(username="Nadia.Brandt")

    assert find("nadia.brandt")


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"username": ""}, "username", "This is empty."),
        ({"username": "nadia brandt"}, "username", "small letters"),
        ({"username": "n" * 101}, "username", "100"),
        ({"username": "RUTH"}, "username", "has this user name already"),
        ({"email": "nadia"}, "email", "does not look like a mail address"),
        ({"email": "RUTH@school.example"}, "email", "Another account"),
        ({"first_name": "x" * 101}, "first_name", "100 letters"),
        ({"way": "password", "password": "short"}, "password", "at least 10"),
        ({"way": "password", "password": ""}, "password", "at least 10"),
        ({"role": "headmaster"}, "role", ""),
    ],
)
def test_what_will_not_do_is_sent_back_and_nobody_made(client, page, admin, typed, field, reason):
    form = form_data(page("/people/new").main.form) | {"username": "nadia"} | typed

    answer = client.post("/people/new", data=form)

    assert answer.status_code == 422
    assert reason in text(parse(answer.text).find(id=f"{field}-error"))
    assert db.session.query(User).count() == 1


def test_names_address_and_role_can_be_changed(page, admin, save):
    tom = make_person("tom")

    answer = save(tom, first_name="Thomas", last_name="Ashworth", email="t@a.example", role="teacher")

    kept = db.session.get(User, tom.id)
    assert (answer.status_code, answer.location) == (303, "/people")
    assert (kept.name, kept.email, kept.role, kept.active) == (
        "Thomas Ashworth",
        "t@a.example",
        SiteRole.TEACHER,
        True,
    )
    assert "Thomas Ashworth is saved." in text(page("/people").main)


def test_whoever_is_switched_off_is_signed_out_and_stays_so_when_switched_on_again(app, admin, save):
    tom = make_person("tom", password_hash=hash_password(PASSWORD))
    browser = app.test_client()
    browser.post("/sign-in", data={"username": "tom", "password": PASSWORD})

    save(tom, active=None)
    off = browser.get("/account").status_code
    save(tom, active="y")

    assert off == 303
    assert browser.get("/account").status_code == 303
    assert browser.post("/sign-in", data={"username": "tom", "password": PASSWORD}).location == "/"


@pytest.mark.parametrize(("changes", "field"), [({"role": "teacher"}, "role"), ({"active": None}, "active")])
def test_admins_cannot_take_their_own_rights(admin, save, changes, field):
    make_admin("second", password_hash="set")

    answer = save(admin, **changes)

    assert answer.status_code == 422
    assert "from yourself" in text(parse(answer.text).find(id=f"{field}-error"))
    assert find("ruth").is_admin
    assert find("ruth").active


def test_one_admin_can_take_the_rights_of_another(admin, save):
    second = make_admin("second", password_hash="set")

    assert save(second, role="member").status_code == 303
    assert not find("second").is_admin


def test_the_last_admin_who_can_sign_in_stays_one(app):
    last = make_admin("last", password_hash="set")
    asleep, off = make_admin("asleep"), make_admin("off", password_hash="set", active=False)

    with pytest.raises(Refused, match="the only one"):
        change_person(last, Details("last", role=SiteRole.TEACHER), by=asleep)
    with pytest.raises(Refused, match="the only one"):
        change_person(last, Details("last", role=SiteRole.ADMIN, active=False), by=off)

    assert find("last").is_admin


def test_an_address_of_somebody_else_is_sent_back(admin, save):
    tom = make_person("tom")

    answer = save(tom, email="ruth@school.example")

    assert answer.status_code == 422
    assert find("tom").email == "tom@school.example"


def test_a_person_who_is_not_there_has_no_page(client, admin):
    for address in ("/people/4711", "/people/4711/link"):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_a_new_invitation_ends_the_older_one(client, admin, page):
    tom = make_person("tom")
    first = urlsplit(page(f"/people/{tom.id}/link").find(id="link")["value"]).path

    answer = client.post(f"/people/{tom.id}/link")

    second = urlsplit(page(answer.location).find(id="link")["value"]).path
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    assert db.session.query(Message).count() == 0


def test_a_link_to_a_new_password_leaves_the_old_one_and_its_sessions(app, client, admin, page):
    tom = make_person("tom", password_hash=hash_password(PASSWORD))
    browser = app.test_client()
    browser.post("/sign-in", data={"username": "tom", "password": PASSWORD})

    answer = client.post(f"/people/{tom.id}/link", data={"by_mail": "y"})

    assert "/new-password/" in page(answer.location).find(id="link")["value"]
    assert "/new-password/" in db.session.query(Message).one().text
    assert browser.get("/account").status_code == 200


def test_somebody_who_is_switched_off_gets_no_link(client, page, admin):
    tom = make_person("tom", active=False)

    answer = client.post(f"/people/{tom.id}/link", data={"by_mail": "y"})
    shown = client.get(answer.location)

    assert shown.location == f"/people/{tom.id}"
    assert "so no link would work" in text(page(shown.location).main)
    assert db.session.query(Message).count() == 0


def test_the_command_line_can_make_somebody(app):
    user = add_person(Details("nadia", "nadia@school.example", role=SiteRole.ADMIN), PASSWORD)

    assert check_password(user.password_hash, PASSWORD)
    with pytest.raises(Refused, match="already"):
        add_person(Details("nadia"))
