"""A real worker takes jobs in the order of the line, and none while an admin has paused all."""

import pytest

from jobs import pause, queue
from tests.archives import pack_tgz, small_course
from tests.factories import make_teacher
from tests.running import restore
from tests.system.courses import ask_for_backup, now
from tests.system.processes import wait_until, worker
from webapp.extensions import db
from webapp.models import Job, JobKind, JobState, set_setting

pytestmark = pytest.mark.system


def test_what_was_put_first_in_a_pause_begins_first_after_it(app, instance):
    set_setting("async_jobs", True, by=None)
    db.session.commit()
    teachers = [make_teacher() for _ in range(3)]
    _, course = restore(pack_tgz(small_course()), teachers[0])
    pause.pause(None)
    first, second, third = (ask_for_backup(course, teacher).id for teacher in teachers)

    with worker(instance) as one:
        wait_until(lambda: "takes jobs" in one.said(), "the worker is there")
        for number in (first, second, third):
            queue.start(now(number))
        wait_until(lambda: len(app.extensions["queue"]) == 0, "the worker has heard of all three")
        states_in_the_pause = [now(number).state for number in (first, second, third)]
        queue.put_first(third)
        pause.resume(None)
        wait_until(lambda: all(now(number).is_over for number in (first, second, third)), "all are done")

    assert states_in_the_pause == [JobState.QUEUED] * 3
    jobs = db.session.query(Job).filter_by(kind=JobKind.BACKUP).order_by(Job.started_at)
    assert [job.id for job in jobs] == [third, first, second]
