"""`coursekeep automated`: a round from a shell, how the last ones went, and what the rules let go."""

import json
import logging

import pytest

from tests.automating import a_course, items, rounds, set_schedule
from tests.factories import make_admin, make_archive
from webapp.cli import main
from webapp.extensions import db
from webapp.models import ArchiveFile, ArchiveOrigin, Document, ItemState


@pytest.fixture
def ruth(app):
    return make_admin("ruth")


@pytest.fixture(autouse=True)
def quiet_afterwards():
    """A command sets the log up for its process; the next test has its own."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)


@pytest.fixture
def coursekeep(instance, capsys):
    """Run the command; returns its exit code, and the object that it printed."""

    def call(*words):
        db.session.rollback()
        code = main(["--instance", str(instance), "automated", *words, "--json"])
        db.session.rollback()
        return code, json.loads(capsys.readouterr().out)

    return call


def test_show_says_when_the_next_round_is_due(ruth, coursekeep):
    set_schedule(ruth, days=[0, 4], keep_last=3)

    code, said = coursekeep("show")

    assert (code, said["active"], said["days"], said["time"]) == (0, True, [0, 4], "02:30")
    assert said["next"]
    assert (said["keep"]["last"], said["runs"]) == (3, [])


def test_without_a_schedule_nothing_is_due(ruth, coursekeep):
    assert coursekeep("run") == (0, {"run": None})
    assert rounds() == []


def test_run_now_carries_a_round_out(ruth, coursekeep):
    course = a_course(ruth)

    code, said = coursekeep("run", "--now")

    assert (code, said["done"], said["failed"], said["waiting"]) == (0, 1, [], 0)
    assert said["finished_at"]
    assert [(item.course_id, item.state) for item in items()] == [(course.id, ItemState.DONE)]
    assert coursekeep("show")[1]["runs"][0]["bytes"] == said["bytes"] > 0


def test_a_course_that_failed_is_named_with_its_reason(ruth, coursekeep):
    course = a_course(ruth)
    db.session.query(Document).update({"skeleton": b"\x00"})
    db.session.commit()

    code, said = coursekeep("run", "--now")

    assert code == 1
    assert said["failed"] == [{"course": course.id, "title": course.fullname, "reason": items()[0].reason}]


def test_queue_leaves_the_work_to_a_worker(ruth, coursekeep):
    a_course(ruth)

    code, said = coursekeep("run", "--now", "--queue")

    assert (code, said["finished_at"], said["waiting"]) == (0, None, 1)


def test_prune_says_what_would_go_and_then_lets_it_go(ruth, coursekeep):
    course = a_course(ruth)
    for _ in range(3):
        make_archive(ruth, course, origin=ArchiveOrigin.AUTOMATED)
    set_schedule(ruth, keep_last=1)

    _, would = coursekeep("prune", "--dry-run")
    before = db.session.query(ArchiveFile).filter_by(origin=ArchiveOrigin.AUTOMATED).count()
    _, did = coursekeep("prune")

    assert (len(would["goes"]), [one["reasons"] for one in would["stays"]]) == (2, [["one of the last"]])
    assert (before, did["removed"]) == (3, 2)
    assert db.session.query(ArchiveFile).filter_by(origin=ArchiveOrigin.AUTOMATED).count() == 1


def test_for_people_it_says_the_same_in_words(ruth, instance, capsys):
    a_course(ruth)

    assert main(["--instance", str(instance), "automated", "show"]) == 0
    assert main(["--instance", str(instance), "automated", "run", "--now"]) == 0
    assert main(["--instance", str(instance), "automated", "prune", "--dry-run"]) == 0

    said = capsys.readouterr().out
    assert "Automatic backups are off." in said
    assert "1 course backed up." in said
    assert "0 backups would go" in said


def test_without_an_admin_no_round_can_be_made(app, instance, capsys):
    assert main(["--instance", str(instance), "automated", "run", "--now"]) == 1
    assert "There is no admin" in capsys.readouterr().err
