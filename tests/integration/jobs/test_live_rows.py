"""What lists are told of work that goes on: how far it is, that it has ended, and what is new; with one question."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.factories import make_admin, make_archive, make_course, make_job, make_person, make_teacher
from tests.pages import fragment, parse, text
from webapp.extensions import db
from webapp.models import Activity, CourseRole, JobKind, JobState, utc_now


@pytest.fixture
def course(app):
    return make_course(fullname="Tides and Coasts")


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher(course=course))


@pytest.fixture
def asked(client):
    """Ask for what is new, as the page at an address does; returns the answer, templates opened."""

    def ask(shown):
        answer = client.get(shown.find(id="live")["hx-get"])
        assert answer.status_code == 200
        assert answer.headers.getlist("Set-Cookie") == []
        return parse(answer.text.replace("<template>", "<table>").replace("</template>", "</table>"))

    return ask


def swapped(news, where):
    """What comes into this place of the page."""
    return news.find(attrs={"hx-swap-oob": where})


def end(job, state=JobState.DONE, **values):
    job.state = state
    for name, value in values.items():
        setattr(job, name, value)
    db.session.commit()


@pytest.mark.parametrize("address", ["/courses/{}/backups", "/backups", "/jobs"])
def test_a_row_says_how_far_its_job_is_and_nothing_else_is_touched(page, asked, course, teacher, address):
    job = make_job(teacher, course, state=JobState.RUNNING, total_bytes=100, done_bytes=10)
    make_archive(teacher, course)
    shown = page(address.format(course.id))

    end(job, JobState.RUNNING, done_bytes=40)
    news = asked(shown)

    assert "40%" in text(swapped(news, f"innerHTML:#job-{job.id}-state"))
    assert not news.find_all(["tr", "a", "form"])
    assert shown.find(id=f"job-{job.id}-state").find_parent(id=f"job-{job.id}")


@pytest.mark.parametrize("address", ["/courses/{}/backups", "/backups"])
def test_a_backup_that_is_done_takes_the_place_of_its_row(page, asked, course, teacher, address):
    job = make_job(teacher, course, state=JobState.RUNNING)
    shown = page(address.format(course.id))

    archive = make_archive(teacher, course)
    end(job, result={"archive_id": archive.id})
    news = asked(shown)
    later = asked(news)

    row = swapped(news, f"outerHTML:#job-{job.id}")
    assert row["id"] == f"backup-{archive.id}"
    assert row.find("a", href=f"/archives/{archive.id}/download")
    assert "Restore…" in text(row)
    assert text(swapped(news, "innerHTML:#live-news")) == "Backup of Tides and Coasts: Done."
    assert not later.find(attrs={"hx-swap-oob": True})


def test_a_job_that_fails_says_why_and_what_can_be_done(page, asked, course, teacher):
    job = make_job(teacher, course, state=JobState.RUNNING)
    shown = page(f"/courses/{course.id}/backups")

    end(job, JobState.FAILED, problem="The disk is full.")
    row = swapped(asked(shown), f"outerHTML:#job-{job.id}")

    assert "The disk is full." in text(row)
    assert "Try again" in text(row)
    assert row.find("input", attrs={"name": "back"})["value"] == f"/courses/{course.id}/backups"


def test_a_file_that_has_been_read_asks_to_be_looked_through(page, asked, course, teacher):
    job = make_job(teacher, kind=JobKind.RESTORE, scope="archive", state=JobState.RUNNING)
    shown = page("/backups")

    end(job, JobState.WAITING)
    row = swapped(asked(shown), f"outerHTML:#job-{job.id}")

    assert row.find("a", href=f"/restores/{job.id}")


def test_what_others_begin_comes_into_the_list_once(page, asked, course, teacher):
    make_archive(teacher, course)
    shown = page(f"/courses/{course.id}/backups")

    job = make_job(make_teacher(first_name="Nadia"), course, state=JobState.RUNNING)
    news = asked(shown)
    later = asked(news)

    assert "Nadia" in text(swapped(news, "afterbegin:#backup-rows"))
    assert news.find(id=f"job-{job.id}")
    assert not swapped(later, "afterbegin:#backup-rows")


def test_an_admin_sees_jobs_come_and_end_in_the_list_of_all(page, asked, course, sign_in_as):
    sign_in_as(make_admin())
    first = make_job(make_teacher(), course, state=JobState.RUNNING)
    shown = page("/jobs")

    second = make_job(make_teacher(), make_course(fullname="Cliffs"))
    end(first)
    news = asked(shown)

    assert "Cliffs" in text(swapped(news, "afterbegin:#job-rows"))
    assert "Done" in text(swapped(news, f"outerHTML:#job-{first.id}"))
    assert news.find(id="live")["hx-get"].count("-") == 2
    assert news.find(id=f"job-{second.id}")


def test_a_list_asks_for_no_job_that_is_not_its_own(client, course, teacher):
    other = make_job(make_teacher(), make_course(fullname="Secret"), state=JobState.DONE)
    asked = [f"/backups/live?told={other.id}-running", f"/courses/{course.id}/backups/live?told={other.id}-running",
             f"/jobs/live?told={other.id}-running"]  # fmt: skip

    assert not [address for address in asked if "Secret" in client.get(address).text]


@pytest.mark.parametrize("told", ["", "nonsense", "-", "9" * 40 + "-running", "1-", "²-running"])
def test_what_a_page_makes_up_is_answered_calmly(client, course, teacher, told):
    for address in ("/backups/live", f"/courses/{course.id}/backups/live", "/jobs/live"):
        assert client.get(address, query_string={"told": told}).status_code == 200


def test_who_may_not_back_up_is_told_nothing(client, course, sign_in_as):
    sign_in_as(make_person(course=course, course_role=CourseRole.STUDENT))

    assert client.get(f"/courses/{course.id}/backups/live").status_code == 403


def test_twenty_rows_are_asked_after_with_as_many_statements_as_one(page, client, course, teacher):
    def statements():
        address, asked = page("/backups").find(id="live")["hx-get"], []
        sa.event.listen(db.engine, "before_cursor_execute", count := lambda *given: asked.append(given[2]))
        client.get(address)
        sa.event.remove(db.engine, "before_cursor_execute", count)
        return len(asked)

    running = {"state": JobState.RUNNING, "total_bytes": 100, "done_bytes": 10}
    make_job(teacher, course, **running)
    one = statements()
    for number in range(20):
        make_job(teacher, course, **running | {"scope": "activity", "target_id": number})

    assert statements() == one


def test_beside_the_course_stands_what_goes_on_and_what_has_just_ended(page, client, course, teacher):
    work = page(f"/courses/{course.id}").find(id="course-work")
    running = make_job(teacher, course, state=JobState.RUNNING)
    make_job(teacher, course, kind=JobKind.IMPORT, state=JobState.DONE, title="Cliffs")
    long_ago = utc_now() - timedelta(hours=1)
    make_job(teacher, course, kind=JobKind.COPY, state=JobState.DONE, finished_at=long_ago)

    shown = fragment(client.get(work["hx-get"]).text)

    assert work["hx-trigger"].startswith("load")
    assert [text(one) for one in shown.find_all("a")] == [
        f"Backup of {course.fullname}",
        "Import from Cliffs",
    ]
    assert shown.find("a", href=f"/jobs/{running.id}")


def test_the_page_of_an_activity_shows_its_own_work_alone(page, client, course, teacher):
    activity = db.session.query(Activity).first()
    make_job(teacher, course, state=JobState.RUNNING)
    part = {"scope": "activity", "target_id": activity.id, "title": activity.name}
    make_job(teacher, course, **part)

    work = page(f"/courses/{course.id}/activities/{activity.id}").find(id="course-work")

    shown = fragment(client.get(work["hx-get"]).text)
    assert [text(one) for one in shown.find_all("a")] == [f"Backup of the activity “{activity.name}”"]


def test_in_edit_mode_one_question_brings_the_warning_and_the_work(page, client, course, teacher):
    job = make_job(teacher, course, state=JobState.RUNNING, total_bytes=100, done_bytes=10)
    shown = page(f"/courses/{course.id}/edit")

    end(job, JobState.RUNNING, done_bytes=40)
    going = client.get(shown.find(id="course-warning")["hx-get"])
    end(job, finished_at=utc_now())
    over = client.get(shown.find(id="course-warning")["hx-get"])

    assert [one["hx-get"] for one in shown.select("[hx-get]")] == [shown.find(id="course-warning")["hx-get"]]
    assert going.headers["HX-Reswap"] == "none"
    assert "40%" in text(parse(going.text).find(id="course-work"))
    assert "HX-Reswap" not in over.headers
    assert "Done" in text(parse(over.text).find(id="course-work"))
    assert text(parse(over.text).find(id="course-warning")) == ""
