"""`coursekeep serve`: one command from nothing to a page, and a clean end (at work: test_interrupted_serve.py)."""

import signal
import socket
import subprocess
from types import SimpleNamespace

import psutil
import pytest

from tests.pages import text
from tests.serving import COMMAND, ROOT, Visitor, served
from tests.system.processes import wait_until

pytestmark = pytest.mark.system
#: For what looks at the same start: the process that has made it.
same_start = pytest.mark.xdist_group("first start")


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A first start: what somebody saw who signed in, and what was left when it was ended by Ctrl-C."""
    with served(tmp_path_factory.mktemp("first") / "school") as school:
        visitor = Visitor(school.url)
        front = visitor.sign_in(school.username, school.password)
        visitor.status("/invitation/a-secret-key")
        code = school.stop()
        outlived = [child for child in school.children if child.is_running()]
    return SimpleNamespace(school=school, front=front, code=code, outlived=outlived, said=school.said())


@same_start
def test_from_nothing_to_the_course_page_of_the_sample_course(first):
    assert "Reading the night sky" in text(first.front.main)
    assert f"Coursekeep is at {first.school.url}" in first.said


@same_start
def test_ctrl_c_ends_it_with_both_its_processes(first):
    assert first.code == 0
    assert len(first.school.children) == 2
    assert not first.outlived


@same_start
def test_the_log_names_nobody(first):
    log = [line for line in first.said.splitlines() if line.startswith("at=")]

    assert log
    assert not [line for line in log if "127.0.0.1" in line or "a-secret-key" in line or "admin" in line]


@same_start
def test_the_second_start_keeps_the_password_to_itself_and_the_data_as_they_are(first):
    with served(first.school.instance) as second:
        assert second.password == ""
        visitor = Visitor(second.url)
        front = visitor.sign_in(first.school.username, first.school.password)

        code = second.stop(signal.SIGTERM)

    assert text(front.main).count("Reading the night sky") == text(first.front.main).count(
        "Reading the night sky"
    )
    assert front.find("form", action="/sign-out")
    assert code == 0
    assert not any(child.is_running() for child in second.children)


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


def test_a_port_that_is_taken_is_said_and_nothing_is_started(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = [*COMMAND, "--instance", str(tmp_path / "school"), "serve", "--port", port]

        ended = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert ended.returncode == 1
    assert "can’t be listened at" in ended.stderr
    assert not (tmp_path / "school").exists()
