"""An admin sees what somebody else sees, and everything done so is noted under both names."""

import pytest

from tests.factories import join, make_admin, make_course, make_person, make_sign_in, make_teacher
from tests.pages import text
from webapp.extensions import db
from webapp.models import AuditEntry, CourseRole, SignIn, SiteRole, User


@pytest.fixture
def admin(sign_in_as):
    return sign_in_as(make_admin("ruth"))


@pytest.fixture
def nadia(app):
    return make_teacher("nadia")


@pytest.fixture
def looking(client, admin, nadia):
    """The admin has signed in as Nadia."""
    client.post(f"/people/{nadia.id}/look")
    return client


def token_of(browser):
    with browser.session_transaction() as session:
        return session.get("token")


def bar(page):
    found = page("/").find(class_="looking")
    return text(found) if found else ""


def test_the_admin_sees_what_the_person_sees_and_a_bar_that_says_so(page, client, admin, nadia):
    make_course(fullname="Not hers")

    answer = client.post(f"/people/{nadia.id}/look")

    assert (answer.status_code, answer.location) == (303, "/")
    assert "You are looking as Nadia Okafor" in bar(page)
    assert "Not hers" not in page("/").text
    assert client.get("/people").status_code == 403


def test_going_back_leads_to_the_person_s_page_as_the_admin(page, looking, nadia):
    answer = looking.post("/go-back")

    assert (answer.status_code, answer.location) == (303, f"/people/{nadia.id}")
    assert bar(page) == ""
    assert looking.get("/people").status_code == 200


def test_each_change_of_person_takes_a_new_token_and_ends_the_one_before(client, admin, nadia):
    tokens = [token_of(client)]
    client.post(f"/people/{nadia.id}/look")
    tokens.append(token_of(client))
    client.post("/go-back")
    tokens.append(token_of(client))

    assert len(set(tokens)) == 3
    for old in tokens[:2]:
        with client.session_transaction() as session:
            session["token"] = old
        assert client.get("/people").status_code == 303


def test_what_is_done_meanwhile_is_noted_under_both(looking, admin, nadia):
    course = make_course()
    join(nadia, course, CourseRole.MANAGER)

    looking.post(f"/courses/{course.id}/delete", data={"typed": course.shortname})
    looking.post("/go-back")

    entries = db.session.query(AuditEntry).order_by(AuditEntry.id)
    assert [(one.action, one.user_id, one.behind_id) for one in entries] == [
        ("signed in as somebody", nadia.id, admin.id),
        ("course deleted", nadia.id, admin.id),
        ("went back", admin.id, None),
    ]


@pytest.mark.parametrize("path", ["/account", "/messages", "/messages/1"])
def test_what_is_the_person_s_alone_stays_closed(looking, path):
    answer = looking.get(path)

    assert answer.status_code == 403
    assert "This is theirs alone." in answer.text


@pytest.mark.parametrize(
    "path", ["/account", "/account/password", "/account/devices/end-others", "/messages/read"]
)
def test_password_address_devices_and_messages_can_not_be_changed(looking, nadia, path):
    before = nadia.session_key

    answer = looking.post(path, data={"first_name": "Changed", "email": "new@school.example"})

    assert answer.status_code == 403
    after = db.session.get(User, nadia.id)
    assert (after.first_name, after.email, after.session_key) == ("Nadia", "nadia@school.example", before)


def test_looking_is_no_visit_of_the_person(looking, page, app, nadia, client):
    own = app.test_client()
    with own.session_transaction() as session:
        session["token"] = make_sign_in(nadia, "Safari on iPhone")

    shown = own.get("/account").text

    assert "Safari on iPhone" in shown
    assert shown.count('data-label="Last used"') == 1


def test_signing_out_while_looking_ends_the_admin_s_own_sign_in_too(looking, admin):
    looking.post("/sign-out")

    assert looking.get("/").status_code == 303
    assert db.session.query(SignIn).count() == 0


def test_looking_ends_when_the_admin_is_signed_out_elsewhere(looking, app, admin):
    elsewhere = app.test_client()
    with elsewhere.session_transaction() as session:
        session["token"] = make_sign_in(admin)

    elsewhere.post("/account/devices/end-others")

    assert looking.get("/").status_code == 303


@pytest.mark.parametrize("change", [{"role": SiteRole.MEMBER}, {"active": False}])
def test_looking_ends_when_the_admin_is_none_any_more(looking, admin, change):
    db.session.query(User).filter_by(id=admin.id).update(change)
    db.session.commit()

    assert looking.get("/").status_code == 303


def test_looking_ends_when_the_person_becomes_an_admin(looking, nadia):
    db.session.query(User).filter_by(id=nadia.id).update({"role": SiteRole.ADMIN})
    db.session.commit()

    assert looking.get("/").status_code == 303


def test_nobody_looks_as_an_admin_or_as_somebody_who_may_not_sign_in(client, page, admin):
    second, gone = make_admin(), make_person(active=False)

    for person in (admin, second, gone):
        answer = client.post(f"/people/{person.id}/look")
        assert answer.status_code == 403
        assert "Nobody can be signed in as an admin" in answer.text
        assert "Sign in as" not in text(page(f"/people/{person.id}").main)

    assert bar(page) == ""


def test_only_admins_look_as_somebody(client, sign_in_as, nadia):
    sign_in_as(make_teacher())

    assert client.post(f"/people/{nadia.id}/look").status_code == 403


def test_going_back_from_nobody_changes_nothing(client, admin):
    before = token_of(client)

    assert client.post("/go-back").location == "/"
    assert token_of(client) == before
