"""Bringing a backup file: what is taken, what is refused, and when."""

import io
import shutil
from collections import namedtuple
from urllib.parse import quote

import pytest

from tests.factories import make_course, make_person, make_teacher
from tests.pages import form_data, text
from webapp import places
from webapp.backups.incoming import clean_name
from webapp.extensions import db
from webapp.models import ArchiveFile, CourseRole, Job, JobState, set_setting

ARCHIVE = b"\x1f\x8b" + bytes(range(256)) * 8000
SMALL = ARCHIVE[:100_000]


@pytest.fixture
def teacher(app, sign_in_as):
    return sign_in_as(make_teacher())


class Untouched(io.BytesIO):
    """A body that must not be read."""

    def read(self, *_):
        raise AssertionError("the body was read")

    readinto = readline = readlines = read


@pytest.fixture
def send(client):
    """Send a file as the script does."""

    def post(content=ARCHIVE, name="tides.mbz", body=None, url="/restore/raw", **headers):
        return client.post(
            url,
            input_stream=body or io.BytesIO(content),
            environ_overrides={"CONTENT_LENGTH": str(len(content))},
            content_type="application/octet-stream",
            headers={"X-File-Name": quote(name)} | headers,
        )

    return post


def nothing_is_kept():
    kept = [*places.archives().iterdir(), *places.scratch().iterdir()]
    return not kept and db.session.query(ArchiveFile).count() == db.session.query(Job).count() == 0


@pytest.mark.usefixtures("in_background")
def test_a_file_sent_by_script_is_kept_and_read_in_the_background(send, teacher):
    answer = send(name="Gezeiten – 9b.mbz")

    job, archive = db.session.query(Job).one(), db.session.query(ArchiveFile).one()
    assert answer.status_code == 200
    assert answer.json == {"location": f"/jobs/{job.id}", "run": None}
    assert (job.kind, job.scope, job.target_id, job.state) == (
        "restore",
        "archive",
        archive.id,
        JobState.QUEUED,
    )
    assert (archive.filename, archive.size, archive.origin) == ("Gezeiten – 9b.mbz", len(ARCHIVE), "upload")
    assert archive.owner_id == teacher.id
    assert places.archive_path(archive.id).read_bytes() == ARCHIVE
    assert not list(places.scratch().iterdir())


def test_without_background_work_the_script_is_told_to_run_it(send, teacher):
    answer = send()

    job = db.session.query(Job).one()
    assert answer.json == {"location": f"/jobs/{job.id}", "run": f"/jobs/{job.id}/run"}


def test_where_it_was_asked_from_is_remembered(send, teacher):
    course = make_course()

    send(url=f"/restore/raw?course_id={course.id}")

    assert db.session.query(Job).one().options == {"asked_from": course.id}


def test_without_a_token_not_a_byte_is_read(send, teacher):
    answer = send(body=Untouched(), **{"X-CSRFToken": "made up"})

    assert answer.status_code == 400
    assert "This page is too old" in answer.json["problem"]
    assert nothing_is_kept()


def test_who_may_restore_nowhere_sends_not_a_byte(send, app, sign_in_as):
    sign_in_as(make_person(course=make_course(), course_role=CourseRole.TEACHER))

    answer = send(body=Untouched())

    assert answer.status_code == 403
    assert "You may not restore courses here." in answer.json["problem"]
    assert nothing_is_kept()


def test_who_is_not_signed_in_sends_not_a_byte(send, app):
    answer = send(body=Untouched())

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert nothing_is_kept()


def test_who_edits_one_course_may_bring_a_file(send, app, sign_in_as):
    sign_in_as(make_person(course=make_course(), course_role=CourseRole.EDITING_TEACHER))

    assert send().status_code == 200


def test_a_file_that_is_too_large_is_refused_unread(send, teacher):
    set_setting("upload_limit_mb", 1, by=None)
    db.session.commit()

    answer = send(body=Untouched())

    assert answer.status_code == 413
    assert answer.json["problem"] == (
        "This file has 2.0 MB, and this school takes 1.0 MB at most. Ask an admin to allow more."
    )
    assert nothing_is_kept()


def test_a_file_that_finds_no_room_is_refused_unread(send, teacher, monkeypatch):
    usage = namedtuple("usage", "total used free")(100, 40, 51_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    answer = send(body=Untouched())

    assert answer.status_code == 507
    assert (
        "There is no room for this file on the school’s disk: it has 2.0 MB, and 1.0 MB are left."
        in (answer.json["problem"])
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7" + b"x" * 3000, "This is a PDF, not a Moodle backup."),
        (b"", "The file is empty: nothing of it arrived. Copy or download it again."),
        (b"<!DOCTYPE html><html>" + b" " * 3000, "This is a web page, not a backup."),
        (b"PK", "This is a text file, not a Moodle backup."),
    ],
)
def test_what_is_no_archive_is_refused_by_its_first_bytes(send, teacher, content, sentence):
    answer = send(content)

    assert answer.status_code == 422
    assert answer.json["problem"].startswith(sentence)
    assert nothing_is_kept()


