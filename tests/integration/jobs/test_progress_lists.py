"""The list of jobs, the warning on a course's pages, and the address that a watchdog asks."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from jobs import presence
from tests.archives import pack_tgz, small_course
from tests.factories import make_admin, make_course, make_job, make_person, make_teacher
from tests.pages import parse, text
from tests.running import restore
from webapp import places
from webapp.extensions import db
from webapp.job_requests.busy import busy_jobs
from webapp.models import Course, CourseRole, JobKind, JobState, set_setting, utc_now


def rows(shown):
    return [text(row.th.a) for row in shown.select("tbody tr")]


def turn_on_background():
    set_setting("async_jobs", True, by=None)
    db.session.commit()


def test_a_teacher_sees_their_own_jobs(app, page, sign_in_as):
    teacher, course = sign_in_as(make_teacher()), make_course(fullname="Tides")
    make_job(teacher, course, state=JobState.RUNNING)
    make_job(make_teacher(), make_course(fullname="Cliffs"), state=JobState.RUNNING)

    shown = page("/jobs")

    assert rows(shown) == ["Tides"]
    assert not shown.find(id="workers")


def test_an_admin_sees_everybodys_jobs_those_that_run_first(app, page, sign_in_as):
    sign_in_as(make_admin())
    for state, name in ((JobState.QUEUED, "Cliffs"), (JobState.RUNNING, "Tides"), (JobState.DONE, "Rivers")):
        make_job(make_teacher(), make_course(fullname=name), state=state)

    shown = page("/jobs")

    assert rows(shown) == ["Tides", "Cliffs"]


@pytest.mark.parametrize(
    ("tab", "names"),
    [
        ("now", ["running", "queued", "waiting", "failed", "failed long ago"]),
        ("running", ["running"]),
        ("waiting", ["queued", "waiting"]),
        ("failed", ["failed long ago", "failed"]),
        ("finished", ["cancelled", "warned", "done"]),
    ],
)
def test_each_tab_has_its_jobs(app, page, sign_in_as, tab, names):
    teacher = sign_in_as(make_teacher())
    for number, state in enumerate(JobState):
        make_job(teacher, state=state, title=state.value, target_id=number)
    long_ago = utc_now() - timedelta(days=9)
    make_job(teacher, state=JobState.FAILED, title="failed long ago", finished_at=long_ago)

    shown = page(f"/jobs?show={tab}")

    assert rows(shown) == names
    assert text(shown.select_one(".tabs a[aria-current]")).lower().startswith(tab)


def test_an_unknown_tab_is_not_there(client, app, sign_in_as):
    sign_in_as(make_teacher())

    assert client.get("/jobs?show=everything").status_code == 404


def test_a_long_list_has_pages(app, page, sign_in_as):
    teacher = sign_in_as(make_teacher())
    for number in range(27):
        make_job(teacher, state=JobState.DONE, title=f"Job {number}", target_id=number)

    first, second = page("/jobs?show=finished"), page("/jobs?show=finished&page=2")

    assert rows(first)[0] == "Job 26"
    assert first.find("a", string="Older jobs")["href"] == "/jobs?page=2&show=finished"
    assert rows(second) == ["Job 1", "Job 0"]
    assert second.find("a", string="Newer jobs")


def test_mails_are_not_among_the_jobs(app, page, sign_in_as):
    make_job(sign_in_as(make_admin()), kind=JobKind.MAIL, scope="message")

    assert rows(page("/jobs")) == []


def test_waiting_jobs_without_a_worker_are_told_to_the_admin(app, page, sign_in_as):
    sign_in_as(make_admin())
    turn_on_background()
    make_job(make_teacher(), make_course())
    make_job(make_teacher(), kind=JobKind.RESTORE, state=JobState.WAITING)

    shown = page("/jobs")

    assert "No worker is running. One job is waiting, and will not begin until one is started." in text(
        shown.main
    )


def test_workers_show_with_what_they_do(app, page, sign_in_as):
    sign_in_as(make_admin())
    turn_on_background()
    name = presence.become_worker(places.locks())
    job = make_job(make_teacher(), make_course(), state=JobState.RUNNING, runner=name)

    shown = page("/jobs")

    worker = shown.select_one(".workers li")
    since = f"{job.started_at.astimezone():%H:%M}"
    assert text(worker).startswith(f"Worker 1 Backing up {job.title} since {since} Heard")
    assert "Work is flowing. One job is running, and none is waiting." in text(shown.main)


def test_others_backup_is_told_to_whoever_edits(app, client, sign_in_as):
    course = make_course()
    nadia = make_teacher(course=course, first_name="Nadia", last_name="Brandt")
    started = utc_now()
    job = make_job(nadia, course, state=JobState.RUNNING, started_at=started)
    sign_in_as(make_teacher(course=course))

    shown = parse(client.get(f"/courses/{course.id}/warning").text)

    clock = f"{started.astimezone():%H:%M}"
    assert f"Nadia Brandt is backing up this course since {clock}." in text(shown)
    assert "What you change now may be missing from that backup." in text(shown)
    assert shown.find("a", string="See how far it is")["href"] == f"/jobs/{job.id}"


def test_a_restore_that_replaces_is_told_as_such(app, client, sign_in_as):
    course = make_course()
    job = make_job(make_teacher(), course, kind=JobKind.RESTORE, state=JobState.RUNNING)
    sign_in_as(job.user)
    mine = sign_in_as(make_teacher(course=course))
    make_job(mine, course)

    shown = text(parse(client.get(f"/courses/{course.id}/warning").text))

    assert "is restoring into this course" in shown
    assert "It will replace what is here now." in shown
    assert "You have asked for a backup of this course" in shown


def test_the_warning_changes_only_when_there_is_something_new(app, client, sign_in_as):
    course = make_course()
    teacher = sign_in_as(make_teacher(course=course))
    job = make_job(teacher, course, state=JobState.RUNNING)

    first = parse(client.get(f"/courses/{course.id}/warning").text)
    again = client.get(first.find(id="course-warning")["hx-get"])
    job.state = JobState.DONE
    db.session.commit()
    gone = client.get(first.find(id="course-warning")["hx-get"])

    assert (again.status_code, again.text) == (204, "")
    assert gone.status_code == 200
    assert text(parse(gone.text)) == ""
    assert parse(gone.text).find(id="course-warning")["hx-trigger"] == "every 10s"
    assert "Set-Cookie" not in gone.headers


@pytest.mark.parametrize("role", [CourseRole.STUDENT, CourseRole.TEACHER])
def test_the_warning_is_for_those_who_edit(app, client, sign_in_as, role):
    course = make_course()
    sign_in_as(make_person(course=course, course_role=role))

    assert client.get(f"/courses/{course.id}/warning").status_code == 403


def test_a_strangers_warning_is_not_there(app, client, sign_in_as):
    course = make_course()
    sign_in_as(make_teacher())

    assert client.get(f"/courses/{course.id}/warning").status_code == 404


@pytest.fixture
def statements(app):
    """What is asked of the database from here on."""
    asked = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    return asked


def test_asking_who_works_on_a_course_is_one_query_of_an_index(app, statements):
    course_id = make_course().id
    make_job(make_teacher(), db.session.get(Course, course_id), state=JobState.RUNNING)
    statements.clear()

    names = [job.user.name for job in busy_jobs(course_id)]

    assert len(names) == 1
    [(asked, values)] = [one for one in statements if one[0].startswith("SELECT")]
    plan = db.session.connection().exec_driver_sql(f"explain query plan {asked}", values)
    assert "USING INDEX ix_job_busy_course" in str(plan.all())


def test_a_sound_site_says_ok_to_anybody(app, client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.text == "ok\nNo worker is running.\n"
    assert "Set-Cookie" not in answer.headers


def test_a_living_worker_is_noticed(app, client):
    presence.become_worker(places.locks())

    assert client.get("/healthz").text == "ok\n"


def test_a_missing_queue_is_told(app, client, instance):
    (instance / "queue.sqlite").unlink()

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.text == "The file that tells workers of jobs is missing.\n"


def test_a_broken_database_is_told(app, client, instance):
    with closing(sqlite3.connect(instance / "coursekeep.sqlite")) as connection:
        connection.execute("alter table job rename to jobs")

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert "The database does not answer." in answer.text


@pytest.fixture
def many(app):
    """Jobs of two people on two courses, of several kinds and days."""
    nadia = make_teacher("nadia", first_name="Nadia", last_name="Brandt")
    ruth = make_teacher("ruth", first_name="Ruth", last_name="Adeyemi")
    tides, cliffs = make_course("TIDE", fullname="Tides"), make_course("CLIFF", fullname="Cliffs")
    noon = utc_now().astimezone().replace(hour=12)
    for title, user, course, kind, days in (
        ("Nadia's backup", nadia, tides, JobKind.BACKUP, 1),
        ("Nadia's copy", nadia, cliffs, JobKind.COPY, 2),
        ("Ruth's backup", ruth, cliffs, JobKind.BACKUP, 2),
        ("The check", ruth, tides, JobKind.CHECK, 1),
    ):
        at = noon - timedelta(days=days)
        make_job(user, course, kind=kind, state=JobState.DONE, title=title, finished_at=at)


@pytest.mark.parametrize(
    ("narrowed", "names"),
    [
        ("", {"Nadia's backup", "Nadia's copy", "Ruth's backup"}),
        ("person=nadia", {"Nadia's backup", "Nadia's copy"}),
        ("person=Adeyemi", {"Ruth's backup"}),
        ("course=TIDE", {"Nadia's backup"}),
        ("course=cliffs", {"Nadia's copy", "Ruth's backup"}),
        ("kind=copy", {"Nadia's copy"}),
        ("kind=check", {"The check"}),
        ("day={yesterday}", {"Nadia's backup"}),
        ("person=ruth&course=CLIFF&kind=backup", {"Ruth's backup"}),
        ("person=nobody", set()),
    ],
)
def test_an_admin_narrows_the_list_down(many, page, sign_in_as, narrowed, names):
    sign_in_as(make_admin())
    yesterday = (utc_now().astimezone() - timedelta(days=1)).date()

    shown = page(f"/jobs?show=finished&{narrowed.format(yesterday=yesterday)}")

    assert set(rows(shown)) == names


def test_a_restore_is_found_with_the_course_that_it_has_made(app, page, sign_in_as):
    ruth = sign_in_as(make_admin())
    job, course = restore(pack_tgz(small_course()), ruth)
    make_job(ruth, make_course(), state=JobState.DONE)

    shown = page(f"/jobs?show=finished&course={quote(course.shortname)}")

    assert [row.th.a["href"] for row in shown.select("tbody tr")] == [f"/jobs/{job.id}"]


def test_a_day_that_there_is_not_is_said_beside_its_field(many, page, sign_in_as):
    sign_in_as(make_admin())

    shown = page("/jobs?show=finished&day=2026-02-30")

    assert shown.find(id="day")["aria-invalid"] == "true"
    assert len(rows(shown)) == 3


def test_a_teacher_sees_no_more_by_narrowing(many, page, sign_in_as):
    sign_in_as(make_teacher())

    assert rows(page("/jobs?show=finished&person=nadia")) == []


def test_since_when_the_first_in_line_waits_is_told_to_the_admin(app, page, sign_in_as):
    sign_in_as(make_admin())
    waits = utc_now() - timedelta(minutes=7)
    make_job(make_teacher(), make_course(), queued_at=waits)

    assert f"has waited since today, {waits.astimezone():%H:%M}" in text(page("/jobs").main) or (
        "has waited since yesterday" in text(page("/jobs").main)
    )
