"""kill -9 of a worker in the middle of its work, and what a new one makes of it."""

import os
import signal

import pytest
import sqlalchemy as sa

from jobs import queue
from tests.archives import StoredFile, pack_tgz, small_course
from tests.factories import make_teacher
from tests.members import members_of, same_documents
from tests.running import keep_upload, restore
from tests.system.processes import wait_until, worker
from webapp import places
from webapp.extensions import db
from webapp.models import ArchiveFile, Course, CourseVersion, Job, JobKind, JobState, Message, set_setting

pytestmark = pytest.mark.system


@pytest.fixture(autouse=True)
def in_background(app):
    set_setting("async_jobs", True, by=None)
    db.session.commit()


@pytest.fixture
def members():
    """A course whose files take a while to read and write."""
    files = [
        StoredFile(700 + number, f"film {number}.bin", os.urandom(8 << 20), 72, "mod_page")
        for number in range(12)
    ]
    return small_course(files=files)


def now(job_id):
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def half_way(job_id):
    job = now(job_id)
    return job.state == JobState.RUNNING and job.done_bytes * 5 > job.total_bytes > 0


def test_a_backup_whose_worker_is_killed_is_finished_by_the_next(app, instance, members):
    teacher = make_teacher()
    _, course = restore(pack_tgz(members), teacher)
    job, _ = queue.ask_for(JobKind.BACKUP, "course", course.id, user=teacher, title="Tides", course=course,
                           options={"people": True, "files": True})  # fmt: skip

    with worker(instance) as first:
        queue.start(job)
        wait_until(lambda: half_way(job.id), "the backup is half way")
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert db.session.scalars(sa.select(ArchiveFile.id).where(ArchiveFile.course_id == course.id)).all() == []
    with worker(instance):
        wait_until(lambda: now(job.id).is_over, "the second worker has finished the backup")

    job = now(job.id)
    assert (job.state, job.attempts) == (JobState.DONE, 2), job.problem
    assert same_documents(members, members_of(places.archive_path(job.result["archive_id"]))) == []
    assert len(db.session.scalars(sa.select(Message).where(Message.job_id == job.id)).all()) == 1


def test_a_restore_whose_worker_is_killed_is_finished_by_the_next(app, instance, members):
    teacher = make_teacher()
    archive = keep_upload(pack_tgz(members), teacher)
    job, _ = queue.ask_for(JobKind.RESTORE, "archive", archive.id, user=teacher, title="tides.mbz")

    with worker(instance) as first:
        queue.start(job)
        wait_until(lambda: now(job.id).state == JobState.WAITING, "the file is read")
        queue.answer(job.id, {"target": "new", "people": True})
        queue.start(job)
        wait_until(lambda: half_way(job.id), "the restore is half way")
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert db.session.scalars(sa.select(Course.id)).all() == []
    with worker(instance):
        wait_until(lambda: now(job.id).is_over, "the second worker has finished the restore")
        wait_until(lambda: versions() == 1, "what the first one had begun is swept")

    job = now(job.id)
    assert job.state == JobState.DONE, job.problem
    assert len(db.session.scalars(sa.select(Course)).all()) == 1
    assert len(db.session.scalars(sa.select(Message).where(Message.job_id == job.id)).all()) == 1


def versions():
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(CourseVersion))


def test_a_worker_that_is_told_to_stop_hands_its_job_back(app, instance, members):
    teacher = make_teacher()
    _, course = restore(pack_tgz(members), teacher)
    job, _ = queue.ask_for(JobKind.BACKUP, "course", course.id, user=teacher, title="Tides", course=course,
                           options={"people": True, "files": True})  # fmt: skip

    with worker(instance) as first:
        queue.start(job)
        wait_until(lambda: half_way(job.id), "the backup is half way")
        first.send_signal(signal.SIGTERM)
        first.wait()
        handed_back = now(job.id)
        state, attempts = handed_back.state, handed_back.attempts

    assert first.returncode == 0
    assert (state, attempts) == (JobState.QUEUED, 0)
