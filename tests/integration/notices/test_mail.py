"""A message goes out by mail once, or it is said why it did not."""

import logging
from contextlib import contextmanager
from datetime import timedelta

import pytest

from jobs import notify
from jobs.engine.mail import WAITS
from jobs.runner import run_claimed
from tests.factories import keep, make_teacher
from tests.mail_servers import MailServer, RudeServer, a_free_port
from webapp import create_app, places
from webapp.extensions import db
from webapp.models import Job, JobState, Message, set_setting, utc_now

pytestmark = pytest.mark.filterwarnings("ignore:Requires login")


@contextmanager
def school(instance, port=None, **config):
    """The application with this mail server set, and real sending."""
    server = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": port} if port else {}
    app = create_app(INSTANCE=instance, TESTING=True, MAIL_SUPPRESS_SEND=False, **server, **config)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def write(subject="Tides is backed up", text="Dear Nadia,\n\nit is there.", **person):
    """A message that is to be mailed, with its job."""
    user = make_teacher("nadia", **({"email": "nadia@school.example"} | person))
    message = keep(
        Message(
            user_id=user.id, event="backup_done", subject=subject, text=text,
            html="<p>Dear Nadia,</p>\n<p>it is there.</p>", by_mail=True,
        )
    )  # fmt: skip
    notify.add_mail_job(db.session(), message)
    db.session.commit()
    return message


def run(again=False):
    """Let a worker run the mail's job, and return the job as it is then."""
    job = db.session.query(Job).one()
    if again:
        job.not_before = None
        db.session.commit()
    run_claimed(job.id)
    db.session.rollback()
    db.session.expire_all()
    return job


def test_a_mail_arrives_with_its_text_and_its_html(instance):
    with MailServer() as server, school(instance, server.port, BASE_URL="https://courses.school.example"):
        message = write()

        job = run()

        letter = server.letters[0]
        assert job.state == JobState.DONE
        assert message.mailed_at is not None
        assert server.recipients == [["nadia@school.example"]]
        assert letter["Subject"] == "Tides is backed up"
        assert letter["Auto-Submitted"] == "auto-generated"
        assert letter["Message-ID"].endswith(f".{message.id}@courses.school.example>")
        text = letter.get_body(("plain",)).get_content()
        assert "it is there." in text
        assert "https://courses.school.example/account" in text
        assert "<p>it is there.</p>" in letter.get_body(("html",)).get_content()


def test_the_school_is_the_sender(instance):
    config = {"MAIL_DEFAULT_SENDER": "courses@school.example"}
    with MailServer() as server, school(instance, server.port, **config):
        set_setting("site_name", "Lärmere, School “One”", by=None)
        write()

        run()

        assert server.letters[0]["From"].addresses[0].display_name == "Lärmere, School “One”"
        assert server.letters[0]["From"].addresses[0].addr_spec == "courses@school.example"


def test_a_mail_that_is_out_is_not_sent_again(instance):
    with MailServer() as server, school(instance, server.port):
        message = write()
        run()
        db.session.query(Job).one().state = JobState.QUEUED
        db.session.commit()

        job = run()

        assert job.state == JobState.DONE
        assert len(server.letters) == 1
        assert message.mailed_at is not None


def test_a_server_that_hangs_up_after_taking_the_mail_has_taken_it(instance):
    polite = ("220 hi", "250 hi", "250 ok", "250 ok", "354 go on", "250 ok")
    with RudeServer(*polite) as server, school(instance, server.port):
        message = write()

        job = run()

        assert server.heard[-1].lower() == b"quit\r\n"
        assert job.state == JobState.DONE
        assert message.mailed_at is not None


@pytest.mark.parametrize(
    "answers", [{"rcpt": "550 5.1.1 No such person"}, {"data": "554 5.7.1 Looks unwanted"}]
)
def test_a_refused_mail_is_not_tried_again(instance, answers):
    with MailServer(**answers) as server, school(instance, server.port):
        message = write()

        job = run()

        said = next(iter(answers.values()))
        assert job.state == JobState.FAILED
        assert message.mail_problem == job.problem == f"The mail server says: {said}"
        assert message.mailed_at is None
        assert server.letters == []


def test_a_busy_server_is_tried_again_later(instance):
    with MailServer(rcpt="451 4.7.1 Come back in five minutes") as server, school(instance, server.port):
        message = write()

        job = run()

        assert job.state == JobState.QUEUED
        assert timedelta(seconds=20) < job.not_before - utc_now() <= timedelta(seconds=30)
        assert job.problem == "The mail server says: 451 4.7.1 Come back in five minutes"
        assert message.mail_problem == ""
        server.answers.clear()
        assert run(again=True).state == JobState.DONE
        assert len(server.letters) == 1


