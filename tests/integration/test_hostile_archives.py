"""Archives that mean harm: each is refused in a sentence, or restored without doing any."""

import os
import time

import pytest

from tests.factories import make_teacher
from tests.hostile.containers import CONTAINERS
from tests.running import answer, read_archive
from webapp import places
from webapp.extensions import db
from webapp.models import Course, CourseVersion, JobState

#: Seconds that no archive of these may take, on a machine that is busy with other tests too.
LONGEST = 20


@pytest.fixture
def teacher(app):
    return make_teacher()


def all_files(folder):
    return {os.path.join(top, name) for top, _, names in os.walk(folder) for name in names}


def restore(content, teacher):
    """Read an archive, and restore it if that is possible; returns the job."""
    job = read_archive(content, teacher)
    return answer(job) if job.state == JobState.WAITING else job


def check(make, ends, teacher, tmp_path, caplog):
    """See to it that the archive ends so, in time, and leaves nothing where nothing belongs."""
    content, instance = make(), tmp_path / "instance"
    before, began = all_files(tmp_path) - all_files(instance), time.monotonic()

    job = restore(content, teacher)

    assert time.monotonic() - began < LONGEST
    assert all_files(tmp_path) - all_files(instance) == before
    assert "Traceback" not in caplog.text
    if ends is None:
        assert job.state in (JobState.DONE, JobState.WARNED), job.problem
    else:
        assert job.problem.startswith(ends)
        assert db.session.query(Course).count() == db.session.query(CourseVersion).count() == 0
        assert all_files(places.storage().folder) == set()


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_that_means_harm_does_none(name, teacher, tmp_path, caplog):
    make, ends = CONTAINERS[name]

    check(make, ends, teacher, tmp_path, caplog)
