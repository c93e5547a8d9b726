"""What failed stays listed, with reason and log, until somebody takes note of it."""

from datetime import timedelta

import pytest

from tests.factories import make_admin, make_course, make_job, make_person, make_teacher
from tests.pages import form_data, text
from webapp.extensions import db
from webapp.models import CourseRole, Job, JobKind, JobState, utc_now


def failed(user, course, **values):
    return make_job(user, course, state=JobState.FAILED, problem="The disk is full.", **values)


def again(job):
    return db.session.get(Job, job.id)


@pytest.fixture
def course(app):
    return make_course(fullname="Tides")


@pytest.mark.parametrize("address", ["/backups", "/jobs", "/jobs?show=failed"])
def test_it_is_listed_for_whoever_asked_however_old_it_is(app, page, client, sign_in_as, course, address):
    teacher = sign_in_as(make_teacher(course=course))
    job = failed(teacher, course, finished_at=utc_now() - timedelta(days=90))

    row = page(address).select_one("tbody tr")
    client.post(f"/jobs/{job.id}/dismiss")

    assert "Did not finish The disk is full." in text(row)
    assert row.find("a", href=f"/jobs/{job.id}")
    assert [form["action"] for form in row.find_all("form")] == [
        f"/jobs/{job.id}/again",
        f"/jobs/{job.id}/dismiss",
    ]
    assert page(address).tbody is None


def test_the_course_shows_it_to_those_who_edit_it(app, page, client, sign_in_as, course):
    nadia = make_teacher(course=course, first_name="Nadia", last_name="Brandt")
    job = failed(nadia, course, kind=JobKind.IMPORT)
    sign_in_as(make_teacher(course=course))

    told = page(f"/courses/{course.id}/edit").select_one(".failed-job")
    refused = client.post(f"/jobs/{job.id}/dismiss")

    assert "Import from Tides did not finish" in text(told)
    assert "The disk is full. Nadia Brandt asked for it." in text(told)
    assert text(told.find("a", href=f"/jobs/{job.id}")).startswith("See the log")
    assert told.form is None
    assert refused.status_code == 404
    assert again(job).dismissed_at is None


@pytest.mark.parametrize("kind", [JobKind.BACKUP, JobKind.RESTORE, JobKind.COPY])
def test_its_own_page_dismisses_it_in_the_slip_that_names_the_reason(
    app, page, client, sign_in_as, course, kind
):
    job = failed(sign_in_as(make_teacher(course=course)), course, kind=kind)

    shown = page(f"/jobs/{job.id}")
    button = next(one for one in shown.select(".slip button") if text(one) == "Dismiss")
    form = shown.find("form", id=button["form"])
    answer = client.post(form["action"], data=form_data(form))

    assert answer.location == "/jobs"
    assert again(job).dismissed_at is not None
    assert page(f"/jobs/{job.id}").find("button", form=form["id"]) is None


def test_of_many_on_a_course_the_newest_shows_and_the_others_are_a_press_away(app, page, sign_in_as, course):
    teacher = sign_in_as(make_teacher(course=course))
    for number in range(3):
        failed(teacher, course, target_id=number, title=f"Job {number}")

    shown = page(f"/courses/{course.id}/edit")

    assert "Backup of Job 2" in text(shown.select_one(".failed-job"))
    assert text(shown.select_one("details.more summary")) == "2 other jobs did not finish"
    assert len(shown.select("details.more .failed-job")) == 2


def test_an_admin_dismisses_anybodys(app, page, client, sign_in_as, course):
    job = failed(make_teacher(), course)
    sign_in_as(make_admin())

    answer = client.post(f"/jobs/{job.id}/dismiss", data={"back": f"/courses/{course.id}/edit"})

    assert answer.location == f"/courses/{course.id}/edit"
    assert page(answer.location).select_one(".failed-job") is None


def test_all_that_are_listed_are_dismissed_with_one_button(app, page, client, sign_in_as, course):
    ruth = sign_in_as(make_admin("ruth"))
    jobs = [failed(make_teacher(f"nadia{number}"), course) for number in range(30)]
    kept = failed(ruth, make_course())

    shown = page("/jobs?show=failed&person=Nadia")
    form = shown.find("form", action="/jobs/dismiss")
    client.post(form["action"], data=form_data(form))

    assert text(form.button) == "Dismiss all of these"
    assert all(again(job).dismissed_at for job in jobs)
    assert again(kept).dismissed_at is None


def test_nobody_dismisses_all_of_others(app, client, sign_in_as, course):
    other = failed(make_teacher("nadia"), course)
    mine = failed(sign_in_as(make_teacher(course=course)), course)

    client.post("/jobs/dismiss", data={"person": "nadia"})

    assert again(other).dismissed_at is None
    assert again(mine).dismissed_at is not None


def test_dismissing_deletes_nothing(app, page, client, sign_in_as, course):
    job = failed(sign_in_as(make_teacher(course=course)), course)

    client.post(f"/jobs/{job.id}/dismiss")

    assert "Tides" in text(page("/jobs?show=finished").tbody)
    assert "It did not finish. The disk is full." in text(page(f"/jobs/{job.id}").find(id="log").parent)


def test_only_what_failed_can_be_dismissed(app, client, sign_in_as, course):
    job = make_job(sign_in_as(make_teacher(course=course)), course, state=JobState.RUNNING)

    client.post(f"/jobs/{job.id}/dismiss")

    assert again(job).dismissed_at is None


def test_nobody_is_led_elsewhere_by_dismissing(app, client, sign_in_as, course):
    job = failed(sign_in_as(make_teacher(course=course)), course)

    answer = client.post(f"/jobs/{job.id}/dismiss", data={"back": "https://elsewhere.example/"})

    assert answer.location == "/jobs"


def test_trying_again_takes_note_of_it(app, client, sign_in_as, course):
    job = failed(sign_in_as(make_teacher(course=course)), course, options={"people": True, "files": True})

    client.post(f"/jobs/{job.id}/again")

    assert again(job).dismissed_at is not None


def test_pupils_are_not_told(app, page, sign_in_as, course):
    failed(make_teacher(course=course), course)
    sign_in_as(make_person(course=course, course_role=CourseRole.STUDENT))

    assert "The disk is full." not in text(page(f"/courses/{course.id}"))


def test_the_log_has_each_step_with_its_moment_and_names_nobody(app, page, sign_in_as, course):
    teacher = sign_in_as(make_teacher(course=course))
    began = utc_now().replace(hour=10, minute=0, second=0) - timedelta(days=3)
    steps = [["Reading the course", 60.0], ["Copying files", None], ["Checking", None]]
    job = failed(
        teacher,
        course,
        created_at=began,
        started_at=began,
        finished_at=began + timedelta(minutes=5),
        steps=steps,
        step_number=2,
    )

    log = page(f"/jobs/{job.id}").find(id="log").parent

    lines = [[text(cell) for cell in row.find_all(["th", "td"])] for row in log.select("tbody tr")]
    assert [line[1:] for line in lines] == [
        ["Put in line.", ""],
        ["Begun.", ""],
        ["Reading the course", "60 s"],
        ["Copying files", ""],
        ["It did not finish. The disk is full.", ""],
    ]
    shown = began + timedelta(minutes=1)
    assert lines[3][0].endswith(f"{shown.astimezone():%H:%M}")
    assert teacher.name not in text(log)
