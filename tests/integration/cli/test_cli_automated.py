"""`coursekeep automated`: a round from a shell, how the last ones went, and what the rules let go."""

import json

import pytest

from tests.automating import a_course, items, rounds, set_schedule
from tests.factories import make_admin, make_archive, make_job
from tests.integration.cli.test_cli import quiet_afterwards  # noqa: F401
from webapp.extensions import db
from webapp.models import ArchiveFile, ArchiveOrigin, Document, ItemState, Job, JobKind, JobState


@pytest.fixture
def ruth(app):
    return make_admin("ruth")


@pytest.fixture
def automated(coursekeep):
    """Run the command; returns its exit code, and the object that it printed."""

    def call(*words):
        code, out, _ = coursekeep("automated", *words, "--json")
        return code, json.loads(out)

    return call


def test_show_says_when_the_next_round_is_due(ruth, automated):
    set_schedule(ruth, days=[0, 4], keep_last=3)

    code, said = automated("show")

    assert (code, said["active"], said["days"], said["time"]) == (0, True, [0, 4], "02:30")
    assert said["next"]
    assert (said["keep"]["last"], said["runs"]) == (3, [])


def test_without_a_schedule_nothing_is_due(ruth, automated):
    assert automated("run") == (0, {"run": None})
    assert rounds() == []


def test_run_now_carries_a_round_out(ruth, automated):
    course = a_course(ruth)

    code, said = automated("run", "--now")

    assert (code, said["done"], said["failed"], said["waiting"]) == (0, 1, [], 0)
    assert said["finished_at"]
    assert [(item.course_id, item.state) for item in items()] == [(course.id, ItemState.DONE)]
    assert automated("show")[1]["runs"][0]["bytes"] == said["bytes"] > 0


def test_a_course_that_failed_is_named_with_its_reason(ruth, automated):
    course = a_course(ruth)
    db.session.query(Document).update({"skeleton": b"\x00"})
    db.session.commit()

    code, said = automated("run", "--now")

    assert code == 1
    assert said["failed"] == [{"course": course.id, "title": course.fullname, "reason": items()[0].reason}]


def test_queue_leaves_the_work_to_a_worker(ruth, automated):
    a_course(ruth)

    code, said = automated("run", "--now", "--queue")

    assert (code, said["finished_at"], said["waiting"]) == (0, None, 1)


def test_prune_says_what_would_go_and_then_lets_it_go(ruth, automated):
    course = a_course(ruth)
    for _ in range(3):
        make_archive(ruth, course, origin=ArchiveOrigin.AUTOMATED)
    set_schedule(ruth, keep_last=1)

    _, would = automated("prune", "--dry-run")
    before = db.session.query(ArchiveFile).filter_by(origin=ArchiveOrigin.AUTOMATED).count()
    _, did = automated("prune")

    assert (len(would["goes"]), [one["reasons"] for one in would["stays"]]) == (2, [["one of the last"]])
    assert (before, did["removed"]) == (3, 2)
    assert db.session.query(ArchiveFile).filter_by(origin=ArchiveOrigin.AUTOMATED).count() == 1


def test_for_people_it_says_the_same_in_words(ruth, coursekeep):
    a_course(ruth)

    said = [coursekeep("automated", *words) for words in (["show"], ["run", "--now"], ["prune", "--dry-run"])]

    assert [code for code, _, _ in said] == [0, 0, 0]
    assert "Automatic backups are off." in said[0][1]
    assert "1 course backed up." in said[1][1]
    assert "0 backups would go" in said[2][1]


def test_without_an_admin_no_round_can_be_made(coursekeep):
    code, _, words = coursekeep("automated", "run", "--now")

    assert code == 1
    assert "There is no admin" in words


def test_what_somebody_asked_for_is_done_first_where_no_worker_runs(ruth, automated):
    course = a_course(ruth)
    asked = make_job(ruth, course, options={"people": True, "files": True})

    code, said = automated("run", "--now")

    db.session.expire_all()
    automatic = db.session.query(Job).filter_by(kind=JobKind.AUTOMATED).one()
    assert (code, said["done"], asked.state) == (0, 1, JobState.DONE)
    assert asked.finished_at < automatic.started_at
