"""`coursekeep serve`: one command from nothing to a page, and a clean end."""

import os
import signal
import socket
import subprocess
import threading
from contextlib import contextmanager, suppress
from http.client import HTTPException
from io import BytesIO

import psutil
import pytest
import sqlalchemy as sa

from tests.pages import text
from tests.serving import COMMAND, ROOT, Visitor, served
from tests.system.processes import wait_until
from webapp import create_app, places
from webapp.content.filing import Upload, add_to_folder
from webapp.extensions import db
from webapp.models import Activity, Course, Job, JobKind, JobState, User, set_setting

pytestmark = pytest.mark.system

#: Bytes that take a backup longer than it takes to stop.
SIZE = 120_000_000


@contextmanager
def installation(folder):
    """The application on a folder that is served, to look into it from here."""
    app = create_app(INSTANCE=folder)
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def make_it_large():
    """Put a large file that can't be packed smaller into the folder of the sample course."""
    course = db.session.scalars(sa.select(Course)).one()
    folder = db.session.scalars(sa.select(Activity).where(Activity.type == "folder")).one()
    add_to_folder(
        course, folder, [Upload("noise.bin", BytesIO(os.urandom(SIZE)))], db.session.get_one(User, 1)
    )


def ask_for_backup(visitor):
    """Ask for one in the browser. Where the work is done in the request, the connection is cut at the end."""
    with suppress(OSError, HTTPException):
        visitor.send(visitor.get("/courses/1/backups/new"))


def the_job():
    db.session.rollback()
    return db.session.scalars(sa.select(Job).where(Job.kind == JobKind.BACKUP)).one_or_none()


def test_from_nothing_to_the_course_page_of_the_sample_course(tmp_path):
    with served(tmp_path / "school") as school:
        visitor = Visitor(school.url)

        front = visitor.sign_in(school.username, school.password)

        assert "Reading the night sky" in text(front.main)
        assert f"Coursekeep is at {school.url}" in school.said()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_both_its_processes(tmp_path, number):
    with served(tmp_path / "school", "--no-sample") as school:
        code = school.stop(number)

        assert code == 0
        assert len(school.children) == 2
        assert not any(child.is_running() for child in school.children)


@pytest.mark.parametrize(("half", "named"), [("worker", "The worker ended"), ("web", "The web server ended")])
def test_when_one_half_dies_the_other_is_stopped_and_it_fails(tmp_path, half, named):
    with served(tmp_path / "school", "--no-sample") as school:
        school.child(half).kill()

        code = school.process.wait(60)

        assert code == 1
        assert named in school.said()
        assert not any(child.is_running() for child in school.children)


def test_its_processes_do_not_outlive_it_however_it_ends(tmp_path):
    with served(tmp_path / "school", "--no-sample") as school:
        below = psutil.Process(school.process.pid).children(recursive=True)

        school.process.kill()

        wait_until(lambda: not any(child.is_running() for child in below), "all are gone")


def test_the_second_start_keeps_the_password_to_itself_and_the_data_as_they_are(tmp_path):
    with served(tmp_path / "school", "--no-sample") as first:
        first.stop()

    with served(tmp_path / "school") as second:
        assert second.password == ""
        front = Visitor(second.url).sign_in(first.username, first.password)

    assert "Reading the night sky" not in text(front.main)
    assert front.find("form", action="/sign-out")


@pytest.mark.parametrize("in_background", [False, True])
def test_a_job_that_runs_at_the_end_is_done_after_the_next_start(tmp_path, in_background):
    with served(tmp_path / "school") as first:
        with installation(first.instance):
            make_it_large()
            set_setting("async_jobs", in_background, by=None)
            db.session.commit()
            visitor = Visitor(first.url)
            visitor.sign_in(first.username, first.password)
            threading.Thread(target=ask_for_backup, args=[visitor], daemon=True).start()
            wait_until(
                lambda: the_job() is not None and the_job().state == JobState.RUNNING, "the backup runs"
            )

        assert first.stop() == 0

    with served(tmp_path / "school"), installation(first.instance):
        wait_until(lambda: the_job().is_over, "the backup is over")
        job = the_job()

        assert (job.state, job.problem) == (JobState.DONE, "")
        assert places.archive_path(job.result["archive_id"]).stat().st_size > SIZE


def test_a_port_that_is_taken_is_said_and_nothing_is_started(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = [*COMMAND, "--instance", str(tmp_path / "school"), "serve", "--port", port]

        ended = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert ended.returncode == 1
    assert "can’t be listened at" in ended.stderr
    assert not (tmp_path / "school").exists()


def test_the_log_names_nobody(tmp_path):
    with served(tmp_path / "school", "--no-sample") as school:
        visitor = Visitor(school.url)
        visitor.sign_in(school.username, school.password)
        visitor.status("/invitation/a-secret-key")
        school.stop()

        log = [line for line in school.said().splitlines() if line.startswith("at=")]

    assert log
    assert not [line for line in log if "127.0.0.1" in line or "a-secret-key" in line or "admin" in line]
