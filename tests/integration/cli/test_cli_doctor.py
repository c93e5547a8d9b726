"""What `coursekeep doctor` finds, and what it advises."""

import json
import shutil
from collections import namedtuple
from datetime import timedelta

import pytest

from jobs import failures, presence
from tests.automating import set_schedule
from tests.factories import keep, make_admin, make_archive, make_course, make_job
from tests.integration.cli.test_cli import quiet_afterwards  # noqa: F401
from webapp import places
from webapp.cli import main
from webapp.extensions import db
from webapp.models import AutomatedItem, AutomatedRun, ItemState, JobState, set_setting, utc_now

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def doctor(coursekeep):
    """Run the command; returns its exit code, and its findings by name."""

    def run():
        code, out, _ = coursekeep("doctor", "--json")
        return code, {check.pop("name"): check for check in json.loads(out)["checks"]}

    return run


@pytest.fixture
def sound(instance, app):
    """An installation in which nothing is wrong."""
    instance.chmod(0o700)
    (instance / "config.toml").write_text(
        'base_url = "https://school.example"\nmail_server = "mail.school.example"\n'
    )
    make_admin()
    presence.become_worker(places.locks())


def test_a_sound_installation_is_told_to_be_sound(sound, doctor):
    code, checks = doctor()

    assert code == 0
    assert {check["state"] for check in checks.values()} == {"ok"}
    assert {check["advice"] for check in checks.values()} == {""}


def test_for_people_each_thing_is_a_line_with_what_to_do(app, coursekeep):
    code, out, _ = coursekeep("doctor")

    assert code == 1
    assert "BAD   accounts   nobody has an account." in out
    assert "Run “coursekeep user add NAME --email … --role admin”." in out


def test_without_mail_and_https_there_is_something_to_look_at(sound, instance, doctor):
    (instance / "config.toml").unlink()

    code, checks = doctor()

    assert code == 3
    assert checks["mail"]["state"] == checks["address"]["state"] == "warn"


def test_a_damaged_database_is_found(sound, instance, doctor):
    path = instance / "queue.sqlite"
    for companion in instance.glob("queue.sqlite-*"):
        companion.unlink()
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 4000)

    code, checks = doctor()

    assert code == 1
    assert checks["databases"]["state"] == "bad"
    assert "queue.sqlite is damaged" in checks["databases"]["says"]


@pytest.mark.parametrize(
    ("left", "says"), [(b"", "coursekeep.sqlite is empty"), (None, "coursekeep.sqlite is not there")]
)
def test_a_school_without_its_database_is_found_and_none_begun_in_its_place(
    instance, app, capsys, left, says
):
    lose_database(instance, left)
    (instance / "archives/1.mbz").write_bytes(b"a year's work")

    codes = [main(["--instance", str(instance), *words]) for words in (["doctor"], ["courses"], ["init"])]

    said, told = capsys.readouterr()
    assert codes == [1, 1, 1]
    assert f"{says}.\n{'':16} Stop everything, and put back the last copy" in said
    assert told.count("The database of this school is gone") == 2
    assert "password" not in said


def lose_database(instance, left):
    db.session.remove()
    db.engine.dispose()
    for path in instance.glob("coursekeep.sqlite*"):
        path.unlink()
    if left is not None:
        (instance / "coursekeep.sqlite").write_bytes(left)


def test_tables_of_another_version_are_found(sound, doctor):
    with db.engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '0000'")

    code, checks = doctor()

    assert code == 1
    assert checks["tables"]["advice"] == "Run “coursekeep init”."


@pytest.mark.parametrize(
    ("free", "state"), [(100_000_000, "bad"), (1_000_000_000, "warn"), (50_000_000_000, "ok")]
)
def test_a_disk_that_fills_up_is_found(sound, doctor, monkeypatch, free, state):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100_000_000_000, 0, free))

    _, checks = doctor()

    assert checks["disk"]["state"] == state


def test_what_is_to_stay_free_counts_as_taken(sound, doctor, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100_000_000_000, 0, 50_000_000_000))
    set_setting("spare_mb", 49_900, by=None)
    db.session.commit()

    assert doctor()[1]["disk"]["state"] == "bad"


