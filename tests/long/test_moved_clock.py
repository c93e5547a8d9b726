"""Somebody sets the clock of the machine, far back and forth, while two workers work through a line of jobs."""

import os

import pytest

from jobs import queue
from tests.factories import make_admin, make_teacher
from tests.system.courses import ask_for_backup, count, make_full_course, now
from tests.system.processes import wait_until, worker
from webapp.models import ArchiveFile, JobState, Message

pytestmark = [pytest.mark.long, pytest.mark.system]

HOURS = (0, 30, -50, 24 * 400, -1, 0.5, -24 * 400, 2)


@pytest.fixture
def set_clock(tmp_path):
    """Set the clock of the workers so many hours forth, or back, from what is right."""
    path = tmp_path / "hours"

    def set_clock(hours):
        fresh = path.with_suffix(".new")
        fresh.write_text(str(hours))
        fresh.replace(path)

    set_clock.env = {
        "MOVED_CLOCK": str(path),
        "PYTHONPATH": os.pathsep.join(["tests/system/moved", os.getcwd()]),
    }
    set_clock(0)
    return set_clock


def test_every_job_is_done_once_whatever_the_clock_says(app, instance, set_clock):
    people = [make_teacher(), make_admin()]
    course = make_full_course(people[0], megabytes=6)

    jobs = []
    with worker(instance, env=set_clock.env), worker(instance, env=set_clock.env):
        for hours in HOURS:
            asked = [ask_for_backup(course, teacher) for teacher in people]
            for job in asked:
                queue.start(job)
            wait_until(lambda asked=asked: now(asked[0].id).state != JobState.QUEUED, "the first has begun")
            set_clock(hours)
            wait_until(lambda asked=asked: all(now(job.id).is_over for job in asked), "both have ended")
            jobs += asked

    assert [(now(job.id).state, now(job.id).attempts) for job in jobs] == [(JobState.DONE, 1)] * len(jobs)
    assert count(ArchiveFile, ArchiveFile.course_id == course.id) == len(jobs)
    assert [count(Message, Message.job_id == job.id) for job in jobs] == [1] * len(jobs)
