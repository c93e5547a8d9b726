"""Admins set the schedule, begin rounds, and read how they went; nobody else sees any of it."""

from datetime import timedelta

import pytest

from jobs import scheduler
from tests.automating import NIGHT, a_course, a_round, finish, items, rounds, set_schedule
from tests.factories import make_admin, make_category, make_course, make_teacher
from tests.mail_servers import MailServer
from tests.pages import form_data, parse, text
from tests.running import run
from webapp import create_app
from webapp.extensions import db
from webapp.models import (
    AuditEntry,
    Destination,
    Document,
    ItemState,
    Message,
    ReportWhen,
    Schedule,
    the_schedule,
    utc_now,
)
from webapp.site_settings.declared import CONTENT

ADDRESS = "/settings/automatic"


@pytest.fixture
def ruth(sign_in_as):
    return sign_in_as(make_admin("ruth", first_name="Ruth", last_name="Adeyemi"))


@pytest.fixture
def save(client, page):
    def send(**changes):
        form = page(ADDRESS).find("form", action=ADDRESS)
        return client.post(ADDRESS, data=form_data(form, **changes))

    return send


def spoil(course):
    """Make a course one that can't be backed up."""
    db.session.query(Document).filter_by(version_id=course.version_id).update({"skeleton": b"\x00"})
    db.session.commit()


def test_until_somebody_decides_nothing_is_backed_up_by_itself(ruth, page):
    shown = page(ADDRESS)

    assert "Automatic backups are off." in text(shown.main)
    assert not shown.select_one("#active").has_attr("checked")
    assert db.session.query(Schedule).count() == 0


def test_the_schedule_is_kept_and_shown(ruth, save, page):
    year = make_category("Year 9")

    answer = save(active="y", days=["0", "4"], at="22:15", categories=[str(year.id)], keep_last="5",
                  check_days="60", report="trouble", content=["blocks", "groups"])  # fmt: skip

    kept = the_schedule()
    shown = page(ADDRESS)
    assert (answer.status_code, answer.location) == (303, ADDRESS)
    assert (kept.active, kept.days, kept.hour, kept.minute) == (True, [0, 4], 22, 15)
    assert (kept.categories, kept.keep_last, kept.check_days) == ([year.id], 5, 60)
    assert (kept.report, kept.destination, kept.changed_by_id) == (
        ReportWhen.TROUBLE,
        Destination.APP,
        ruth.id,
    )
    assert set(CONTENT) - set(kept.without) == {"blocks", "groups"}
    assert [box["value"] for box in shown.select("input[name=content][checked]")] == ["blocks", "groups"]
    assert shown.select_one("#at")["value"] == "22:15"
    assert [box["value"] for box in shown.select("input[name=days][checked]")] == ["0", "4"]
    assert "The next round begins" in text(shown.main)
    assert "Last changed by Ruth Adeyemi, today" in text(shown.main)


def test_switching_it_off_stops_what_would_have_come(ruth, save, page):
    save(active="y")

    save(active=[])

    assert the_schedule().active is False
    assert "Automatic backups are off." in text(page(ADDRESS).main)


def test_a_new_time_counts_from_now_on_and_other_changes_leave_it(ruth, save):
    set_schedule(ruth, since=utc_now() - timedelta(days=2))
    before = the_schedule().since

    save(keep_last="9")
    assert the_schedule().since == before
    save(at="05:00")

    assert utc_now() - the_schedule().since < timedelta(minutes=1)


