"""One life of a job: asked for once, claimed once, ended once."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from jobs import presence, queue, recovery, runner
from jobs.engine import RUNNERS
from jobs.engine.outcome import Outcome, TryLater
from jobs.problems import ClaimLost, JobProblem
from jobs.progress import Step, stopping
from tests.factories import make_course, make_job, make_teacher
from tests.running import run
from webapp import places
from webapp.content.work_on_course import stop_work_on
from webapp.database import separate_write, write_transaction
from webapp.extensions import db
from webapp.models import Job, JobKind, JobState, Message, utc_now


def again(job):
    db.session.rollback()
    return db.session.get_one(Job, job.id, populate_existing=True)


def ask(user, course, **more):
    return queue.ask_for(JobKind.BACKUP, "course", course.id, user=user, title="Tides", course=course, **more)


@pytest.fixture
def work(monkeypatch):
    """Puts a function of the test in the place of the backup's work."""

    def put(function):
        monkeypatch.setitem(RUNNERS, JobKind.BACKUP, function)

    return put


def test_asking_twice_finds_the_first_job(app):
    teacher, course = make_teacher(), make_course()

    first, is_new = ask(teacher, course)
    second, is_new_again = ask(teacher, course)

    assert (is_new, is_new_again) == (True, False)
    assert first.id == second.id


def test_twenty_at_once_make_one_job(app):
    teacher, course = make_teacher(), make_course()
    start, found = threading.Barrier(20), []

    def click():
        with app.app_context():
            start.wait()
            mine, theirs = db.session.get(type(teacher), teacher_id), db.session.get(type(course), course_id)
            found.append(ask(mine, theirs)[0].id)

    teacher_id, course_id = teacher.id, course.id
    threads = [threading.Thread(target=click) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    assert len(found) == 20
    assert len(set(found)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Job)) == 1


def test_another_person_and_another_course_are_free(app):
    teacher, course = make_teacher(), make_course()
    ask(teacher, course)

    jobs = {ask(make_teacher(), course)[0].id, ask(teacher, make_course())[0].id}

    assert len(jobs) == 2


def test_a_job_that_is_over_leaves_room_for_the_next(app):
    teacher, course = make_teacher(), make_course()
    job, _ = ask(teacher, course)
    queue.cancel(job.id)

    _, is_new = ask(teacher, course)

    assert is_new


def test_the_database_itself_refuses_a_second_active_job(app):
    teacher, course = make_teacher(), make_course()
    ask(teacher, course)

    with pytest.raises(IntegrityError):
        make_job(teacher, course, target_id=course.id)

    db.session.rollback()


def test_a_job_runs_once_however_often_the_worker_hears_of_it(app, work):
    job, ran = make_job(make_teacher()), []
    work(lambda run: ran.append(run.job_id) or Outcome())

    runner.run_claimed(job.id)
    runner.run_claimed(job.id)

    assert ran == [job.id]
    assert again(job).state == JobState.DONE


def test_of_many_workers_one_gets_the_job(app):
    job_id, claims = make_job(make_teacher()).id, []
    start = threading.Barrier(8)

    def claim():
        with app.app_context():
            start.wait()
            claims.append(runner.claim(job_id))

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(run is not None for run in claims) == 1


def test_a_problem_is_told_in_its_own_words(app, work):
    def fail(_run):
        raise JobProblem("The school’s roof is leaking.")

    job = make_job(make_teacher())
    work(fail)

    job = run(job)

    assert (job.state, job.problem) == (JobState.FAILED, "The school’s roof is leaking.")
    assert job.percent < 100


def test_what_nobody_foresaw_is_told_with_the_jobs_number_alone(app, work, caplog):
    def fail(_run):
        raise RuntimeError("secret of Amina Diallo")

    job = make_job(make_teacher())
    work(fail)

    job = run(job)

    assert job.state == JobState.FAILED
    assert "Amina" not in job.problem
    assert f"job {job.id}" in job.problem


def test_a_full_disk_is_called_by_its_name(app, work, caplog):
    def fail(_run):
        raise OSError(28, "No space left on device")

    job = make_job(make_teacher())
    work(fail)

    assert "disk is full" in run(job).problem


def test_cancelling_a_waiting_job_ends_it_at_once(app):
    job = make_job(make_teacher())

    assert queue.cancel(job.id)

    assert again(job).state == JobState.CANCELLED
    assert not runner.run_claimed(job.id)


def test_cancelling_a_running_job_ends_it_at_its_next_checkpoint(app, work):
    def go_on(run):
        run.plan([Step("Walking", 10)])
        run.enter(1)
        queue.cancel(run.job_id)
        while True:
            run.checkpoint()

    job = make_job(make_teacher())
    work(go_on)

    job = run(job)

    assert job.state == JobState.CANCELLED
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0


@pytest.mark.parametrize("when", ["while it waits", "when it goes on"])
def test_a_job_that_was_put_off_and_is_cancelled_tells_nobody_why_it_waited(app, work, when):
    job, cancels = make_job(make_teacher()), []

    def put_off(run):
        if cancels:
            queue.cancel(run.job_id)
            run.checkpoint()
        raise TryLater("The other side is closed.", 0)

    work(put_off)
    job = run(job)
    assert (job.state, job.problem) == (JobState.QUEUED, "The other side is closed.")

    if when == "while it waits":
        queue.cancel(job.id)
    else:
        cancels.append("now")
        run(job)

    assert (again(job).state, again(job).problem) == (JobState.CANCELLED, "")
    assert db.session.query(Message).count() == 0


