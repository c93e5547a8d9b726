"""When the machine itself fails a job: what the person is told, and that the job ends."""

import errno
import logging
import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from jobs import failures, runner
from jobs.engine import RUNNERS
from jobs.engine.outcome import Outcome, TryLater
from jobs.problems import JobProblem
from tests.factories import make_job, make_teacher
from tests.running import run
from webapp.database import separate_write
from webapp.extensions import db
from webapp.models import ArchiveFile, JobKind, JobState, Setting


@pytest.fixture
def job(app):
    return make_job(make_teacher())


@pytest.fixture
def work(monkeypatch):
    """Puts a function of the test in the place of the backup's work."""

    def put(function):
        monkeypatch.setitem(RUNNERS, JobKind.BACKUP, function)

    return put


@pytest.fixture
def held(app, instance):
    """Holds the database, once `begin` is called, until the first complaint in the log."""
    db.session.rollback()
    db.engine.dispose()
    sa.event.listen(db.engine, "connect", lambda connection, _: connection.execute("pragma busy_timeout=50"))
    with closing(sqlite3.connect(instance / "coursekeep.sqlite", check_same_thread=False)) as other:

        class Release(logging.Handler):
            def emit(self, record):
                if "it is tried again" in record.getMessage():
                    other.rollback()

        handler = Release()
        logging.getLogger("jobs.runner").addHandler(handler)
        yield lambda: other.execute("begin immediate")
        logging.getLogger("jobs.runner").removeHandler(handler)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, failures.FULL),
        (errno.EDQUOT, failures.FULL),
        (errno.EFBIG, failures.TOO_LARGE),
        (errno.EROFS, failures.NOT_WRITABLE),
        (errno.EACCES, failures.NOT_ALLOWED),
        (errno.EIO, failures.BROKEN),
    ],
)
def test_a_disk_that_takes_no_more_is_called_by_its_name(job, work, caplog, number, words):
    def fail(_run):
        raise OSError(number, "as the system says it")

    work(fail)

    job = run(job)

    assert (job.state, job.problem) == (JobState.FAILED, words)


def test_a_database_that_is_full_is_called_by_its_name(job, work, caplog):
    def fill(_run):
        with separate_write() as session:
            connection = session.connection()
            connection.exec_driver_sql("pragma max_page_count = 1")
            try:
                for number in range(200):
                    connection.execute(sa.insert(Setting).values(name=f"filler {number}", value="x" * 4000))
            finally:
                connection.exec_driver_sql("pragma max_page_count = 1000000")

    work(fill)

    job = run(job)

    assert (job.state, job.problem) == (JobState.FAILED, failures.FULL)
    assert db.session.query(Setting).count() == 0


def test_any_other_fault_of_the_machine_has_the_jobs_number(job, work, caplog):
    def fail(_run):
        raise OSError(errno.ELOOP, "as the system says it")

    work(fail)

    job = run(job)

    assert job.problem.endswith(f"Tell an admin: job {job.id}.")


def test_an_end_that_can_not_be_written_now_is_written_later(job, work, held, monkeypatch, caplog):
    monkeypatch.setattr(runner, "WRITE_AGAIN", 0.01)

    def fail(_run):
        held()
        raise JobProblem("The sea took it.")

    work(fail)

    job = run(job)

    assert (job.state, job.problem) == (JobState.FAILED, "The sea took it.")


def test_a_job_that_waits_its_turn_again_is_put_in_line_later(job, work, held, monkeypatch, caplog):
    monkeypatch.setattr(runner, "WRITE_AGAIN", 0.01)

    def fail(_run):
        held()
        raise TryLater("The other side is closed.", 600)

    work(fail)

    job = run(job)

    assert (job.state, job.attempts) == (JobState.QUEUED, 0)


def test_work_whose_end_can_not_be_written_has_not_been_done(job, work, held, monkeypatch, caplog):
    monkeypatch.setattr(runner, "WRITE_AGAIN", 0.01)

    def finish(run):
        held()
        archive = ArchiveFile(origin="backup", owner_id=run.user_id, filename="tides.mbz", size=1)
        return Outcome(apply=lambda session: session.add(archive) or {"archive_id": 1})

    work(finish)

    job = run(job)

    assert (job.state, job.problem, job.result) == (JobState.FAILED, failures.HELD, {})
    assert db.session.query(ArchiveFile).count() == 0