def test_a_folder_is_kept(ruth, save, tmp_path):
    save(destination="both", folder=f" {tmp_path} ")

    assert (the_schedule().destination, the_schedule().folder) == (Destination.BOTH, str(tmp_path))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"active": "y", "days": []}, "Choose at least one day."),
        ({"at": "half past two"}, "Write a time of day, as 02:30."),
        ({"at": "25:00"}, "Write a time of day, as 02:30."),
        ({"destination": "folder", "folder": ""}, "Say which folder."),
        ({"destination": "folder", "folder": "backups"}, "Write the whole path"),
        ({"destination": "both", "folder": "/no/such/folder"}, "The folder /no/such/folder is not there."),
        ({"keep_daily": "-1"}, "It is a number from 0 to 1,000."),
        ({"keep_days": "some"}, "Write a whole number."),
        ({"check_days": "4000"}, "It is a number from 0 to 3,650."),
    ],
)
def test_what_won_t_do_is_refused_with_the_reason_and_changes_nothing(ruth, save, changes, words):
    answer = save(**changes)

    shown = parse(answer.text)
    assert answer.status_code == 422
    assert "Not saved." in text(shown.select_one(".notice.bad"))
    assert words in text(shown.main)
    assert db.session.query(Schedule).count() == 0


def test_a_round_can_be_begun_at_any_time(ruth, client, page):
    course = a_course(ruth)

    answer = client.post(f"{ADDRESS}/run")
    finish(utc_now())

    (one,) = rounds()
    assert answer.location == f"{ADDRESS}/runs/{one.id}"
    assert one.asked_by_id == ruth.id
    shown = text(page(answer.location).main)
    assert "1 course backed up." in shown
    assert "Begun by Ruth Adeyemi" in text(page(answer.location))
    assert course.fullname in shown


def test_a_second_round_is_not_begun_beside_the_first(ruth, client, page):
    a_course(ruth)
    first = client.post(f"{ADDRESS}/run")

    second = client.post(f"{ADDRESS}/run")

    assert second.location == first.location
    assert "A round is under way already." in text(page(second.location))


def test_a_round_says_what_failed_and_why_before_all_else(ruth, page):
    good, bad = a_course(ruth), a_course(ruth, shortname="BAD", fullname="Broken course")
    make_course("HID", fullname="Hidden course", visible=False)
    spoil(bad)
    set_schedule(ruth)

    a_round(NIGHT)

    shown = page(f"{ADDRESS}/runs/{rounds()[0].id}")
    words = text(shown.main)
    assert "1 course backed up, 1 failed, 1 left out." in words
    assert [part.get_text() for part in shown.select("section.part > h2")] == [
        "Failed", "Backed up and checked", "Left out",
    ]  # fmt: skip
    reason = items()[1].reason
    assert reason
    assert reason in words
    assert good.fullname in words
    assert "Hidden courses are left out." in words
    assert "1 failed" in text(page(ADDRESS).select_one("#runs").parent)


def test_a_round_that_goes_on_says_where_it_is_and_can_be_stopped(ruth, client, page):
    a_course(ruth)
    make_course("SECOND", fullname="Second course")
    set_schedule(ruth)
    scheduler.tick(NIGHT)
    address = f"{ADDRESS}/runs/{rounds()[0].id}"

    shown = page(address)
    answer = client.post(f"{address}/stop")
    finish()

    assert "0 courses backed up, 2 to go." in text(shown.main)
    assert "Now: Reading the tide" in text(shown.main)
    assert answer.location == address
    assert [(item.state, item.reason) for item in items()] == [
        (ItemState.FAILED, "It was cancelled."),
        (ItemState.SKIPPED, "The round was stopped by an admin."),
    ]
    assert rounds()[0].finished_at is not None


