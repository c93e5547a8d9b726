"""How a job can end, and what can be done then."""

from datetime import timedelta

import pytest

from tests.factories import (
    make_admin,
    make_archive,
    make_course,
    make_job,
    make_teacher,
    make_version,
)
from tests.pages import text
from webapp.extensions import db
from webapp.models import Job, JobKind, JobState, utc_now


@pytest.fixture
def course(app):
    return make_course(fullname="Tides and Coasts")


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher(course=course))


def test_a_finished_backup_leads_to_its_file(page, course, teacher):
    archive = make_archive(teacher, course)
    result = {"archive_id": archive.id, "size": 664_000_000, "files": 301}
    job = make_job(teacher, course, state=JobState.DONE, result=result)

    shown = page(f"/jobs/{job.id}")

    slip = shown.find(class_="slip")
    assert "ok" in slip["class"]
    assert "Backed up and checked" in text(slip)
    assert "664 MB, 301 files" in text(slip)
    links = [link["href"] for link in slip.find_all("a")]
    assert f"/archives/{archive.id}/download" in links
    assert f"/archives/{archive.id}/restore" in links


def test_a_backup_whose_file_was_deleted_offers_no_download(page, course, teacher):
    job = make_job(teacher, course, state=JobState.DONE, result={"archive_id": 77})

    slip = page(f"/jobs/{job.id}").find(class_="slip")

    assert "The file has been deleted since." in text(slip)
    assert not slip.find("a", href="/archives/77/download")


def test_warnings_are_listed(page, course, teacher):
    job = make_job(teacher, course, state=JobState.WARNED, warnings=["“tide.pdf” is empty.", "One more."])

    slip = page(f"/jobs/{job.id}").find(class_="slip")

    assert "warn" in slip["class"]
    assert [text(one) for one in slip.find_all("li")] == ["“tide.pdf” is empty.", "One more."]


def test_a_failed_backup_says_why_and_can_be_tried_again(page, client, course, teacher, in_background):
    options = {"people": False, "files": True}
    job = make_job(teacher, course, state=JobState.FAILED, problem="The disk is full.", options=options)

    shown = page(f"/jobs/{job.id}")
    button = shown.find("button", string="Try again")
    answer = client.post(shown.find(id=button["form"])["action"])

    assert "The disk is full." in text(shown.find(class_="slip"))
    assert answer.status_code == 303
    again = db.session.query(Job).order_by(Job.id.desc()).first()
    assert answer.location == f"/jobs/{again.id}"
    assert (again.id != job.id, again.state, again.options) == (True, JobState.QUEUED, options)


def test_a_job_that_is_done_is_not_begun_again(client, course, teacher):
    job = make_job(teacher, course, state=JobState.DONE)

    assert client.post(f"/jobs/{job.id}/again").status_code == 409


def test_a_file_that_could_not_be_read_leads_to_choosing_another(page, teacher):
    archive = make_archive(teacher)
    job = make_job(teacher, kind=JobKind.RESTORE, scope="archive", target_id=archive.id, state=JobState.FAILED,
                   problem="This is a PDF, not a Moodle backup.", title="tides.pdf")  # fmt: skip

    slip = page(f"/jobs/{job.id}").find(class_="slip")

    assert "This file can’t be restored" in text(slip)
    assert slip.find("a", string="Choose another file")["href"] == "/backups#file"


def test_a_restore_that_waits_leads_to_its_questions(page, teacher):
    archive = make_archive(teacher)
    job = make_job(teacher, kind=JobKind.RESTORE, scope="archive", target_id=archive.id,
                   state=JobState.WAITING, result={"archive_id": archive.id})  # fmt: skip

    slip = page(f"/jobs/{job.id}").find(class_="slip")

    assert slip.find("a", string="Look through what is in it")["href"] == f"/restores/{job.id}"


def test_a_restore_that_replaced_offers_undo_while_nothing_came_after_it(page, course, teacher):
    make_version(undo_course_id=course.id, keep_until=utc_now() + timedelta(days=7))
    result = {"course_id": course.id, "version_id": course.version_id, "undo": True}
    values = {"kind": JobKind.RESTORE, "state": JobState.DONE, "options": {"target": "replace"}}
    job = make_job(teacher, course, **values, result=result)
    older = make_job(teacher, course, **values, result=result | {"version_id": 0})

    slip, older_slip = (page(f"/jobs/{one.id}").find(class_="slip") for one in (job, older))

    assert slip.find("a", href=f"/courses/{course.id}/undo")
    assert "can be put back until" in text(slip)
    assert not older_slip.find("a", href=f"/courses/{course.id}/undo")


def test_a_job_is_cancelled_after_a_question(page, client, course, teacher):
    job = make_job(teacher, course)

    asked = page(f"/jobs/{job.id}/cancel")
    answer = client.post(asked.main.form["action"])

    assert text(asked.h1) == "Cancel this backup?"
    assert asked.find("a", string="Keep it")["href"] == f"/jobs/{job.id}"
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")
    assert db.session.get(Job, job.id).state == JobState.CANCELLED
    assert "Cancelled" in text(page(answer.location).find(class_="slip"))


def test_cancelling_what_is_over_changes_nothing(page, client, course, teacher):
    job = make_job(teacher, course, state=JobState.DONE)

    answer = client.post(f"/jobs/{job.id}/cancel")

    assert db.session.get(Job, job.id).state == JobState.DONE
    assert "It had ended before it could be cancelled." in text(page(answer.location).main)


def test_an_admin_tries_again_in_their_own_name(client, course, sign_in_as, in_background):
    job = make_job(make_teacher(course=course), course, state=JobState.FAILED)
    admin = sign_in_as(make_admin())

    client.post(f"/jobs/{job.id}/again")

    assert db.session.query(Job).order_by(Job.id.desc()).first().user_id == admin.id
