"""Harmed archives restored: the course is what was backed up, or the job says what is not."""

import time
from collections import Counter

import pytest

from jobs import leftovers
from tests.archives import pack_tgz, pack_zip, small_course
from tests.bit_rot import harmed
from tests.factories import make_teacher
from tests.members import members_of, same_documents
from tests.running import answer, back_up, read_archive
from tests.system.courses import count
from tests.tables import report
from webapp.extensions import db
from webapp.models import Course, CourseVersion, JobState

SECONDS = 150

pytestmark = [pytest.mark.long, pytest.mark.timeout(4 * SECONDS)]


@pytest.mark.parametrize("pack", [pack_tgz, pack_zip])
def test_what_is_restored_of_a_harmed_archive_is_whole_or_what_is_not_is_named(app, pack, caplog):
    members, teacher = small_course(), make_teacher(wants_mail=False)
    whole = pack(members)
    ends, seed, end = Counter(), 0, time.monotonic() + SECONDS

    while time.monotonic() < end:
        how, bad = harmed(whole, seed := seed + 1)
        job = read_archive(bad, teacher)
        if job.state == JobState.WAITING:
            job = answer(job, shortname=f"TIDE {seed}")
        check(job, f"seed {seed}, {how}", members, teacher)
        ends[job.state] += 1
    leftovers.clear()

    assert not [record for record in caplog.records if record.exc_info]
    assert count(Course) == count(CourseVersion) == ends[JobState.DONE] + ends[JobState.WARNED]
    report("Flips, cuts, blanks, losses and splices × restore", container=pack.__name__.removeprefix("pack_"),
           tried=seed, failed_with_a_reason=ends[JobState.FAILED],
           done_with_warnings=ends[JobState.WARNED], done_and_equal=ends[JobState.DONE])  # fmt: skip


def check(job, which, members, teacher):
    if job.state == JobState.DONE:
        _, path = back_up(db.session.get_one(Course, job.result["course_id"]), teacher)
        assert same_documents(members, members_of(path)) == [], which
    elif job.state == JobState.WARNED:
        assert job.warnings, which
    else:
        assert job.state == JobState.FAILED, which
        assert job.problem, which
        assert "did not foresee" not in job.problem, which
