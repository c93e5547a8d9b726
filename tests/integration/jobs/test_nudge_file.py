"""The queue's file is deleted, damaged or put back while the site runs: jobs still find their workers."""

import pytest

from jobs import queue
from tests.factories import make_job, make_teacher
from webapp import create_app


@pytest.fixture
def job(app):
    return make_job(make_teacher())


@pytest.fixture
def worker(app, instance):
    """What a worker process has open; returns how many nudges it finds."""
    other = create_app(INSTANCE=instance, TESTING=True).extensions["queue"]
    yield other
    other.storage.close()


def damage(instance):
    for companion in instance.glob("queue.sqlite-*"):
        companion.unlink()
    content = bytearray((instance / "queue.sqlite").read_bytes())
    content[:] = b"\xff" * len(content)
    (instance / "queue.sqlite").write_bytes(content)


def test_after_the_file_was_deleted_web_and_worker_meet_in_a_new_one(job, instance, worker):
    queue.start(job)
    for path in instance.glob("queue.sqlite*"):
        path.unlink()

    queue.start(job)

    assert len(worker) == 1
    assert worker.dequeue().args == (job.id,)


def test_a_damaged_file_keeps_nobody_from_starting_and_the_others_follow(job, instance, worker, caplog):
    queue.start(job)
    assert len(worker) == 1
    damage(instance)

    fresh = create_app(INSTANCE=instance, TESTING=True).extensions["queue"]
    queue.start(job)

    assert (len(fresh), len(worker)) == (1, 1)
    assert (instance / "queue.sqlite.damaged").exists()
    fresh.storage.close()


def test_a_file_that_turns_out_damaged_while_it_is_used_is_made_anew(job, instance, worker, caplog):
    worker.storage.close()  # so that it has read nothing of it yet
    damage(instance)

    worker.storage.enqueue(b"whatever", 0)

    assert worker.storage.queue_size() == 1
