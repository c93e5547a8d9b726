"""Each person chooses of what they are told in the app, and of what by mail; and so it happens."""

import pytest

from jobs import notify
from jobs.engine import RUNNERS
from jobs.engine.outcome import Outcome
from jobs.problems import JobProblem
from tests.factories import make_admin, make_course, make_job, make_teacher
from tests.mail_servers import MailServer
from tests.pages import form_data, text
from tests.running import run
from webapp import create_app
from webapp.database import separate_write
from webapp.extensions import db
from webapp.models import Job, JobKind, Message, MessageChoice
from webapp.notices.events import EVENTS
from webapp.notices.message_choices import Ways, choose

ADDRESS = "/account/messages"


@pytest.fixture
def nadia(app, sign_in_as):
    return sign_in_as(make_teacher("nadia"))


@pytest.fixture
def boxes(page):
    """The boxes on the page that are ticked, by their values."""

    def ticked():
        return {box["value"] for box in page(ADDRESS).select("[name=told]") if box.has_attr("checked")}

    return ticked


@pytest.fixture
def send(client, page):
    """Send the form with these boxes ticked."""

    def post(*ticked):
        form = page(ADDRESS).find("form", action=ADDRESS)
        return client.post(ADDRESS, data={**form_data(form), "told": list(ticked)})

    return post


def told(event, user):
    """Tell the person of the event; returns whether in the app and whether by mail, None for not at all."""
    with separate_write() as session:
        notify._deliver(session, event, session.merge(user), {"link": "https://school.example/"})
    db.session.rollback()
    message = db.session.query(Message).filter_by(event=event, user_id=user.id).one_or_none()
    return message and (message.in_bell, message.by_mail)


def test_at_first_everything_is_told_both_ways(nadia, boxes):
    own = [name for name, event in EVENTS.items() if not event.for_admins]

    assert boxes() == {f"{name}-{way}" for name in own for way in ("app", "mail")}


def test_what_somebody_chooses_is_kept_and_shown_again(nadia, send, boxes):
    answer = send("backup_done-app", "restore_done-mail")

    assert (answer.status_code, answer.location) == (303, ADDRESS)
    always = {f"{name}-app" for name in EVENTS if name.endswith("_failed")}
    assert boxes() == {"backup_done-app", "restore_done-mail"} | always


def test_it_is_obeyed(nadia, send):
    send("backup_done-app", "restore_done-mail")

    assert told("backup_done", nadia) == (True, False)
    assert told("restore_done", nadia) == (False, True)
    assert told("copy_done", nadia) is None


@pytest.mark.parametrize("kind", ["backup", "restore", "copy", "import"])
def test_that_something_failed_always_shows_in_the_app(nadia, page, send, kind):
    send()

    box = page(ADDRESS).find("input", value=f"{kind}_failed-app")
    assert box.has_attr("disabled")
    assert told(f"{kind}_failed", nadia) == (True, False)


def test_only_admins_choose_about_what_is_for_admins(nadia, page, client, sign_in_as):
    client.post(ADDRESS, data={"told": ["automated_report-mail"]})
    shown = text(page(ADDRESS).main)
    rows = db.session.query(MessageChoice).filter_by(event="automated_report").count()
    sign_in_as(make_admin())

    assert "Report on automatic backups" not in shown
    assert rows == 0
    assert "Report on automatic backups" in text(page(ADDRESS).main)


def test_an_admin_without_the_report_gets_none_and_others_do(app, send, sign_in_as):
    other, quiet = make_admin(), sign_in_as(make_admin())
    send("check_damaged-app")

    with separate_write() as session:
        values = dict.fromkeys(("report", "duration", "file_size"), "")
        notify.tell_admins(session, "automated_report", values, "automated.show_schedule")
    db.session.rollback()

    assert [message.user_id for message in db.session.query(Message)] == [other.id]
    assert quiet.id != other.id


def test_without_an_address_no_mail_goes_out_and_the_page_says_so(app, page, sign_in_as):
    nobody = sign_in_as(make_teacher(email=""))

    assert "No mails go out to you." in text(page(ADDRESS).main)
    assert told("backup_done", nobody) == (True, False)


def test_the_page_of_a_job_says_how_one_will_be_told(nadia, page, send):
    job = make_job(nadia, make_course())
    send("backup_done-mail")

    assert "We will tell you when it is done, by mail." in text(page(f"/jobs/{job.id}").main)


def test_an_admin_who_looks_as_somebody_does_not_choose_for_them(client, nadia, sign_in_as):
    sign_in_as(make_admin())
    client.post(f"/people/{nadia.id}/look")

    answers = client.get(ADDRESS), client.post(ADDRESS, data={"told": []})

    assert [answer.status_code for answer in answers] == [403, 403]
    assert db.session.query(MessageChoice).count() == 0


@pytest.mark.filterwarnings("ignore:Requires login")
def test_the_mails_that_arrive_are_those_that_were_chosen(instance, monkeypatch):
    """With a real mail server, and the jobs as a worker runs them."""

    def fail(_run):
        raise JobProblem("The disk is full.")

    monkeypatch.setitem(RUNNERS, JobKind.BACKUP, lambda run: Outcome())
    monkeypatch.setitem(RUNNERS, JobKind.COPY, fail)
    with MailServer() as server:
        app = create_app(
            INSTANCE=instance, TESTING=True, MAIL_SUPPRESS_SEND=False,
            MAIL_SERVER="127.0.0.1", MAIL_PORT=server.port,
        )  # fmt: skip
        with app.app_context():
            nadia, course = make_teacher("nadia"), make_course(fullname="Tides")
            with separate_write() as session:
                choose(session, nadia, {"backup_done": Ways(True, False), "copy_failed": Ways(False, True)})
            db.session.rollback()
            for job in [make_job(nadia, course, kind=kind) for kind in (JobKind.BACKUP, JobKind.COPY)]:
                run(job)
            run(db.session.query(Job).filter_by(kind=JobKind.MAIL).one())
            db.session.rollback()
            shown = [message.event for message in db.session.query(Message).filter_by(in_bell=True)]
            db.session.remove()
            db.engine.dispose()

    assert [letter["Subject"] for letter in server.letters] == ["The copy of Tides did not finish"]
    assert shown == ["backup_done", "copy_failed"]
