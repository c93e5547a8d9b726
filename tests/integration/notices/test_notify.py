"""Who asked for a job is told how it ended, once, in the words and by the ways that were chosen."""

from datetime import timedelta

import pytest

from jobs.notify import MOST_WARNINGS, tell
from tests.factories import keep, make_archive, make_course, make_job, make_teacher
from webapp.database import separate_write
from webapp.extensions import db
from webapp.models import Job, JobKind, JobState, Message, MessageTemplate, set_setting, utc_now
from webapp.notices.placeholders import PLACEHOLDERS

pytestmark = pytest.mark.usefixtures("app")


def end(job):
    """Tell of the job in a transaction of its own, as the runner does; returns the mail jobs' kinds."""
    with separate_write() as session:
        mails = [mail.kind for mail in tell(session, session.get(Job, job.id))]
    db.session.rollback()
    return mails


def make_ended(state=JobState.DONE, *, kind=JobKind.BACKUP, **values):
    user = values.pop("user", None) or make_teacher("nadia")
    course = make_course("GEO 9", fullname="Tides and Coasts")
    return make_job(user, course, kind=kind, state=state, **values)


def test_a_finished_backup_is_told_by_the_bell_and_by_mail():
    job = make_ended()

    mails = end(job)

    message = db.session.query(Message).one()
    mail_job = db.session.query(Job).filter_by(kind=JobKind.MAIL).one()
    assert mails == [JobKind.MAIL]
    assert (message.user_id, message.job_id, message.event) == (job.user_id, job.id, "backup_done")
    assert (message.in_bell, message.by_mail) == (True, True)
    assert message.subject == "Tides and Coasts is backed up"
    assert message.text.startswith("Dear Nadia,")
    assert "<p>Dear Nadia,</p>" in message.html
    assert (mail_job.scope, mail_job.target_id, mail_job.user_id) == ("message", message.id, job.user_id)


@pytest.mark.parametrize(
    ("kind", "state", "event"),
    [
        (JobKind.BACKUP, JobState.DONE, "backup_done"),
        (JobKind.BACKUP, JobState.WARNED, "backup_warned"),
        (JobKind.BACKUP, JobState.FAILED, "backup_failed"),
        (JobKind.RESTORE, JobState.DONE, "restore_done"),
        (JobKind.RESTORE, JobState.WARNED, "restore_warned"),
        (JobKind.RESTORE, JobState.FAILED, "restore_failed"),
    ],
)
def test_each_ending_has_its_message(kind, state, event):
    job = make_ended(state, kind=kind, problem="The disk is full.", warnings=["One file is damaged."])

    end(job)

    message = db.session.query(Message).one()
    assert message.event == event
    assert ("The disk is full." in message.text) == (state == JobState.FAILED)
    assert ("One file is damaged." in message.text) == (state == JobState.WARNED)


@pytest.mark.parametrize("kind", [JobKind.BACKUP, JobKind.RESTORE])
def test_nobody_is_told_of_what_was_cancelled(kind):
    job = make_ended(JobState.CANCELLED, kind=kind)

    assert end(job) == []
    assert db.session.query(Message).count() == 0


def test_nobody_is_told_of_a_mail():
    job = make_ended(JobState.FAILED, kind=JobKind.MAIL, scope="message", target_id=1)

    assert end(job) == []
    assert db.session.query(Message).count() == 0


def test_nobody_is_told_while_the_site_s_messages_are_off():
    job = make_ended()
    set_setting("job_messages", False, by=None)
    db.session.commit()

    assert end(job) == []
    assert db.session.query(Message).count() == 0


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ({"wants_mail": False}, (True, False)),
        ({"wants_bell": False}, (False, True)),
        ({"email": ""}, (True, False)),
        ({"wants_bell": False, "wants_mail": False}, None),
        ({"wants_bell": False, "email": ""}, None),
        ({"active": False}, None),
    ],
)
def test_each_person_chooses_how_to_be_told(choice, told):
    job = make_ended(user=make_teacher("nadia", **choice))

    mails = end(job)

    message = db.session.query(Message).one_or_none()
    assert (message and (message.in_bell, message.by_mail)) == told
    assert len(mails) == (1 if told and told[1] else 0)


