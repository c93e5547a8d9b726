"""Two workers and one job: it is done once, whoever wakes up when."""

import signal

import pytest
import sqlalchemy as sa

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
from tests.system.processes import SLOWLY, freeze, wait_until, worker
from webapp import places
from webapp.database import separate_write
from webapp.extensions import db
from webapp.models import ArchiveFile, Course, CourseVersion, Job, JobState, Message

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("in_background")]


def have_it_done_by_another(job, instance):
    """Give the job away, as the sweep of another host would once it hears nothing; returns the row of its end."""
    with separate_write() as session:
        given = {"token": Job.token + 1, "state": JobState.QUEUED, "runner": ""}
        session.execute(sa.update(Job).where(Job.id == job.id).values(given))
    queue.start(job)
    with worker(instance):
        wait_until(lambda: now(job.id).is_over, "the second worker has done it")
        return columns_of(job.id)


def columns_of(job_id):
    job = now(job_id)
    return {column.name: getattr(job, column.name) for column in Job.__table__.columns}


def test_two_workers_that_are_told_of_one_job_do_it_once(app, instance):
    teacher = make_teacher()
    job = ask_for_backup(make_full_course(teacher), teacher)

    with worker(instance, threads=2, env=SLOWLY) as one, worker(instance, threads=2, env=SLOWLY) as other:
        wait_until(lambda: "takes jobs" in one.said() and "takes jobs" in other.said(), "both are at work")
        for _ in range(8):
            queue.start(job)
        wait_until(lambda: now(job.id).is_over, "the backup is done")
        wait_until(lambda: len(app.extensions["queue"]) == 0, "every nudge is taken")
        begun = one.said().count("(backup) begins") + other.said().count("(backup) begins")

    job = now(job.id)
    assert (job.state, job.attempts, job.token) == (JobState.DONE, 1, 1)
    assert begun == 1
    assert count(ArchiveFile, ArchiveFile.course_id == job.course_id) == 1
    assert count(Message, Message.job_id == job.id) == 1


def test_a_backup_worker_that_wakes_up_after_its_job_was_done_changes_nothing(app, instance):
    teacher = make_teacher()
    job = ask_for_backup(make_full_course(teacher), teacher)
    queue.start(job)

    with worker(instance, env=SLOWLY) as first:
        wait_until(lambda: in_the_middle(job.id), "the backup is half way")
        freeze(first, instance)
        done = have_it_done_by_another(job, instance)
        archive = places.archive_path(done["result"]["archive_id"])
        written = archive.stat()
        first.send_signal(signal.SIGCONT)
        wait_until(
            lambda: "this one lets it be" in first.said(), "the first worker sees that it lost the job"
        )

    assert done["state"] == JobState.DONE
    assert columns_of(job.id) == done
    assert archive.stat() == written
    assert count(ArchiveFile, ArchiveFile.course_id == job.course_id) == 1
    assert count(Message, Message.job_id == job.id) == 1
    assert list(places.scratch().iterdir()) == []


def test_a_restore_worker_that_wakes_up_after_its_job_was_done_changes_nothing(app, instance):
    job = ask_for_restore(course_of(24), make_teacher())
    queue.start(job)

    with worker(instance, env=SLOWLY) as first:
        wait_until(lambda: now(job.id).state == JobState.WAITING, "the file is read")
        queue.answer(job.id, {"target": "new", "people": True})
        queue.start(job)
        wait_until(lambda: in_the_middle(job.id), "the restore is half way")
        freeze(first, instance)
        done = have_it_done_by_another(job, instance)
        first.send_signal(signal.SIGCONT)
        wait_until(
            lambda: "this one lets it be" in first.said(), "the first worker sees that it lost the job"
        )
    leftovers.clear()

    assert done["state"] == JobState.DONE
    assert columns_of(job.id) == done
    assert (count(Course), count(CourseVersion)) == (1, 1)
    assert db.session.get(Course, done["result"]["course_id"]).version_id == done["result"]["version_id"]
    assert list(places.scratch().iterdir()) == []
