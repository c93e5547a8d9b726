"""Something happens at each moment at which a backup or a restore makes anything lasting, one after the other.

Such a moment is a commit, an fsync, and each time a file gets its name.
"""

import errno
import itertools
import os
import signal
import sqlite3
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from jobs import failures, leftovers, queue, recovery, runner
from jobs.runner import run_claimed
from tests.archives import pack_tgz, small_course
from tests.factories import make_teacher
from tests.members import members_of, same_documents
from tests.running import keep_upload, restore, run
from tests.system.courses import count, now
from webapp import create_app, places
from webapp.extensions import db
from webapp.models import ArchiveFile, ArchiveOrigin, Course, CourseVersion, JobKind, JobState, Message

pytestmark = pytest.mark.system


@contextmanager
def at_moment(number, happens):
    """Call `happens` just before the moment with this number, with the connection if it is a commit."""
    left = [number]

    def count_down(connection=None):
        left[0] -= 1
        if not left[0]:
            happens(connection)

    def counted(function):
        def call(*args):
            count_down()
            return function(*args)

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", counted(os.fsync))
        patch.setattr(Path, "replace", counted(Path.replace))
        sa.event.listen(db.engine, "commit", count_down)
        try:
            yield
        finally:
            sa.event.remove(db.engine, "commit", count_down)


class Backup:
    """Backs the small course up, and tells whether all is as it should be."""

    def __init__(self):
        self.teacher, self.members = make_teacher(wants_mail=False), small_course()
        _, self.course = restore(pack_tgz(self.members), self.teacher)

    def begin(self):
        options = {"people": True, "files": True}
        job, _ = queue.ask_for(JobKind.BACKUP, "course", self.course.id, user=self.teacher, title="Tides",
                               course=self.course, options=options)  # fmt: skip
        return job

    def results(self):
        return count(ArchiveFile, ArchiveFile.origin == ArchiveOrigin.BACKUP)

    def check(self, job):
        archive = places.archive_path(job.result["archive_id"])
        assert same_documents(self.members, members_of(archive)) == []


class Restore:
    """The same for a restore into a new course."""

    def __init__(self):
        self.teacher, self.members = make_teacher(wants_mail=False), small_course()

    def begin(self):
        archive = keep_upload(pack_tgz(self.members), self.teacher)
        job, _ = queue.ask_for(JobKind.RESTORE, "archive", archive.id, user=self.teacher, title="Tides")
        assert queue.answer(run(job).id, {"target": "new", "people": True})
        return job

    def results(self):
        return count(Course)

    def check(self, job):
        assert db.session.get(Course, job.result["course_id"]).version_id == job.result["version_id"]


@pytest.fixture(params=[Backup, Restore])
def work(request, app):
    return request.param()


def what_nobody_owns():
    """Versions, scratch files and archives that no course, job or row stands for, once an hour has gone by."""
    for path in (*places.archives().iterdir(), *places.scratch().iterdir()):
        os.utime(path, (time.time() - leftovers.HOUR - 60,) * 2)
    leftovers.clear()
    rows = [places.archive_path(one.id) for one in db.session.query(ArchiveFile)]
    archives = [path for path in places.archives().glob("*.mbz") if path not in rows]
    return count(CourseVersion) - count(Course), list(places.scratch().iterdir()), archives


def killed_at(moment, instance, job_id):
    """Run the job in a process that is killed at the moment; false if it has come to its end before."""
    db.session.rollback()
    db.engine.dispose()
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    try:
        with (
            create_app(INSTANCE=instance).app_context(),
            at_moment(moment, lambda _: os.kill(os.getpid(), signal.SIGKILL)),
        ):
            run_claimed(job_id)
    finally:
        os._exit(0)


def test_whenever_the_process_is_killed_the_next_one_makes_it_good(instance, work):
    for moment in itertools.count(1):
        before, job_id = work.results(), work.begin().id
        killed = killed_at(moment, instance, job_id)
        seen = work.results() - before
        recovery.Sweep().heal()
        is_done = now(job_id).state == JobState.DONE
        if not is_done:
            run_claimed(job_id)

        job = now(job_id)
        assert seen == is_done, f"moment {moment}"
        assert job.state == JobState.DONE, f"moment {moment}: {job.problem}"
        assert work.results() - before == 1, f"moment {moment}"
        assert count(Message, Message.job_id == job_id) == 1, f"moment {moment}"
        assert what_nobody_owns() == (0, [], []), f"moment {moment}"
        work.check(job)
        if not killed:
            break

    assert moment > 8


def test_whenever_the_disk_is_full_it_is_said_and_nothing_of_it_stays(work, monkeypatch, caplog):
    monkeypatch.setattr(runner, "WRITE_AGAIN", 0.01)
    for moment in itertools.count(1):
        before, job, happened = work.results(), work.begin(), []

        with (
            at_moment(moment, lambda connection, happened=happened: fill_the_disk(connection, happened)),
            suppress(sa.exc.OperationalError),  # from taking it: then it stays in line
        ):
            run_claimed(job.id)
        if now(job.id).state == JobState.QUEUED:
            run_claimed(job.id)

        job = now(job.id)
        if job.state == JobState.FAILED:
            assert job.problem == failures.FULL, f"moment {moment}"
        else:
            assert job.state == JobState.DONE, f"moment {moment}"
            work.check(job)
        assert work.results() - before == (job.state == JobState.DONE), f"moment {moment}"
        assert count(Message, Message.job_id == job.id) == 1, f"moment {moment}"
        assert what_nobody_owns() == (0, [], []), f"moment {moment}"
        if not happened:
            break

    assert moment > 8


def fill_the_disk(connection, happened):
    happened.append("now")
    if connection is None:
        raise OSError(errno.ENOSPC, "No space left on device")
    connection.connection.dbapi_connection.rollback()  # as SQLite does by itself where a COMMIT fails so
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    raise sa.exc.OperationalError("COMMIT", {}, error)