def test_the_newest_words_of_an_admin_are_used():
    job = make_ended()
    for number in (1, 2):
        keep(MessageTemplate(event="backup_done", subject=f"Words {number}", body="{course_shortname}"))

    end(job)

    message = db.session.query(Message).one()
    assert (message.subject, message.text) == ("Words 2", "GEO 9")


def test_a_message_is_in_the_words_of_its_reader_s_language():
    keep(MessageTemplate(event="backup_done", language="fr", subject="C’est fait", body="{finished_at}"))
    french, english = make_teacher("luc", language="fr"), make_teacher("nadia")
    ended = utc_now().replace(month=3, day=2, hour=12)

    for user in (french, english):
        end(make_job(user, make_course(), state=JobState.DONE, finished_at=ended))

    to_luc, to_nadia = db.session.query(Message).order_by(Message.id)
    assert to_luc.subject == "C’est fait"
    assert "mars" in to_luc.text
    assert to_nadia.subject.endswith("is backed up")


def test_every_placeholder_has_its_value():
    user = make_teacher("nadia", last_name="Brandt")
    ended = utc_now().replace(month=3, day=2, hour=12)
    job = make_ended(
        JobState.WARNED, user=user, warnings=["One.", "Two."], problem="Why.",
        started_at=ended - timedelta(minutes=11), finished_at=ended,
    )  # fmt: skip
    archive = make_archive(user, job.course, filename="geo.mbz", size=664_000_000)
    job.result = {"archive_id": archive.id}
    set_setting("site_name", "Larkmere", by=None)
    body = "\n".join(f"{name}={{{name}}}" for name in PLACEHOLDERS)
    keep(MessageTemplate(event="backup_warned", subject="s", body=body))

    end(job)

    said = dict(
        line.split("=", 1) for line in db.session.query(Message).one().text.split("\n") if "=" in line
    )
    assert said.pop("finished_at").startswith(f"{ended.astimezone():%a} 2 Mar, ")
    assert said == {
        "operation": "backup", "backupid": str(job.id), "user_username": "nadia",
        "user_email": "nadia@school.example", "user_firstname": "Nadia", "user_lastname": "Brandt",
        "link": f"http://127.0.0.1:8000/courses/{job.course_id}/backups", "course_fullname": "Tides and Coasts",
        "course_shortname": "GEO 9", "activity_name": "", "file_name": "geo.mbz", "file_size": "664 MB",
        "duration": "11 minutes", "problem": "Why.", "warnings": "One.", "report": "", "site_name": "Larkmere",
    }  # fmt: skip


def test_a_restored_course_is_what_the_message_leads_to():
    user = make_teacher("nadia")
    archive = make_archive(user, filename="geo.mbz")
    course = make_course(fullname="Tides, again")
    job = make_job(
        user, kind=JobKind.RESTORE, state=JobState.DONE, scope="archive", target_id=archive.id,
        result={"course_id": course.id},
    )  # fmt: skip

    end(job)

    message = db.session.query(Message).one()
    assert message.link == f"http://127.0.0.1:8000/courses/{course.id}"
    assert message.subject == "Tides, again is restored"
    assert "from geo.mbz" in message.text


def test_a_failed_restore_leads_to_its_job_and_names_the_file_even_if_that_is_gone():
    job = make_job(
        make_teacher(), kind=JobKind.RESTORE, state=JobState.FAILED, scope="archive", target_id=77,
        title="holiday.jpg", problem="This is not a backup.",
    )  # fmt: skip

    end(job)

    message = db.session.query(Message).one()
    assert message.subject == "The restore of holiday.jpg did not finish"
    assert "This is not a backup." in message.text
    assert message.link == f"http://127.0.0.1:8000/jobs/{job.id}"


def test_a_thousand_warnings_make_no_endless_mail():
    job = make_ended(JobState.WARNED, warnings=[f"File {number} is missing." for number in range(1000)])

    end(job)

    text = db.session.query(Message).one().text
    assert text.count("is missing.") == MOST_WARNINGS
    assert f"And {1000 - MOST_WARNINGS} more" in text


def test_a_course_s_name_stays_text_in_the_message():
    course = make_course(fullname="<b>{user_email}</b>\r\nBcc: all@school.example")
    job = make_job(make_teacher(), course, state=JobState.DONE)

    end(job)

    message = db.session.query(Message).one()
    assert message.subject == "<b>{user_email}</b> Bcc: all@school.example is backed up"
    assert "<b>" not in message.html
