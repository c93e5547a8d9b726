"""Without background work: the job runs in the request, and the page follows it to its end."""

import io

import pytest

from tests.archives import pack_tgz, small_course
from tests.factories import make_job, make_teacher
from tests.pages import form_data, lint, parse, text
from webapp.extensions import db
from webapp.models import ArchiveFile, Course, Job, JobKind, JobState, set_setting


@pytest.fixture
def teacher(app, sign_in_as):
    return sign_in_as(make_teacher())


@pytest.fixture
def send(client):
    """Send a form, and return the page that has come in once the work is done."""

    def post(form, **changes):
        answer = client.post(form["action"], data=form_data(form) | changes)
        assert answer.status_code == 200
        shown = parse(answer.text)
        lint(shown)
        return shown

    return post


@pytest.fixture
def restored(page, send, teacher):
    """The page of a restore into a new course, from the file to the end."""
    read = send(
        page("/backups").find("form", id="upload"), file=(io.BytesIO(pack_tgz(small_course())), "tides.mbz")
    )
    review = page(read.find("a", string="Look through what is in it")["href"])
    return send(review.find("form", class_="review"), people="yes")


def last(shown):
    return shown.select(".stream > .tick")[-1]


def test_a_brought_file_is_read_while_the_page_comes_in(page, send, teacher):
    shown = send(
        page("/backups").find("form", id="upload"), file=(io.BytesIO(pack_tgz(small_course())), "tides.mbz")
    )

    assert text(shown.h1) == "Restore of tides.mbz"
    assert "The file has been read" in text(last(shown))
    assert not shown.find(attrs={"hx-get": True})
    assert not shown.find("noscript")


def test_the_page_that_comes_in_speaks_its_readers_language(page, send, teacher):
    teacher.language = "fr"
    db.session.commit()

    shown = send(
        page("/backups").find("form", id="upload"), file=(io.BytesIO(pack_tgz(small_course())), "tides.mbz")
    )

    assert shown.html["lang"] == "fr"
    assert text(shown.h1) == "Restauration de tides.mbz"
    assert "Le fichier a été lu" in text(last(shown))


def test_a_course_is_restored_and_backed_up_without_a_worker(page, client, send, restored):
    course = db.session.query(Course).one()

    backed_up = send(page(f"/courses/{course.id}/backups/new").find("form", id="choice"))
    link = last(backed_up).find("a", href=lambda to: to.endswith("/download"))

    assert text(last(restored).h2) == "Restored"
    assert last(restored).find("a", href=f"/courses/{course.id}")
    assert text(last(backed_up).h2) == "Backed up and checked"
    assert client.get(link["href"]).data.startswith(b"\x1f\x8b")
    assert db.session.query(ArchiveFile).filter_by(origin="backup").one().verified_at


def test_what_can_not_be_read_says_so_on_the_same_page(page, send, teacher):
    broken = pack_tgz(small_course())[:-2000]

    shown = send(page("/backups").find("form", id="upload"), file=(io.BytesIO(broken), "tides.mbz"))

    slip = last(shown).find(class_="slip")
    assert text(slip.h2) == "This file can’t be restored"
    assert text(slip.p)
    assert slip.find("a", string="Choose another file")


def test_a_job_that_did_not_begin_is_run_from_its_page(page, client, teacher, restored):
    course = db.session.query(Course).one()
    job = make_job(teacher, course, options={"people": True, "files": True})
    shown = page(f"/jobs/{job.id}")
    form = shown.find(id=shown.find("button", string="Begin now")["form"])

    answer = client.post(form["action"], data=form_data(form))

    assert "Backed up and checked" in answer.text
    assert db.session.get(Job, job.id).state == JobState.DONE


@pytest.mark.parametrize("state", [JobState.WAITING, JobState.DONE, JobState.CANCELLED])
def test_only_what_is_in_line_is_run(client, teacher, state):
    job = make_job(teacher, kind=JobKind.RESTORE, state=state)

    answer = client.post(f"/jobs/{job.id}/run")

    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")


def test_with_background_work_nothing_is_run_in_a_request(client, teacher):
    set_setting("async_jobs", True, by=None)
    db.session.commit()
    job = make_job(teacher)

    answer = client.post(f"/jobs/{job.id}/run")

    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")
    assert db.session.get(Job, job.id).state == JobState.QUEUED