@pytest.mark.parametrize(("allowed", "state"), [(0, "ok"), (10, "ok"), (1, "warn")])
def test_little_room_for_backups_is_found(sound, doctor, allowed, state):
    make_archive(make_admin(), size=900_000)
    set_setting("site_quota_mb", allowed, by=None)
    db.session.commit()

    room = doctor()[1]["room"]

    assert (room["state"], "900 kB" in room["says"]) == (state, True)


def test_a_folder_that_others_can_look_into_is_found(sound, instance, doctor):
    instance.chmod(0o755)

    _, checks = doctor()

    assert checks["folders"]["state"] == "warn"
    assert checks["folders"]["advice"] == f"Run: chmod 700 {instance}"


@pytest.mark.parametrize(("in_background", "state"), [(False, "warn"), (True, "bad")])
def test_a_missing_worker_is_worse_where_jobs_wait_for_it(app, doctor, in_background, state):
    set_setting("async_jobs", in_background, by=None)
    db.session.commit()

    _, checks = doctor()

    assert checks["worker"]["state"] == state


def test_a_job_that_waits_too_long_is_found(sound, doctor):
    make_job(make_admin(), make_course(), queued_at=utc_now() - timedelta(minutes=30))

    _, checks = doctor()

    assert checks["line"]["state"] == "warn"
    assert checks["line"]["says"] == "1 job in line, the first for 30 minutes"


def test_a_job_that_is_to_wait_is_not_late(sound, doctor):
    later = utc_now() + timedelta(hours=1)
    make_job(make_admin(), make_course(), queued_at=utc_now() - timedelta(minutes=30), not_before=later)

    _, checks = doctor()

    assert checks["line"]["state"] == "ok"


def test_a_running_job_whose_process_is_gone_is_found(sound, doctor):
    gone = presence.my_name(places.locks()).rsplit(".", 1)[0] + ".00000000"
    job = make_job(make_admin(), make_course(), state=JobState.RUNNING, runner=gone)
    make_job(make_admin(), make_course(), state=JobState.RUNNING, runner=presence.my_name(places.locks()))

    _, checks = doctor()

    assert checks["orphans"]["state"] == "warn"
    assert checks["orphans"]["says"] == f"jobs without a process: {job.id}"


def test_a_silent_job_on_another_host_is_found(sound, doctor):
    long_ago = utc_now() - timedelta(minutes=5)
    make_job(make_admin(), make_course(), state=JobState.RUNNING, runner="other.1.abcd", heard_at=long_ago)

    _, checks = doctor()

    assert checks["orphans"]["state"] == "warn"


def test_a_damaged_database_is_told_in_a_sentence_by_every_command(sound, instance, capsys):
    db.session.remove()
    db.engine.dispose()
    for companion in instance.glob("coursekeep.sqlite-*"):
        companion.unlink()
    (instance / "coursekeep.sqlite").write_bytes(b"no database at all" * 1000)

    code = main(["--instance", str(instance), "courses"])

    assert code == 1
    assert capsys.readouterr().err == f"{failures.DAMAGED}\n"


def test_a_damaged_backup_is_something_to_act_on(sound, doctor):
    make_archive(make_admin(), make_course(), damage="Its file is gone.")

    code, checks = doctor()

    assert (code, checks["automated"]["state"]) == (1, "bad")
    assert checks["automated"]["says"] == "1 stored backup damaged"


def test_a_round_that_does_not_begin_is_something_to_look_at(sound, doctor):
    set_schedule(make_admin(), since=utc_now() - timedelta(days=3))

    code, checks = doctor()

    assert (code, checks["automated"]["state"]) == (3, "warn")
    assert checks["automated"]["says"].startswith("a round of automatic backups has been due for")


def test_a_course_that_failed_in_the_last_round_is_something_to_look_at(sound, doctor):
    set_schedule(make_admin(), since=utc_now() + timedelta(days=1))
    run = keep(AutomatedRun(due_at=utc_now(), finished_at=utc_now()))
    keep(AutomatedItem(run_id=run.id, title="Tides", state=ItemState.FAILED, reason="The disk is full."))

    _, checks = doctor()

    assert checks["automated"]["says"] == "the last round of automatic backups failed for 1 course"
