"""A folder that the program may no longer use: what is said, what stays, and that work goes on afterwards."""

import os
from contextlib import contextmanager

import pytest

from jobs import failures, queue
from tests.factories import make_teacher
from tests.system.courses import ask_for_backup, count, make_full_course, now
from tests.system.processes import wait_until, worker
from webapp import places
from webapp.models import ArchiveFile, JobState

pytestmark = pytest.mark.system

#: Begins a command for which permissions count, even where the tests run as root.
OBEDIENT = ("setpriv", "--inh-caps=-dac_override,-dac_read_search",
            "--bounding-set=-dac_override,-dac_read_search")  # fmt: skip
THROUGH = OBEDIENT if os.geteuid() == 0 else ()


@contextmanager
def locked(folder, mode):
    before = folder.stat().st_mode
    folder.chmod(mode)
    try:
        yield
    finally:
        folder.chmod(before)


def test_a_backup_without_the_right_to_a_folder_says_so_and_the_next_one_goes(app, instance):
    teacher = make_teacher()
    course = make_full_course(teacher, megabytes=1)
    before = sorted(places.scratch().iterdir())

    with worker(instance, through=THROUGH):
        refused = []
        for name, mode in (("scratch", 0o500), ("archives", 0o500), ("files", 0)):
            with locked(instance / name, mode):
                refused.append(backed_up(course, teacher))
        left = sorted(places.scratch().iterdir())
        again = backed_up(course, teacher)

    assert [job.state for job in refused] == [JobState.FAILED] * 3
    assert {job.problem for job in refused} == {failures.NOT_ALLOWED}
    assert left == before
    assert again.state == JobState.DONE
    assert count(ArchiveFile, ArchiveFile.course_id == course.id) == 1


def backed_up(course, teacher):
    """Have the worker make a backup; returns the job's end."""
    job = ask_for_backup(course, teacher)
    queue.start(job)
    wait_until(lambda: now(job.id).is_over, "the backup has ended")
    return now(job.id)
