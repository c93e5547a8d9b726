"""What stands in line: which job is first, a pause, and what becomes of jobs whose course is deleted."""

from datetime import timedelta

import pytest

from jobs import pause, queue, recovery, runner
from jobs.courtesy import somebody_waits
from jobs.engine import RUNNERS
from jobs.engine.outcome import Outcome
from jobs.progress import Step
from tests.factories import make_activity, make_admin, make_course, make_job, make_section, make_teacher
from tests.pages import text
from webapp.content.activities import delete_activity
from webapp.content.course_settings import delete_course
from webapp.extensions import db
from webapp.models import Job, JobKind, JobState, Message, set_setting, utc_now


def again(job):
    db.session.rollback()
    return db.session.get_one(Job, job.id, populate_existing=True)


def in_line(user, minutes, **values):
    """A job that has waited for so long."""
    course = make_course()
    return make_job(user, course, queued_at=utc_now() - timedelta(minutes=minutes), **values)


def told(app):
    """The jobs of which the workers hear, in the order in which they would."""
    hears = app.extensions["queue"]
    heard = []
    while (task := hears.dequeue()) is not None:
        heard.append(task.args[0])
    return heard


@pytest.fixture
def work(monkeypatch):
    """Backups come to a good end here, without doing anything."""
    monkeypatch.setitem(RUNNERS, JobKind.BACKUP, lambda run: Outcome())


def test_what_an_admin_puts_first_is_told_to_workers_first(app, client, sign_in_as, in_background):
    teacher = make_teacher()
    first, second, third = (in_line(teacher, minutes) for minutes in (3, 2, 1))
    for job in (first, second, third):
        queue.start(job)
    sign_in_as(make_admin())

    client.post(f"/jobs/{third.id}/first")

    assert told(app)[:2] == [third.id, first.id]
    assert [queue.place_in_line(again(job)) for job in (third, first, second)] == [1, 2, 3]


def test_the_last_one_put_first_is_first(app, in_background):
    teacher = make_teacher()
    first, second, third = (in_line(teacher, minutes) for minutes in (3, 2, 1))

    queue.put_first(second.id)
    queue.put_first(third.id)

    assert told(app) == [third.id, second.id]
    assert [queue.place_in_line(again(job)) for job in (third, second, first)] == [1, 2, 3]


def test_it_is_first_too_where_what_workers_were_told_is_lost(app, in_background):
    teacher = make_teacher()
    first, second = in_line(teacher, 3), in_line(teacher, 2)
    queue.put_first(second.id)
    told(app)

    recovery.Sweep().heal()

    assert told(app) == [second.id, first.id]


def test_a_mail_does_not_wait_behind_what_is_first(app, in_background):
    teacher = make_teacher()
    queue.put_first(in_line(teacher, 1).id)
    mail = make_job(teacher, kind=JobKind.MAIL, scope="message")

    queue.start(mail)

    assert told(app)[0] == mail.id


@pytest.mark.parametrize(
    "values",
    [{"state": JobState.RUNNING}, {"state": JobState.DONE}, {"kind": JobKind.AUTOMATED}],
    ids=["running", "done", "nobody asked for it"],
)
def test_only_what_somebody_asked_for_and_waits_is_put_first(app, client, sign_in_as, values):
    job = in_line(sign_in_as(make_admin()), 1, **values)

    client.post(f"/jobs/{job.id}/first")

    assert again(job).priority == 0
    assert told(app) == []


@pytest.mark.parametrize("address", ["/jobs/{}/first", "/jobs/pause", "/jobs/resume"])
def test_the_line_is_for_admins(app, client, sign_in_as, address):
    job = in_line(sign_in_as(make_teacher()), 1)

    assert client.post(address.format(job.id)).status_code == 403
    assert again(job).priority == 0
    assert not pause.is_paused()


def test_the_button_stands_where_a_job_waits_for_its_turn(app, page, sign_in_as, in_background):
    teacher = make_teacher()
    waits, runs = in_line(teacher, 1), in_line(teacher, 1, state=JobState.RUNNING)
    sign_in_as(make_admin())

    forms = {form["action"] for form in page("/jobs").find_all("form")}

    assert f"/jobs/{waits.id}/first" in forms
    assert f"/jobs/{runs.id}/first" not in forms


def test_while_paused_nothing_begins_and_what_runs_ends_well(app, monkeypatch):
    teacher, admin_id = make_teacher(), make_admin().id
    runs, waits = in_line(teacher, 2), in_line(teacher, 1)

    def pause_meanwhile(run):
        run.plan([Step("Copying files", 10)])
        run.enter(1)
        pause.pause(admin_id)
        run.checkpoint()
        return Outcome()

    monkeypatch.setitem(RUNNERS, JobKind.BACKUP, pause_meanwhile)
    runner.run_claimed(runs.id)

    assert again(runs).state == JobState.DONE
    assert not runner.run_claimed(waits.id)
    assert again(waits).state == JobState.QUEUED


def test_after_the_pause_workers_hear_at_once_of_what_waits(app, work):
    jobs = [in_line(make_teacher(), minutes) for minutes in (2, 1)]
    sweep = recovery.Sweep()
    sweep.heal()
    told(app)

    pause.pause(None)
    sweep.heal()
    quiet = told(app)
    pause.resume(None)
    sweep.heal()

    assert quiet == []
    assert told(app) == [job.id for job in jobs]
    assert runner.run_claimed(jobs[0].id)