def test_a_job_whose_matter_was_deleted_tells_so_even_if_its_runner_is_lost(app):
    course = make_course()
    job = make_job(make_teacher(), course, state=JobState.RUNNING, runner=presence_of_the_dead(), attempts=1)
    with write_transaction() as session:
        stop_work_on(session, course)

    recovery.Sweep().heal()

    assert again(job).state == JobState.CANCELLED
    assert db.session.scalars(sa.select(Message.event)).all() == ["backup_failed"]


def test_what_is_over_cannot_be_cancelled(app):
    job = make_job(make_teacher(), state=JobState.DONE)

    assert not queue.cancel(job.id)
    assert again(job).state == JobState.DONE


def test_stopping_the_worker_hands_the_job_back_without_blame(app, work):
    def until_stopped(run):
        run.plan([Step("Walking", 10)])
        run.enter(1)
        stopping.set()
        while True:
            run.checkpoint()

    job = make_job(make_teacher())
    work(until_stopped)

    try:
        job = run(job)
    finally:
        stopping.clear()

    assert (job.state, job.attempts) == (JobState.QUEUED, 0)


def test_progress_never_goes_back(app, work):
    def walk(run):
        run.plan([Step("Walking", 100), Step("Resting", 100)])
        run.enter(1)
        run.advance(60)
        run.enter(2)
        percents.append(again(job).percent)
        raise JobProblem("Rain.")

    percents, job = [], make_job(make_teacher(), done_bytes=150, total_bytes=200)
    work(walk)

    run(job)

    assert percents == [75]


def test_a_job_whose_runner_is_gone_is_handed_to_the_next(app, work):
    job = make_job(make_teacher(), state=JobState.RUNNING, runner=presence_of_the_dead(), attempts=1)
    work(lambda run: Outcome())

    recovery.Sweep().heal()

    assert again(job).state == JobState.QUEUED
    assert run(job).state == JobState.DONE


def test_a_job_that_loses_its_runner_again_and_again_is_ended_with_the_reason(app):
    job = make_job(make_teacher(), state=JobState.RUNNING, runner=presence_of_the_dead(), attempts=3)

    recovery.Sweep().heal()

    job = again(job)
    assert job.state == JobState.FAILED
    assert "stopped 3 times" in job.problem
    assert db.session.scalars(sa.select(Message.event)).all() == ["backup_failed"]


def test_a_job_of_a_living_runner_is_left_alone(app):
    mine = presence.my_name(places.locks())
    job = make_job(make_teacher(), state=JobState.RUNNING, runner=mine, attempts=1)

    recovery.Sweep().heal()

    assert again(job).state == JobState.RUNNING


def test_a_runner_on_another_host_is_dead_once_it_is_silent(app):
    silent = utc_now() - recovery.SILENCE - timedelta(seconds=1)
    lost = make_job(make_teacher(), state=JobState.RUNNING, runner="elsewhere.1.a", heard_at=silent)
    heard = make_job(make_teacher(), state=JobState.RUNNING, runner="elsewhere.2.b", heard_at=utc_now())

    recovery.Sweep().heal()

    assert again(lost).state == JobState.QUEUED
    assert again(heard).state == JobState.RUNNING


def test_a_runner_that_wakes_up_late_writes_nothing(app, work):
    """It was taken for dead, the job was given away and is done; then it comes to its own end."""

    def sleep_through(run):
        with separate_write() as session:
            session.execute(sa.update(Job).where(Job.id == run.job_id).values(token=Job.token + 1))
        return Outcome(result={"archive_id": 99}, apply=lambda _session: pytest.fail("It may not apply."))

    job = make_job(make_teacher())
    work(sleep_through)

    job = run(job)

    assert job.state == JobState.RUNNING
    assert "archive_id" not in job.result


def test_progress_of_a_lost_job_stops_the_work(app):
    run = runner.claim(make_job(make_teacher()).id)
    with separate_write() as session:
        session.execute(sa.update(Job).values(token=Job.token + 1))

    run.plan([Step("Walking", 10)])

    with pytest.raises(ClaimLost):
        run.enter(1)


def test_a_nudge_that_was_lost_is_sent_again(app):
    old = utc_now() - timedelta(minutes=1)
    job = make_job(make_teacher(), queued_at=old)

    recovery.Sweep().heal()

    task = app.extensions["queue"].dequeue()
    assert task.args == (job.id,)


def test_a_question_that_nobody_answers_is_given_up(app):
    old = utc_now() - recovery.PATIENCE - timedelta(minutes=1)
    job = make_job(make_teacher(), kind=JobKind.RESTORE, state=JobState.WAITING, queued_at=old)

    recovery.give_up_unanswered()

    assert again(job).state == JobState.CANCELLED


def test_the_line_is_counted_by_when_people_asked(app):
    first, second = make_job(make_teacher()), make_job(make_teacher())

    assert [queue.place_in_line(job) for job in (first, second)] == [1, 2]


def presence_of_the_dead():
    """The name of a runner of this host that is no more."""
    return f"{presence.my_name(places.locks()).split('.')[0]}.999999.dead"


def test_a_web_process_that_runs_a_job_is_no_worker(app):
    folder = places.locks()
    name = presence.my_name(folder)

    workers_before = presence.living_workers(folder)
    presence.become_worker(folder)

    assert (workers_before, presence.living_workers(folder)) == ([], [name])
    assert presence.is_alive(folder, name)


def test_progress_does_not_wait_for_the_disk_and_what_comes_after_does(app):
    waits = []
    with db.engine.connect() as connection:
        connection.connection.driver_connection.execute("pragma synchronous=full")

    with suppress(ClaimLost), separate_write(lasting=False) as session:
        waits.append(session.scalar(sa.text("pragma synchronous")))
        raise ClaimLost
    with separate_write() as session:
        waits.append(session.scalar(sa.text("pragma synchronous")))

    normal, full = 1, 2
    assert waits == [normal, full]