def test_a_server_that_is_not_there_is_tried_ever_more_rarely_then_given_up(instance):
    with school(instance, a_free_port()):
        message = write()
        waits = []

        for _ in WAITS:
            job = run(again=True)
            waits.append(round((job.not_before - utc_now()).total_seconds()))
        job = run(again=True)

        assert waits == sorted(waits)
        assert sum(waits) > 20 * 3600
        assert job.state == JobState.FAILED
        assert message.mail_problem == "The mail server can’t be reached. It was tried 8 times over a day."
        # A crash meanwhile is counted apart from the tries.
        assert job.attempts <= 1


def test_a_silent_server_is_given_up_after_the_time_limit(instance):
    with RudeServer() as server, school(instance, server.port, MAIL_TIMEOUT=0.3):
        write()
        began = utc_now()

        job = run()

        assert utc_now() - began < timedelta(seconds=3)
        assert job.state == JobState.QUEUED
        assert job.problem == "The mail server did not answer in time."


@pytest.mark.parametrize("lines", [("220 hi",), ("220 hi", "250 hi", "250 ok")])
def test_a_server_that_hangs_up_in_the_middle_is_tried_again(instance, lines):
    with RudeServer(*lines) as server, school(instance, server.port):
        message = write()

        job = run()

        assert job.state == JobState.QUEUED
        assert job.problem == "The mail server broke off in the middle."
        assert message.mailed_at is None


def test_a_server_that_speaks_no_tls_is_said(instance):
    with MailServer() as server, school(instance, server.port, MAIL_USE_SSL=True):
        write()

        job = run()

        assert job.state == JobState.QUEUED
        assert job.problem.startswith("No safe connection to the mail server can be made:")


def test_a_password_that_the_server_does_not_know_is_said(instance):
    with MailServer() as server, school(
        instance, server.port, MAIL_USERNAME="us", MAIL_PASSWORD="wrong"
    ):  # fmt: skip
        write()

        job = run()

        assert job.state == JobState.QUEUED
        assert job.problem.startswith("The mail server does not work as it is set up here")


@pytest.mark.parametrize(
    "address",
    [
        "", "nobody", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", '"a b"@c.example',
        "a@b.example\u2028c", "a@" + "b" * 70 + ".example", "jürgen@b.example",
    ],
)  # fmt: skip
def test_an_address_that_is_none_gets_no_mail(instance, address):
    with MailServer() as server, school(instance, server.port):
        message = write(email=address)

        job = run()

        assert server.letters == []
        assert job.state == JobState.FAILED
        assert message.mail_problem == "There is no address that a mail could be sent to."


def test_somebody_whose_account_was_closed_gets_no_mail(instance):
    with MailServer() as server, school(instance, server.port):
        write(active=False)

        job = run()

        assert server.letters == []
        assert job.state == JobState.FAILED


@pytest.mark.parametrize(
    "subject",
    [
        "A\r\nBcc: everybody@school.example", "A\nSubject: B", "A\u2028Bcc: x@y.example", "Über " * 40, "🌊 " * 66,
        "=?utf-8?q?A=0ABcc:_x?=", "A\x00B",
    ],
)  # fmt: skip
def test_no_subject_brings_a_header_of_its_own(instance, subject):
    with MailServer() as server, school(instance, server.port):
        write(subject=subject)

        job = run()

        letter = server.letters[0]
        assert job.state == JobState.DONE
        assert server.recipients == [["nadia@school.example"]]
        assert letter["Bcc"] is None
        assert len(letter.get_all("Subject")) == 1


def test_no_address_is_written_to_the_log(instance, caplog):
    caplog.set_level(logging.DEBUG)
    with MailServer(rcpt="550 no nadia@school.example here") as server, school(instance, server.port):
        write()

        run()

        ours = [
            record.getMessage() for record in caplog.records if record.name.startswith(("jobs", "webapp"))
        ]
        assert ours
        assert not any("nadia@school.example" in line for line in ours)


def test_a_mail_for_a_message_that_is_gone_is_done(instance):
    with MailServer() as server, school(instance, server.port):
        db.session.delete(write())
        db.session.commit()

        job = run()

        assert job.state == JobState.DONE
        assert server.letters == []


def test_without_a_server_the_mail_is_put_into_the_folder_once(instance):
    with school(instance):
        message = write()
        run()
        message.mailed_at = None
        db.session.query(Job).one().state = JobState.QUEUED
        db.session.commit()

        job = run()

        files = list(places.mail_folder().iterdir())
        assert job.state == JobState.DONE
        assert [path.suffix for path in files] == [".eml"]
        assert b"To: nadia@school.example" in files[0].read_bytes()
        assert message.mailed_at is not None


def test_a_folder_that_can_not_be_written_to_is_tried_again(instance):
    with school(instance):
        write()
        places.mail_folder().rmdir()

        job = run()

        assert job.state == JobState.QUEUED
        assert "can’t be written to" in job.problem
