"""Asking for a new backup: what goes in, and that one click or twenty make one."""

import threading

import pytest
import sqlalchemy as sa

from tests.factories import (
    keep,
    make_activity,
    make_admin,
    make_course,
    make_course_file,
    make_section,
    make_sign_in,
    make_teacher,
)
from tests.pages import form_data, text
from tests.running import back_up
from webapp.extensions import db
from webapp.models import (
    Activity,
    ArchiveFile,
    Job,
    Person,
    Section,
)


@pytest.fixture
def course(app):
    return make_course(fullname="Tides and Coasts")


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher(course=course))


def only_job():
    return db.session.query(Job).one()


def test_the_choices_are_all_made_beforehand(page, course, teacher):
    make_course_file(course, "chart.png", "a", filesize=2000)
    make_course_file(course, "chart again.png", "a", filesize=2000)
    make_course_file(course, "essay.odt", "b", filesize=500, user_data=True)
    keep(Person(version_id=course.version_id, moodle_id=5, position=0, username="pupil", body=b""))

    shown = page(f"/courses/{course.id}/backups/new")

    assert all(box.has_attr("checked") for box in shown.select("input[type=checkbox]"))
    assert len(shown.select("input[name=sections]")) == 3
    assert len(shown.select("input[name=activities]")) == 7
    tally = text(shown.select_one(".result"))
    assert "7 activities in 3 sections" in tally
    assert "1 file, 2.0 kB" in tally
    assert "1 person, with 1 file, 500 bytes" in tally


def test_each_activity_says_what_its_files_weigh(page, course, teacher):
    folder = db.session.query(Activity).filter_by(type="folder").one()
    make_course_file(course, "map.png", filesize=12_000, context_id=folder.context_id)

    shown = page(f"/courses/{course.id}/backups/new")

    box = shown.find("input", attrs={"name": "activities", "value": folder.moodle_id})
    assert text(box.find_parent(class_="leaf")) == "Charts 1 file, 12 kB"


def test_a_subsection_stands_under_its_activity(page, course, teacher):
    section = db.session.query(Section).first()
    parent = make_activity(section, "subsection", "More about tides")
    below = make_section(course, "More about tides", parent_cmid=str(parent.moodle_id))
    make_activity(below, "page", "Spring tides")

    shown = page(f"/courses/{course.id}/backups/new")

    box = shown.find("input", attrs={"name": "activities", "value": parent.moodle_id})
    assert "Spring tides" in text(box.find_parent("li"))
    assert len(shown.select(".tree > li")) == 3


@pytest.mark.usefixtures("in_background")
@pytest.mark.parametrize("left_out", ["sections", "activities"])
def test_a_subsection_goes_with_its_activity(page, client, course, teacher, left_out):
    section = db.session.query(Section).first()
    parent = make_activity(section, "subsection", "More about tides")
    below = make_section(course, "More about tides", parent_cmid=str(parent.moodle_id)).moodle_id
    form = page(f"/courses/{course.id}/backups/new").find("form", id="choice")
    data = form_data(form)
    data[left_out].remove(str(section.moodle_id if left_out == "sections" else parent.moodle_id))

    client.post(form["action"], data=data)

    assert below in only_job().options["leave_out"]["sections"]


@pytest.mark.usefixtures("in_background")
def test_a_backup_is_asked_for_as_chosen(page, client, course, teacher):
    form = page(f"/courses/{course.id}/backups/new").find("form", id="choice")
    data = form_data(form)
    section, activity = data["sections"].pop(0), data["activities"].pop(-1)
    data.pop("people")

    answer = client.post(form["action"], data=data | {"container": "zip"})

    job = only_job()
    assert (answer.status_code, answer.location) == (303, f"/jobs/{job.id}")
    assert (job.kind, job.scope, job.target_id, job.course_id) == ("backup", "course", course.id, course.id)
    assert job.title == "Tides and Coasts"
    assert job.options == {
        "people": False,
        "files": True,
        "container": "zip",
        "leave_out": {"sections": [int(section)], "activities": [int(activity)]},
    }


@pytest.mark.usefixtures("in_background")
@pytest.mark.parametrize(
    ("chosen", "options"),
    [
        ("no", {"people": False}),
        ("yes", {"people": True}),
        ("anonymous", {"people": True, "anonymise": True}),
        ("everybody", {"people": False}),
    ],
)
def test_people_come_along_as_chosen(page, client, course, teacher, chosen, options):
    form = page(f"/courses/{course.id}/backups/new").find("form", id="choice")

    client.post(form["action"], data=form_data(form, people=chosen))

    asked = only_job().options
    assert {name: asked[name] for name in ("people", "anonymise") if name in asked} == options