def test_a_refusal_does_not_wait_for_the_rest(send, teacher):
    class Long(io.BytesIO):
        taken = 0

        def read(self, size=-1):
            self.taken += size
            assert size >= 0
            assert self.taken <= 2_000_000
            return b"%PDF-".ljust(size, b"x")

        def readinto(self, room):
            data = self.read(len(room))
            room[:] = data
            return len(data)

    answer = send(b"x" * 50_000_000, body=Long())

    assert answer.status_code == 422


@pytest.mark.parametrize("server_knows_the_end", [False, True])
def test_a_file_that_breaks_off_leaves_nothing(client, teacher, server_knows_the_end):
    answer = client.post(
        "/restore/raw",
        input_stream=io.BytesIO(ARCHIVE[:5000]),
        environ_overrides={"CONTENT_LENGTH": "9000", "wsgi.input_terminated": server_knows_the_end},
    )

    assert answer.status_code == 400
    assert nothing_is_kept()


def test_a_file_without_a_length_is_refused(client, teacher):
    answer = client.post(
        "/restore/raw", input_stream=Untouched(), environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked"}
    )

    assert answer.status_code == 411


@pytest.mark.usefixtures("in_background")
def test_the_plain_form_does_the_same(page, client, teacher):
    form = page("/backups").find("form", id="upload")

    answer = client.post(form["action"], data=form_data(form) | {"file": (io.BytesIO(SMALL), "tides.mbz")})

    job, archive = db.session.query(Job).one(), db.session.query(ArchiveFile).one()
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")
    assert places.archive_path(archive.id).read_bytes() == SMALL
    assert form["enctype"] == "multipart/form-data"


@pytest.mark.usefixtures("in_background")
def test_the_plain_form_of_a_course_remembers_the_course(page, client, app, sign_in_as):
    course = make_course()
    sign_in_as(make_teacher(course=course))
    form = page(f"/courses/{course.id}/backups").find("form", id="upload")

    client.post(form["action"], data=form_data(form) | {"file": (io.BytesIO(SMALL), "tides.mbz")})

    assert db.session.query(Job).one().options == {"asked_from": course.id}


def test_the_plain_form_says_what_is_wrong_on_the_page(client, teacher):
    answer = client.post("/restore", data={"file": (io.BytesIO(b"%PDF-1.7"), "tides.pdf")})

    assert answer.status_code == 422
    assert "This is a PDF, not a Moodle backup." in answer.text
    assert nothing_is_kept()


def test_the_plain_form_asks_for_a_file(client, teacher):
    answer = client.post("/restore", data={"file": (io.BytesIO(), "")})

    assert answer.status_code == 422
    assert "Choose a file first." in answer.text


def test_the_plain_form_refuses_what_is_too_large_unread(client, teacher):
    set_setting("upload_limit_mb", 1, by=None)
    db.session.commit()

    answer = client.post("/restore", input_stream=Untouched(), environ_overrides={"CONTENT_LENGTH": "2000000"},
                         content_type="multipart/form-data; boundary=x")  # fmt: skip

    assert answer.status_code == 413
    assert "this school takes 1.0 MB at most" in answer.text


def test_the_plain_form_needs_its_token(client, teacher):
    answer = client.post(
        "/restore", data={"file": (io.BytesIO(SMALL), "tides.mbz")}, headers={"X-CSRFToken": ""}
    )

    assert answer.status_code == 400
    assert "This form is too old" in answer.text
    assert nothing_is_kept()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("tides.mbz", "tides.mbz"),
        ("C:\\Users\\Nadia\\tides.mbz", "tides.mbz"),
        ("../../etc/passwd", "passwd"),
        ("K%C3%BCste%0A.mbz", "Küste.mbz"),
        ("safe\u202ezbm.exe", "safezbm.exe"),
        ("", "backup.mbz"),
        ("..", "backup.mbz"),
        ("x" * 300 + ".mbz", "x" * 251 + ".mbz"),
    ],
)
def test_a_name_is_kept_as_far_as_it_may_be_shown(given, kept):
    assert clean_name(given) == kept


def test_the_page_says_how_large_a_file_may_be(page, teacher):
    form = page("/backups").find("form", id="upload")

    assert form["data-limit"] == "4096000000"
    assert "Up to 4.1 GB." in text(form)
