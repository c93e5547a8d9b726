"""Cancelling work that goes on: it ends soon, and nothing of it stays."""

import hashlib
import time

import pytest

from jobs import leftovers, queue
from tests.factories import make_teacher
from tests.system.courses import (
    ask_for_backup,
    ask_for_restore,
    count,
    course_of,
    in_the_middle,
    make_full_course,
    now,
)
from tests.system.processes import SLOWLY, wait_until, worker
from webapp import places
from webapp.models import ArchiveFile, Course, CourseVersion, JobState, Message

pytestmark = [pytest.mark.system, pytest.mark.alone]

#: Seconds until the end of what was cancelled. Half of it is for a machine with much else to do.
SOON = 2


def cancel(job):
    """Cancel the job in the middle; returns how many seconds it took to its end."""
    wait_until(lambda: in_the_middle(job.id), "it is half way")
    began = time.monotonic()
    assert queue.cancel(job.id)
    wait_until(lambda: now(job.id).is_over, "it has ended")
    return time.monotonic() - began


def half_made_contents():
    """Files of the store that are not what their name says, or have none yet."""
    store = places.storage()
    named = store.folder.glob("??/??/*")
    wrong = [path for path in named if hashlib.sha1(path.read_bytes()).hexdigest() != path.name]
    return wrong + list(store.incoming.iterdir())


def test_a_restore_that_is_cancelled_ends_soon_and_leaves_nothing(app, instance):
    job = ask_for_restore(course_of(24), make_teacher())
    queue.start(job)

    with worker(instance, env=SLOWLY):
        wait_until(lambda: now(job.id).state == JobState.WAITING, "the file is read")
        queue.answer(job.id, {"target": "new", "people": True})
        queue.start(job)
        seconds = cancel(job)
    leftovers.clear()

    assert now(job.id).state == JobState.CANCELLED
    assert seconds < SOON
    assert (count(Course), count(CourseVersion)) == (0, 0)
    assert list(places.scratch().iterdir()) == []
    assert half_made_contents() == []
    assert count(Message) == 0


def test_a_backup_that_is_cancelled_ends_soon_and_leaves_nothing(app, instance):
    teacher = make_teacher()
    job = ask_for_backup(make_full_course(teacher), teacher)
    queue.start(job)

    with worker(instance, env=SLOWLY):
        seconds = cancel(job)

    assert now(job.id).state == JobState.CANCELLED
    assert seconds < SOON
    assert count(ArchiveFile, ArchiveFile.course_id == job.course_id) == 0
    assert list(places.scratch().iterdir()) == []
    assert count(Message, Message.job_id == job.id) == 0
