"""`coursekeep serve`: one command from nothing to a page, and a clean end."""

import signal
import socket
import subprocess

import psutil
import pytest

from tests.pages import text
from tests.serving import COMMAND, ROOT, Visitor, served
from tests.system.processes import wait_until

pytestmark = pytest.mark.system


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


def test_a_wrong_password_is_refused(tmp_path):
    with served(tmp_path / "school", "--no-sample") as school:
        visitor = Visitor(school.url)

        with pytest.raises(Exception, match="422"):
            visitor.sign_in(school.username, "not the password")

        assert "Sign in" in text(visitor.get("/").h1)


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
