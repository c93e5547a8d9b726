"""Ctrl-C of `coursekeep serve` in the middle of a backup: it ends soon, and the next start finishes the work."""

import time
from contextlib import closing

import pytest

from jobs import queue
from tests.factories import make_teacher
from tests.serving import served
from tests.system.caller import Caller
from tests.system.courses import MB, ask_for_backup, count, in_the_middle, make_full_course, now
from tests.system.processes import SLOWLY, wait_until
from webapp import places
from webapp.extensions import db
from webapp.models import ArchiveFile, JobState, set_setting

pytestmark = [pytest.mark.system, pytest.mark.alone]

#: Seconds.
SOON = 12


@pytest.mark.parametrize("runner", ["the worker", "a request whose browser is gone"])
def test_a_backup_under_way_is_put_back_in_line_and_finished_by_the_next_start(app, instance, runner):
    in_background = runner == "the worker"
    set_setting("async_jobs", in_background, by=None)
    db.session.commit()
    teacher = make_teacher(wants_mail=False)
    job = ask_for_backup(make_full_course(teacher, 48), teacher)

    with served(instance, "--no-sample", env=SLOWLY) as school:
        caller = Caller.of(app, school.url, teacher)
        with closing(caller.connect()) as connection:
            if in_background:
                queue.start(job)
            else:
                answer, _ = caller.begin(connection, "POST", f"/jobs/{job.id}/run", {})
                answer.read1()
                answer.close()
                connection.close()
                wait_until(lambda: now(job.id).done_bytes > 30 * MB, "the page could not be sent on")
            wait_until(lambda: in_the_middle(job.id), "the backup is half way")
            began = time.monotonic()
            code = school.stop()
            seconds = time.monotonic() - began
    stopped = now(job.id)
    left = (stopped.state, stopped.attempts, list(places.scratch().iterdir()))
    with served(instance, "--no-sample"):
        wait_until(lambda: now(job.id).is_over, "the next start finishes the backup")

    assert code == 0
    assert seconds < SOON
    assert not any(child.is_running() for child in school.children)
    assert left == (JobState.QUEUED, 0, [])
    assert (now(job.id).state, now(job.id).problem) == (JobState.DONE, "")
    assert count(ArchiveFile, ArchiveFile.course_id == job.course_id) == 1
