"""Who did what is written down together with the deed."""

from contextlib import suppress
from datetime import timedelta

import pytest

from jobs import leftovers
from tests.factories import (
    keep,
    make_activity,
    make_admin,
    make_archive,
    make_course,
    make_person,
    make_section,
    make_teacher,
)
from tests.pages import form_data, text
from tests.running import back_up, restore
from webapp.access.audit import actor, note, set_actor
from webapp.access.memberships import RoleRefused, remove_member, set_role
from webapp.content.making import make_course as make_whole_course
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import AuditEntry, CourseRole, JobState, set_setting, utc_now


def log():
    """The deeds so far, oldest first: action, what it was about, and the course."""
    entries = db.session.query(AuditEntry).order_by(AuditEntry.id)
    return [(one.action, one.title, one.course_title) for one in entries]


@pytest.fixture
def course(app):
    return make_course(content=(), fullname="Reading the tide")


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher("nadia", course=course))


def test_a_deed_is_noted_with_who_did_it(course, teacher):
    set_actor(teacher.id)

    with write_transaction() as session:
        note(session, "course deleted", course, detail="for good")

    entry = db.session.query(AuditEntry).one()
    assert (entry.user_id, entry.behind_id, entry.kind, entry.thing_id) == (
        teacher.id,
        None,
        "course",
        course.id,
    )
    assert (entry.title, entry.course_title, entry.detail) == (
        "Reading the tide",
        "Reading the tide",
        "for good",
    )


def test_what_did_not_happen_is_not_noted(course):
    with suppress(RuntimeError), write_transaction() as session:
        note(session, "course deleted", course)
        raise RuntimeError

    assert log() == []


def test_an_action_that_nobody_has_named_is_refused(app):
    with pytest.raises(KeyError), write_transaction() as session:
        note(session, "course mislaid")


def test_people_leave_no_name_in_the_log(course, teacher):
    pip = make_person("pip", first_name="Pip")

    set_role(course, pip, CourseRole.STUDENT, by=teacher)

    entry = db.session.query(AuditEntry).one()
    assert (entry.action, entry.kind, entry.thing_id, entry.title) == ("member added", "person", pip.id, "")


def test_members_who_come_change_and_go_are_noted(course, teacher):
    pip = make_person("pip")

    set_role(course, pip, CourseRole.STUDENT, by=teacher)
    set_role(course, pip, CourseRole.STUDENT, by=teacher)
    set_role(course, pip, CourseRole.TEACHER, by=teacher)
    with pytest.raises(RoleRefused):
        set_role(course, pip, CourseRole.MANAGER, by=teacher)
    remove_member(course, pip, by=teacher)

    entries = [(one.action, one.detail) for one in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert entries == [
        ("member added", "student"),
        ("member role changed", "teacher"),
        ("member removed", ""),
    ]


def test_what_is_deleted_from_a_course_is_noted_under_its_name(client, course, teacher):
    section = make_section(course, "Start here")
    make_section(course, "The tide")
    tide = make_section(course, "The tide")
    page = make_activity(section, name="Why the sea rises")

    for address in (f"activities/{page.id}/delete", f"sections/{tide.id}/delete"):
        client.post(f"/courses/{course.id}/{address}")

    assert [entry[0] for entry in log()] == ["activity deleted", "section deleted"]
    assert {entry[2] for entry in log()} == {"Reading the tide"}
    assert db.session.query(AuditEntry).first().user_id == teacher.id


def test_the_name_of_a_deleted_course_stays_in_the_log(client, course, sign_in_as):
    sign_in_as(make_admin())
    set_setting("bin_days", 0, by=None)
    db.session.commit()

    client.post(f"/courses/{course.id}/delete", data={"typed": course.shortname})

    entry = db.session.query(AuditEntry).one()
    assert (entry.action, entry.course_id, entry.course_title) == ("course deleted", None, "Reading the tide")


def test_a_download_is_noted_once_however_often_it_is_taken_up_again(client, course, teacher):
    archive = make_archive(teacher, course, filename="tide.mbz")

    client.head(f"/archives/{archive.id}/download")
    nothing = log()
    for _ in range(2):
        client.get(f"/archives/{archive.id}/download", headers={"Range": "bytes=4-"})

    assert nothing == []
    assert log() == [("backup downloaded", "tide.mbz", "Reading the tide")]


def test_a_download_that_is_refused_is_not_noted(client, course, sign_in_as):
    archive = make_archive(make_teacher(), course)
    sign_in_as(make_teacher())

    assert client.get(f"/archives/{archive.id}/download").status_code == 404
    assert log() == []


def test_a_backup_that_was_made_and_deleted_is_noted(client, sign_in_as):
    teacher = sign_in_as(make_teacher())
    course = make_whole_course("Tides", "GEO 1", None, teacher)

    job, _path = back_up(course, teacher)
    client.post(f"/archives/{job.result['archive_id']}/delete")

    assert [(action, course) for action, _title, course in log()][1:] == [
        ("backup made", "Tides"),
        ("backup deleted", "Tides"),
    ]
    assert {one.user_id for one in db.session.query(AuditEntry).offset(1)} == {teacher.id}


def test_a_job_is_noted_under_the_admin_who_asked_as_somebody_else(app):
    teacher, admin = make_teacher(), make_admin()
    course = make_whole_course("Tides", "GEO 1", None, teacher)

    set_actor(teacher.id, admin.id)
    back_up(course, teacher)

    entry = db.session.query(AuditEntry).filter_by(action="backup made").one()
    assert (entry.user_id, entry.behind_id) == (teacher.id, admin.id)


def test_a_job_that_failed_has_done_nothing_to_note(course):
    job, _path = back_up(course, make_teacher())

    assert job.state == JobState.FAILED
    assert log() == []


def test_a_restore_and_its_undoing_are_noted(client, sign_in_as):
    teacher = sign_in_as(make_teacher())
    course = make_whole_course("Tides", "GEO 1", None, teacher)
    _job, path = back_up(course, teacher)

    restore(path.read_bytes(), teacher, course)
    client.post(f"/courses/{course.id}/undo")

    assert [action for action, *_rest in log()] == [
        "course made",
        "backup made",
        "backup restored",
        "restore undone",
    ]


def test_changed_settings_are_noted_each_by_its_name(client, page, sign_in_as):
    sign_in_as(make_admin())
    form = form_data(page("/settings/keeping").main.form)

    client.post("/settings/keeping", data=form | {"undo_days": "9", "audit_days": "30"})

    assert sorted(title for action, title, _course in log()) == ["audit_days", "undo_days"]
    rows = {text(row.th.find_next_siblings("td")[1]) for row in page("/people/log").select("tbody tr")}
    assert rows == {"A restore can be taken back 7 days → 9 days", "The audit log is kept 365 days → 30 days"}


def test_nobody_acts_until_somebody_is_named(app):
    assert actor().user_id is None


def test_the_log_forgets_what_is_older_than_an_admin_wants(app):
    set_setting("audit_days", 30, by=None)
    keep(AuditEntry(action="signed in", at=utc_now() - timedelta(days=31)))
    keep(AuditEntry(action="course made", at=utc_now() - timedelta(days=29)))

    leftovers.clear()

    assert [action for action, *_rest in log()] == ["course made"]
