"""kill -9 of a worker in the middle of its work, and what a new one makes of it."""

import signal

import pytest
import sqlalchemy as sa

from jobs import leftovers, queue
from jobs.runner import MOST_ATTEMPTS
from tests.factories import make_teacher
from tests.members import members_of, same_documents
from tests.running import restore
from tests.system.courses import (
    ask_for_backup,
    ask_for_restore,
    count,
    course_of,
    in_the_middle,
    make_full_course,
    now,
    packed,
    talkative_course,
)
from tests.system.processes import SLOWLY, kill, wait_until, worker
from webapp import places
from webapp.extensions import db
from webapp.models import ArchiveFile, Course, CourseVersion, JobKind, JobState, Message

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("in_background")]


def test_a_backup_whose_worker_is_killed_is_finished_by_the_next(app, instance):
    teacher, members = make_teacher(), course_of(24)
    _, course = restore(packed(members), teacher)
    job = ask_for_backup(course, teacher)

    with worker(instance, env=SLOWLY) as first:
        queue.start(job)
        wait_until(lambda: in_the_middle(job.id), "the backup is half way")
        kill(first)
    kept = count(ArchiveFile, ArchiveFile.course_id == course.id)
    with worker(instance):
        wait_until(lambda: now(job.id).is_over, "the second worker has finished the backup")

    job = now(job.id)
    assert kept == 0
    assert (job.state, job.attempts) == (JobState.DONE, 2), job.problem
    assert same_documents(members, members_of(places.archive_path(job.result["archive_id"]))) == []
    assert count(Message, Message.job_id == job.id) == 1


def test_a_restore_whose_worker_is_killed_is_finished_by_the_next(app, instance):
    job = ask_for_restore(course_of(24), make_teacher())

    with worker(instance, env=SLOWLY) as first:
        queue.start(job)
        wait_until(lambda: now(job.id).state == JobState.WAITING, "the file is read")
        queue.answer(job.id, {"target": "new", "people": True})
        queue.start(job)
        wait_until(lambda: in_the_middle(job.id), "the restore is half way")
        kill(first)
    begun = (count(CourseVersion), count(Course))
    with worker(instance):
        wait_until(lambda: now(job.id).is_over, "the second worker has finished the restore")
    leftovers.clear()

    job = now(job.id)
    assert begun == (1, 0)
    assert job.state == JobState.DONE, job.problem
    assert (count(CourseVersion), count(Course)) == (1, 1)
    assert count(Message, Message.job_id == job.id) == 1


def test_a_copy_whose_worker_is_killed_is_finished_by_the_next_and_leaves_nothing_twice(app, instance):
    teacher = make_teacher()
    _, course = restore(packed(talkative_course()), teacher)
    options = {"fullname": "Tides again", "shortname": "AGAIN", "people": True}
    job, _ = queue.ask_for(JobKind.COPY, "course", course.id, user=teacher, title=course.fullname,
                           course=course, options=options)  # fmt: skip

    with worker(instance, env=SLOWLY) as first:
        queue.start(job)
        wait_until(lambda: in_the_middle(job.id), "the copy is half way")
        kill(first)
    begun = count(Course)
    leftovers.clear()
    with worker(instance):
        wait_until(lambda: now(job.id).is_over, "the second worker has finished the copy")
    leftovers.clear()

    job = now(job.id)
    assert begun == 1
    assert (job.state, job.attempts) == (JobState.DONE, 2), job.problem
    assert (count(CourseVersion), count(Course)) == (2, 2)
    assert count(Message, Message.job_id == job.id) == 1
    assert list(places.scratch().iterdir()) == []


def test_a_job_that_kills_its_worker_each_time_is_given_up_with_the_reason(app, instance):
    teacher = make_teacher()
    job = ask_for_backup(make_full_course(teacher), teacher)
    queue.start(job)

    for attempt in range(1, MOST_ATTEMPTS + 1):
        with worker(instance, env=SLOWLY) as unlucky:
            wait_until(
                lambda attempt=attempt: in_the_middle(job.id, attempt), f"attempt {attempt} is half way"
            )
            kill(unlucky)
    with worker(instance):
        wait_until(lambda: now(job.id).is_over, "the job is given up")

    job = now(job.id)
    assert job.state == JobState.FAILED
    assert job.problem.startswith("The program that did the work stopped 3 times in the middle of it.")
    told = sa.select(Message.event).where(Message.job_id == job.id)
    assert db.session.scalars(told).all() == ["backup_failed"]
    assert count(ArchiveFile, ArchiveFile.course_id == job.course_id) == 0


def test_a_worker_that_is_told_to_stop_hands_its_job_back(app, instance):
    teacher = make_teacher()
    job = ask_for_backup(make_full_course(teacher), teacher)

    with worker(instance, env=SLOWLY) as first:
        queue.start(job)
        wait_until(lambda: in_the_middle(job.id), "the backup is half way")
        first.send_signal(signal.SIGTERM)
        first.wait(10)

    job = now(job.id)
    assert first.returncode == 0
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    assert list(places.scratch().iterdir()) == []