def test_mails_go_out_while_all_else_is_paused(app, monkeypatch):
    monkeypatch.setitem(RUNNERS, JobKind.MAIL, lambda run: Outcome())
    mail = make_job(make_teacher(), kind=JobKind.MAIL, scope="message")
    pause.pause(None)

    runner.run_claimed(mail.id)

    assert again(mail).state == JobState.DONE


def test_background_work_does_not_give_way_to_what_can_not_begin(app):
    in_line(make_teacher(), 5)

    before = somebody_waits(db.session())
    pause.pause(None)

    assert before
    assert not somebody_waits(db.session())


def test_a_person_is_told_that_it_is_paused(app, page, client, sign_in_as, in_background):
    ruth = sign_in_as(make_admin())
    client.post("/jobs/pause")
    job = in_line(sign_in_as(make_teacher()), 1)

    assert "Waiting: an admin has paused all jobs, today," in text(page(f"/jobs/{job.id}").main)
    assert "Waiting: paused by an admin" in text(page("/jobs").tbody)
    assert ruth.name not in text(page(f"/jobs/{job.id}"))


def test_an_admin_sees_the_pause_and_ends_it(app, page, client, sign_in_as):
    sign_in_as(make_admin())
    client.post("/jobs/pause")

    shown = page("/jobs")
    client.post(shown.find("form", action="/jobs/resume")["action"])

    assert "All jobs are paused. No job is running, and none is waiting." in text(shown.main)
    assert page("/jobs").find("form", action="/jobs/pause")
    assert not pause.is_paused()


def test_without_background_work_the_page_does_not_hang_in_a_pause(app, client, page, sign_in_as):
    job = in_line(sign_in_as(make_teacher()), 1)
    pause.pause(None)

    answer = client.post(f"/jobs/{job.id}/run")

    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")
    assert page(answer.location).find("button", string="Begin now") is None


def test_the_jobs_of_a_deleted_course_end_and_say_why(app, page, sign_in_as):
    teacher = sign_in_as(make_teacher())
    course, other = make_course(), make_course()
    queued = make_job(teacher, course)
    asks = make_job(teacher, course, kind=JobKind.RESTORE, state=JobState.WAITING)
    runs = make_job(teacher, course, kind=JobKind.COPY, state=JobState.RUNNING)
    elsewhere = make_job(teacher, other)
    brings = make_job(
        teacher, other, kind=JobKind.IMPORT, options={"source_id": course.id, "course_id": other.id}
    )

    delete_course(course)

    assert [again(job).state for job in (queued, asks)] == [JobState.CANCELLED] * 2
    assert again(runs).cancel_asked
    assert again(elsewhere).state == JobState.QUEUED
    assert "Cancelled The course was deleted." in text(page("/jobs?show=finished").tbody)
    assert "The course was deleted." in text(page(f"/jobs/{queued.id}").select_one(".slip"))
    assert again(brings).state == JobState.CANCELLED
    assert "from which it was to come, was deleted." in again(brings).problem
    told = {one.job_id: one for one in db.session.query(Message).filter_by(user_id=teacher.id)}
    assert told.keys() == {queued.id, asks.id, brings.id}
    assert "The course was deleted." in told[queued.id].text
    assert told[queued.id].link.endswith(f"/jobs/{queued.id}")


def test_the_jobs_of_a_deleted_activity_end_at_once_and_their_owner_is_told(app):
    teacher, course = make_teacher(), make_course()
    section = make_section(course)
    activity, other = make_activity(section), make_activity(section)
    backup, stays = (
        make_job(teacher, course, scope="activity", target_id=one.id) for one in (activity, other)
    )
    moves = {"moves": {"kind": "activity", "row": activity.id}, "source_id": course.id}
    move = make_job(teacher, make_course(), kind=JobKind.IMPORT, options=moves)

    delete_activity(course, activity)

    assert [again(job).state for job in (backup, move)] == [JobState.CANCELLED] * 2
    assert again(stays).state == JobState.QUEUED
    told = {
        one.job_id for one in db.session.query(Message).filter(Message.text.contains("It was deleted from"))
    }
    assert told == {backup.id, move.id}


def test_a_job_that_runs_stops_at_its_next_step_when_the_course_is_deleted(app, monkeypatch):
    course = make_course()
    job = make_job(make_teacher(), course)

    def delete_meanwhile(run):
        run.plan([Step("Copying files", 10)])
        delete_course(course)
        run.enter(1)
        return Outcome()

    monkeypatch.setitem(RUNNERS, JobKind.BACKUP, delete_meanwhile)
    runner.run_claimed(job.id)

    assert again(job).state == JobState.CANCELLED
    assert again(job).problem == "The course was deleted."


def test_where_nothing_is_kept_in_a_bin_the_jobs_end_as_well(app):
    set_setting("bin_days", 0, by=None)
    db.session.commit()
    course = make_course()
    job = make_job(make_teacher(), course)

    delete_course(course)

    assert (again(job).state, again(job).course_id) == (JobState.CANCELLED, None)
