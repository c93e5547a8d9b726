"""The page that says in words whether all is well, and the line that leads to it."""

import os
import shutil
import time
from collections import namedtuple

import pytest

from jobs import pause, presence
from jobs.stray import HOUR
from tests.factories import make_admin, make_course, make_job, make_teacher
from tests.pages import text
from webapp import places
from webapp.health import report
from webapp.health.checks import CHECKS
from webapp.health.database_files import databases
from webapp.models import JobState

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def ruth(app, instance, sign_in_as):
    """An admin of an installation in which nothing is wrong."""
    instance.chmod(0o700)
    app.config.update(BASE_URL="https://school.example", MAIL_SERVER="mail.school.example")
    presence.become_worker(places.locks())
    return sign_in_as(make_admin())


@pytest.fixture
def full_disk(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**12, 10**12, 10**8))


def left_behind(name, content=b"x" * 5000):
    """A file of a job that is long over."""
    path = places.scratch() / name
    path.write_bytes(content)
    os.utime(path, (time.time() - HOUR - 60,) * 2)
    return path


def test_where_all_is_well_the_page_says_so_and_what_was_looked_at(ruth, page):
    shown = page("/health")

    assert text(shown.select_one(".health p")) == "All is well."
    assert shown.find(id="troubles") is None
    assert len(shown.select("dl.pairs dt")) == len(CHECKS) + 1
    assert "Nothing. Jobs and uploads that are over have left no files behind." in text(shown.main)


def test_what_is_wrong_is_said_with_why_it_matters_and_what_to_do(ruth, page, full_disk):
    pause.pause(ruth.id)

    shown = page("/health")

    assert text(shown.select_one(".health p")) == "1 thing has to be mended."
    disk, paused = shown.select("article.slip")
    assert "Disk: 100 MB are free: backups and restores will fail" in text(disk)
    assert "On a full disk no backup, restore or upload gets to its end" in text(disk)
    assert "What to do: Delete old backups, or give the folder a larger disk." in text(disk)
    assert "Pause: all jobs are paused, today," in text(paused)


def test_what_needs_only_a_look_is_said_more_calmly(ruth, page):
    pause.pause(ruth.id)

    assert text(page("/health").select_one(".health.warn p")) == "1 thing needs a look."


def test_the_page_says_what_the_doctor_says(ruth, page, coursekeep, full_disk):
    _, out, _ = coursekeep("doctor")

    shown = text(page("/health").main)

    assert "100 MB are free: backups and restores will fail" in out
    assert "100 MB are free: backups and restores will fail" in shown
    assert {check.__name__ for check in CHECKS} | {"databases"} == set(report.TOPICS)


def test_the_courses_of_an_admin_have_one_line_that_leads_there(ruth, page, full_disk):
    pause.pause(ruth.id)

    line = page("/").select_one("p.notice.bad")

    assert text(line).startswith("Disk: 100 MB are free: backups and restores will fail. And 1 more.")
    assert line.a["href"] == "/health"


def test_where_all_is_well_there_is_no_line(ruth, page):
    assert page("/").find("a", href="/health") is None


def test_a_site_that_is_only_being_set_up_is_not_told_every_day(ruth, app, page):
    app.config.update(BASE_URL="http://127.0.0.1:8000", MAIL_SERVER="")

    assert page("/").find("a", href="/health") is None
    assert "Set MAIL_SERVER" in text(page("/health").main)


def test_it_is_for_admins(ruth, client, page, sign_in_as, full_disk):
    stray = left_behind("job-99-x")
    sign_in_as(make_teacher())

    refused = client.get("/health")
    assert refused.status_code == 403
    assert "Your account may not do this. Ask an admin if it should." in refused.text
    assert client.post("/health/clear").status_code == 403
    assert stray.exists()
    assert page("/").find("a", href="/health") is None


def test_leftovers_are_cleared_by_a_button_but_not_what_a_job_works_with(ruth, page, client):
    job = make_job(make_teacher(), make_course(), state=JobState.RUNNING)
    gone, needed = left_behind("job-99-x"), left_behind(f"job-{job.id}-x")

    before = text(page("/health").find(id="left-over").parent)
    client.post("/health/clear")

    assert "1 file or folder, 5.0 kB" in before
    assert not gone.exists()
    assert needed.exists()


def test_a_large_database_is_not_read_through_while_somebody_waits(ruth, instance):
    glance, whole = databases(instance, seconds=0), databases(instance)

    assert (glance.state, whole.state) == ("ok", "ok")
    assert "“coursekeep doctor” reads all of them" in glance.says
    assert whole.says == "both databases answer and are sound"


def test_a_pause_is_told_by_the_doctor_too(ruth, coursekeep, instance):
    (instance / "config.toml").write_text('base_url = "https://a.example"\nmail_server = "a.example"\n')
    pause.pause(None)

    code, out, _ = coursekeep("doctor")

    assert code == 3
    assert "look  paused     all jobs are paused, today," in out
