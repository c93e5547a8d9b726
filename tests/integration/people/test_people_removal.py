"""A person is removed with what is personal; what others need stays, in good hands if somebody says so."""

import pytest

from tests.factories import (
    join,
    keep,
    make_admin,
    make_archive,
    make_course,
    make_job,
    make_person,
    make_sign_in,
    make_teacher,
)
from tests.pages import form_data, parse, text
from webapp.access.directory import Refused
from webapp.access.passwords import hash_password
from webapp.access.rights import role_in
from webapp.extensions import db
from webapp.models import (
    ArchiveFile,
    AuditEntry,
    CourseRole,
    FailedSignIn,
    Job,
    JobKind,
    JobState,
    Membership,
    Message,
    Person,
    SiteRole,
    User,
)
from webapp.people.removal import remove_person

PASSWORD = "four sheep on a hill"


@pytest.fixture
def admin(sign_in_as):
    return sign_in_as(make_admin("ruth", password_hash="set"))


@pytest.fixture
def nadia(app):
    return make_teacher(
        "nadia", first_name="Nadia", last_name="Brandt", password_hash=hash_password(PASSWORD)
    )


@pytest.fixture
def remove(client, page):
    """Fill in the form on the page that removes somebody, and send it."""

    def send(person, **typed):
        form = form_data(page(f"/people/{person.id}/remove").main.form)
        return client.post(f"/people/{person.id}/remove", data=form | {"typed": person.username} | typed)

    return send


def test_the_page_says_what_goes_what_stays_and_who_is_left_alone(page, admin, nadia):
    alone, shared = make_course(fullname="Tides"), make_course(fullname="Stars")
    for course in (alone, shared):
        join(nadia, course, CourseRole.EDITING_TEACHER)
    make_teacher(course=shared)
    make_archive(nadia, alone, content=b"x" * 2000)
    make_job(nadia, alone)

    shown = text(page(f"/people/{nadia.id}/remove").main)

    assert "2 roles in courses" in shown
    assert "1 job that is under way is cancelled" in shown
    assert "1 course that nobody else edits: Tides . 1 backup, 2.0 kB." in shown


def test_nothing_personal_is_left(admin, nadia, remove):
    course = make_course()
    join(nadia, course)
    keep(Message(user_id=nadia.id, event="backup_done", subject="Nadia", text="Nadia", html="Nadia"))
    keep(FailedSignIn(username="nadia", address="127.0.0.1"))
    make_job(nadia, kind=JobKind.MAIL, scope="message", title="nadia@school.example")
    known = keep(Person(version_id=course.version_id, moodle_id=7, position=0, account_id=nadia.id, body=b""))

    answer = remove(nadia)

    row = db.session.get(User, nadia.id)
    kept = "|".join(str(value) for value in vars(row).values())
    assert (answer.status_code, answer.location) == (303, "/people")
    assert not any(word in kept.lower() for word in ("nadia", "brandt", "school.example", "argon2"))
    assert row.name == "Somebody who was removed"
    assert [db.session.query(one).count() for one in (Message, FailedSignIn, Membership, Job)] == [0, 0, 0, 0]
    assert db.session.get(Person, known.id).account_id is None


def test_whoever_is_removed_is_signed_out_and_can_not_come_back(app, admin, nadia, remove):
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["token"] = make_sign_in(nadia)

    remove(nadia)

    assert browser.get("/account").status_code == 303
    assert browser.post("/sign-in", data={"username": "nadia", "password": PASSWORD}).status_code == 422
    assert (
        browser.post("/sign-in", data={"username": f"removed {nadia.id}", "password": PASSWORD}).status_code
        == 422
    )


def test_the_name_is_free_again_and_the_person_in_no_list(client, page, admin, nadia, remove):
    remove(nadia)
    form = form_data(page("/people/new").main.form) | {"username": "nadia", "email": "nadia@school.example"}

    assert client.get(f"/people/{nadia.id}").status_code == 404
    assert "removed" not in text(page("/people").main.table)
    assert "removed" not in client.get("/people.csv").text
    assert client.post("/people/new", data=form).status_code == 303