def test_what_admins_do_with_it_is_written_down(ruth, client, save):
    a_course(ruth)
    save(active="y")
    client.post(f"{ADDRESS}/run")
    client.post(f"{ADDRESS}/runs/{rounds()[0].id}/stop")

    noted = [(one.user_id, one.action) for one in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert noted[-3:] == [
        (ruth.id, "setting changed"), (ruth.id, "backup round begun"), (ruth.id, "backup round stopped"),
    ]  # fmt: skip


def test_a_round_that_is_not_there_is_not_found(ruth, page, client):
    page(f"{ADDRESS}/runs/99", 404)
    assert client.post(f"{ADDRESS}/runs/99/stop").status_code == 404


@pytest.mark.parametrize("address", ["", "/keeping", "/damaged", "/runs/1"])
def test_teachers_see_nothing_of_it(sign_in_as, page, address):
    sign_in_as(make_teacher())

    page(ADDRESS + address, 403)


@pytest.mark.parametrize("address", ["", "/run", "/runs/1/stop"])
def test_teachers_change_nothing_of_it(sign_in_as, client, address):
    sign_in_as(make_teacher())

    assert client.post(ADDRESS + address).status_code == 403
    assert (rounds(), db.session.query(Schedule).count()) == ([], 0)


def test_teachers_find_automatic_backups_among_those_of_their_course(ruth, sign_in_as, page, client):
    course = a_course(ruth)
    set_schedule(ruth)
    a_round(NIGHT)
    sign_in_as(make_teacher(course=course))

    row = page(f"/courses/{course.id}/backups").select_one("tbody tr")

    assert "Automatic" in text(row)
    assert ": sound" in text(row)
    assert client.get(f"/archives/{items()[0].archive_id}/download").status_code == 200


def test_an_admin_s_own_backups_are_not_lost_among_the_automatic_ones(ruth, page):
    a_course(make_teacher())
    set_schedule(ruth)

    a_round(NIGHT)

    assert "Automatic" not in text(page("/backups").main)


def test_a_job_of_a_round_has_a_page_and_the_list_of_jobs_is_not_full_of_them(ruth, page):
    course = a_course(ruth)
    set_schedule(ruth)
    job = scheduler.tick(NIGHT)

    assert f"Automatic backup of {course.fullname}" in text(page(f"/jobs/{job.id}"))
    assert "Automatic backup" in text(page("/jobs").tbody)
    run(job)
    assert "Backed up and checked" in text(page(f"/jobs/{job.id}"))
    assert "Automatic backup" not in text(page("/jobs?show=finished").tbody)
    assert "Automatic backup" in text(page("/jobs?show=finished&kind=automated").tbody)


def test_the_report_names_every_course_that_failed_with_the_reason(ruth):
    a_course(ruth)
    bad = a_course(ruth, shortname="BAD", fullname="Broken & <old>")
    spoil(bad)
    luc = make_admin("luc")
    make_admin("gone", active=False)
    set_schedule(ruth)

    a_round(NIGHT)

    told = db.session.query(Message).filter_by(event="automated_report").all()
    assert {message.user_id for message in told} == {ruth.id, luc.id}
    message = told[0]
    assert "1 course backed up, 1 failed." in message.text
    assert f"– Broken & <old>: {items()[1].reason}" in message.text
    assert "Broken &amp; &lt;old&gt;" in message.html
    assert message.link.endswith(f"{ADDRESS}/runs/{rounds()[0].id}")


@pytest.mark.parametrize(
    ("when", "is_bad", "told"),
    [("always", False, 1), ("trouble", False, 0), ("trouble", True, 1), ("never", True, 0)],
)
def test_the_report_comes_when_the_schedule_says(ruth, when, is_bad, told):
    course = a_course(ruth)
    if is_bad:
        spoil(course)
    set_schedule(ruth, report=ReportWhen(when))

    a_round(NIGHT)

    assert db.session.query(Message).filter_by(event="automated_report").count() == told


def test_the_report_arrives_by_mail_as_text_and_as_html(instance):
    with MailServer() as server:
        app = create_app(INSTANCE=instance, TESTING=True, MAIL_SUPPRESS_SEND=False, MAIL_SERVER="127.0.0.1",
                         MAIL_PORT=server.port, BASE_URL="https://courses.school.example")  # fmt: skip
        with app.app_context():
            ruth = make_admin("ruth")
            spoil(a_course(ruth, fullname="Broken course"))
            set_schedule(ruth)
            a_round(NIGHT)
            db.session.remove()
            db.engine.dispose()

    letter = server.letters[-1]
    plain = letter.get_body(("plain",)).get_content()
    assert letter["Subject"].startswith("Automatic backups of ")
    assert "– Broken course: " in plain
    assert "https://courses.school.example/settings/automatic/runs/1" in plain
    assert "Broken course: " in letter.get_body(("html",)).get_content()