def test_what_each_choice_about_people_means_is_said(page, course, teacher):
    keep(Person(version_id=course.version_id, moodle_id=5, position=0, username="pupil", body=b""))

    shown = page(f"/courses/{course.id}/backups/new?step=content")
    choices = shown.find("legend", string="People").parent.find_all("label")

    assert [choice.input["value"] for choice in choices if choice.input.has_attr("checked")] == ["yes"]
    assert [text(choice).split(".")[0] for choice in choices] == [
        "Leave people out Only the teaching material, with no name, address or number of anybody",
        "With people 1 person, with their grades, posts and hand-ins",
        "With people, made anonymous The same under made-up names, without pictures and addresses",
    ]


@pytest.mark.usefixtures("in_background")
def test_what_has_come_into_the_course_meanwhile_is_not_left_out(page, client, course, teacher):
    form = page(f"/courses/{course.id}/backups/new").find("form", id="choice")
    make_activity(make_section(course, "Brand new"))

    client.post(form["action"], data=form_data(form))

    assert only_job().options["leave_out"] == {"sections": [], "activities": []}


def test_a_backup_of_nothing_is_refused(page, client, course, teacher):
    form = page(f"/courses/{course.id}/backups/new").find("form", id="choice")

    answer = client.post(form["action"], data=form_data(form) | {"sections": []})

    assert answer.status_code == 422
    assert "Choose at least one section." in answer.text
    assert db.session.query(Job).count() == 0


@pytest.mark.usefixtures("in_background")
def test_twenty_clicks_make_one_job_and_all_lead_to_it(app, course, teacher, page):
    form = page(f"/courses/{course.id}/backups/new").find("form", id="choice")
    data, action = form_data(form), form["action"]
    del data["csrf_token"]  # each browser sends its own
    token = make_sign_in(teacher)
    start, answers = threading.Barrier(20), []

    def click():
        with app.app_context():
            browser = app.test_client()
            with browser.session_transaction() as session:
                session["token"] = token
            start.wait()
            answers.append(browser.post(action, data=data))

    clicks = [threading.Thread(target=click) for _ in range(20)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    db.session.rollback()

    job = only_job()
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, f"/jobs/{job.id}")] * 20


@pytest.mark.usefixtures("in_background")
def test_another_person_may_back_up_the_same_course_at_once(client, course, teacher, sign_in_as):
    section = str(db.session.query(Section).first().moodle_id)
    client.post(f"/courses/{course.id}/backups/new", data={"sections": section, "container": "tgz"})
    sign_in_as(make_admin())

    client.post(f"/courses/{course.id}/backups/new", data={"sections": section, "container": "tgz"})

    assert db.session.query(Job).count() == 2


@pytest.mark.usefixtures("in_background")
def test_asking_for_a_backup_reads_nothing_of_the_course(page, client, course, teacher):
    form = page(f"/courses/{course.id}/backups/new").find("form", id="choice")
    data, asked = form_data(form), []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    answer = client.post(form["action"], data=data)

    assert answer.status_code == 303
    assert not [
        one for one in asked if "course_file" in one or "FROM activity" in one or "FROM section" in one
    ]


def test_a_name_and_a_note_go_from_the_first_page_to_the_list_and_the_download(client, page, teacher, course):
    address = f"/courses/{course.id}/backups/new"
    form = page(f"{address}?step=content").select_one("main form[method=post]")

    said = form_data(form) | {"archive_name": "Before: the / exams", "note": "For Ben", "go": "review"}
    review = page(client.post(form["action"], data=said).location)
    client.post(address, data=form_data(review.select_one("main form[method=post]")))
    archive = db.session.query(ArchiveFile).one()
    listed = text(page(f"/courses/{course.id}/backups?q=exams").main)
    missed = text(page("/backups?q=harbour").main)
    sent = client.get(f"/archives/{archive.id}/download")

    assert "Name Before: the / exams" in text(review)
    assert "Before: the / exams" in listed
    assert "For Ben" in listed
    assert "exams" not in missed
    assert 'filename="Before the exams.mbz"' in sent.headers["Content-Disposition"]
    assert archive.filename.startswith("backup-moodle2-course-")


def test_a_name_is_given_later_taken_away_again_and_not_too_long(client, page, teacher, course):
    job, _ = back_up(course, teacher)
    address = f"/archives/{job.result['archive_id']}/name"
    form = page(address).select_one("main form[method=post]")

    refused = client.post(address, data=form_data(form) | {"archive_name": "x" * 101, "note": "y" * 501})
    client.post(address, data=form_data(form) | {"archive_name": "Spring", "note": "Kept for good"})
    named = text(page(f"/courses/{course.id}/backups").main)
    client.post(address, data=form_data(form) | {"archive_name": "", "note": ""})
    archive = db.session.get(ArchiveFile, job.result["archive_id"], populate_existing=True)

    assert refused.status_code == 422
    assert "at most 100 letters" in refused.text
    assert "at most 500 letters" in refused.text
    assert "Spring" in named
    assert "Kept for good" in named
    assert (archive.name, archive.download_name) == ("", archive.filename)