def test_courses_and_backups_are_handed_over(admin, nadia, remove):
    tom = make_teacher("tom")
    alone, shared = make_course(), make_course()
    for course in (alone, shared):
        join(nadia, course, CourseRole.MANAGER)
    join(tom, alone, CourseRole.STUDENT)
    make_teacher(course=shared)
    archive = make_archive(nadia, alone)

    remove(nadia, way="hand", heir="TOM@school.example")

    assert role_in(tom, alone.id) == CourseRole.MANAGER
    assert role_in(tom, shared.id) is None
    assert db.session.get(ArchiveFile, archive.id).owner_id == tom.id


def test_courses_and_backups_can_be_left_as_they_are(client, admin, nadia, remove):
    course = make_course()
    join(nadia, course, CourseRole.MANAGER)
    colleague = make_teacher(course=course)
    archive = make_archive(nadia, course)

    remove(nadia, way="keep")

    assert role_in(colleague, course.id) == CourseRole.EDITING_TEACHER
    assert db.session.get(ArchiveFile, archive.id).owner_id == nadia.id
    assert client.get(f"/archives/{archive.id}/download").status_code == 200


def test_work_under_way_is_ended_and_what_is_done_stays_to_be_seen(page, admin, nadia, remove):
    course = make_course()
    states = (JobState.QUEUED, JobState.WAITING, JobState.RUNNING, JobState.DONE)
    jobs = [make_job(nadia, course, target_id=number, state=state) for number, state in enumerate(states)]

    remove(nadia, way="keep")

    after = [db.session.get(Job, job.id) for job in jobs]
    assert [job.state for job in after] == [
        JobState.CANCELLED,
        JobState.CANCELLED,
        JobState.RUNNING,
        JobState.DONE,
    ]
    assert after[2].cancel_asked


def test_the_log_tells_of_somebody_who_was_removed(page, admin, nadia, remove):
    keep(AuditEntry(action="course made", user_id=nadia.id))

    remove(nadia)

    shown = text(page("/people/log").main.table)
    assert "Nadia" not in shown
    assert shown.count("Somebody who was removed") == 2
    assert "Person removed" in shown


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"typed": "nad"}, "typed", "Type nadia as it stands here."),
        ({"heir": "nobody"}, "heir", "Nobody here has this user name"),
        ({"heir": "nadia"}, "heir", "This is the person who is to be removed."),
        ({"heir": "off"}, "heir", "may not sign in"),
    ],
)
def test_nobody_is_removed_by_a_slip_or_with_nobody_to_take_over(admin, nadia, remove, typed, field, reason):
    make_person("off", active=False)
    make_archive(nadia)

    answer = remove(nadia, **{"way": "hand", "heir": "ruth"} | typed)

    assert answer.status_code == 422
    assert reason in text(parse(answer.text).find(id=f"{field}-error"))
    assert db.session.get(User, nadia.id).username == "nadia"
    assert db.session.query(ArchiveFile).one().owner_id == nadia.id


def test_nobody_removes_themselves(page, admin, remove):
    make_admin(password_hash="set")

    answer = remove(admin)

    assert answer.status_code == 422
    assert "You can’t remove yourself." in text(parse(answer.text).find(id="typed-error"))
    assert "left for good" not in text(page(f"/people/{admin.id}").main)


def test_the_last_admin_who_can_sign_in_stays(app):
    last, asleep = make_admin("last", password_hash="set"), make_admin("asleep")

    with pytest.raises(Refused, match="the only one"):
        remove_person(last, heir=None, by=asleep)

    assert db.session.get(User, last.id).role == SiteRole.ADMIN


def test_only_admins_remove_somebody(client, sign_in_as, nadia):
    sign_in_as(make_teacher())

    assert client.get(f"/people/{nadia.id}/remove").status_code == 403
    assert client.post(f"/people/{nadia.id}/remove").status_code == 403
