"""The lists of backups, and what can be done with one that is there."""

from datetime import timedelta

import pytest

from tests.factories import (
    join,
    make_archive,
    make_course,
    make_job,
    make_person,
    make_teacher,
    make_version,
)
from tests.pages import text
from webapp import places
from webapp.extensions import db
from webapp.models import (
    ArchiveFile,
    CourseRole,
    JobKind,
    JobState,
    utc_now,
)


@pytest.fixture
def course(app):
    return make_course(fullname="Tides and Coasts")


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher(course=course))


def table(shown):
    return [text(row) for row in shown.select("tbody tr")]


def test_an_anonymised_backup_is_listed_as_such(page, course, teacher):
    make_archive(teacher, course, with_people=True, anonymised=True)

    assert "Anonymised" in table(page(f"/courses/{course.id}/backups"))[0]


def test_a_courses_backups_are_listed_newest_first(page, course, teacher):
    make_archive(
        teacher, course, size=664_000_000, with_people=True, created_at=utc_now() - timedelta(days=3)
    )
    make_archive(
        make_teacher(first_name="Nadia", last_name="Brandt"), course, size=640_000_000, verified_at=None
    )
    make_archive(teacher, make_course())

    shown = page(f"/courses/{course.id}/backups")

    newest, oldest = table(shown)
    assert "Nadia Brandt 640 MB Without people Not checked yet" in newest
    assert "You 664 MB With people Today" in oldest
    assert "sound" in oldest
    assert "2 kept, 1.3 GB" in text(shown.find(class_="meta"))


def test_a_course_without_backups_says_what_one_is(page, course, teacher):
    shown = page(f"/courses/{course.id}/backups")

    assert "No backups yet" in text(shown.find(class_="empty"))
    assert shown.find(class_="empty").a["href"] == f"/courses/{course.id}/backups/new"


def test_a_backup_being_made_is_the_first_row_and_is_asked_after(page, course, teacher):
    make_archive(teacher, course)
    job = make_job(make_teacher(), course, state=JobState.RUNNING)

    shown = page(f"/courses/{course.id}/backups")

    row = shown.select_one("tbody tr")
    assert "Being made now" in text(row)
    assert shown.find(id="live")["hx-get"] == f"/courses/{course.id}/backups/live?told={job.id}-running"
    assert row.find("a", href=f"/jobs/{job.id}")


def test_a_backup_that_failed_shows_until_it_is_dismissed(page, client, course, teacher):
    job = make_job(teacher, course, state=JobState.FAILED, problem="The disk is full.")
    make_archive(teacher, course, created_at=utc_now() + timedelta(seconds=1))

    before = table(page(f"/courses/{course.id}/backups"))
    answer = client.post(f"/jobs/{job.id}/dismiss", data={"back": f"/courses/{course.id}/backups"})
    after = table(page(answer.location))

    assert "Did not finish The disk is full. Try again" in before[0]
    assert "The disk is full." not in " ".join(after)


def test_damage_shows_in_the_list(page, course, teacher):
    make_archive(teacher, course, survey={"damage": 2})

    assert "2 things damaged" in table(page(f"/courses/{course.id}/backups"))[0]


def test_my_backups_are_those_of_all_my_courses(page, course, teacher):
    make_archive(make_teacher(), course)
    elsewhere = make_course(fullname="Cliffs")
    join(teacher, elsewhere, CourseRole.EDITING_TEACHER)
    make_archive(teacher, elsewhere)
    make_archive(make_teacher(), make_course(fullname="Not mine"))
    make_archive(teacher, make_course(fullname="Mine no more"))

    rows = table(page("/backups"))

    assert len(rows) == 2
    assert rows[0].startswith("Cliffs")
    assert rows[1].startswith("Tides and Coasts")


def test_my_restores_show_among_my_backups(page, teacher):
    archive = make_archive(teacher)
    job = make_job(teacher, kind=JobKind.RESTORE, scope="archive", target_id=archive.id, title="old.mbz",
                   state=JobState.WAITING, result={"archive_id": archive.id})  # fmt: skip

    row = page("/backups").select_one("tbody tr")

    assert text(row).startswith("old.mbz Restore")
    assert row.find("a", href=f"/restores/{job.id}")


def test_who_can_neither_restore_nor_back_up_sees_no_form(page, course, sign_in_as):
    sign_in_as(make_person(course=course))

    shown = page("/backups")

    assert not shown.find(id="upload")
    assert shown.find(class_="empty")


@pytest.mark.parametrize("path", ["/courses/{}/backups", "/courses/{}/backups/new"])
def test_backups_of_a_course_are_for_those_who_edit_it(client, course, sign_in_as, path):
    sign_in_as(make_person(course=course, course_role=CourseRole.TEACHER))
    seen = client.get(path.format(course.id))
    sign_in_as(make_teacher())
    unseen = client.get(path.format(course.id))

    assert (seen.status_code, unseen.status_code) == (403, 404)


def test_a_backup_is_downloaded_under_its_name(client, course, teacher):
    archive = make_archive(teacher, course, content=b"0123456789", filename="Gezeiten – Küste.mbz")

    answer = client.get(f"/archives/{archive.id}/download")

    assert (answer.status_code, answer.data) == (200, b"0123456789")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "filename*=UTF-8''Gezeiten%20%E2%80%93%20K%C3%BCste.mbz" in disposition
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer.headers["Cache-Control"]


def test_a_download_that_broke_off_is_taken_up_again(client, course, teacher):
    archive = make_archive(teacher, course, content=b"0123456789")
    whole = client.get(f"/archives/{archive.id}/download")

    part = client.get(f"/archives/{archive.id}/download", headers={"Range": "bytes=4-"})
    same = client.get(f"/archives/{archive.id}/download", headers={"If-None-Match": whole.headers["ETag"]})

    assert (part.status_code, part.data, part.headers["Content-Range"]) == (206, b"456789", "bytes 4-9/10")
    assert same.status_code == 304


def test_a_backup_whose_file_is_gone_is_not_there(client, course, teacher):
    archive = make_archive(teacher, course, content=None)

    assert client.get(f"/archives/{archive.id}/download").status_code == 404


@pytest.mark.parametrize("path", ["download", "delete", "restore"])
def test_a_strangers_backup_is_not_there(client, course, sign_in_as, path):
    archive = make_archive(make_teacher(), course)
    sign_in_as(make_person(course=course, course_role=CourseRole.TEACHER))

    assert client.get(f"/archives/{archive.id}/{path}").status_code == 404
    assert client.get(f"/archives/999/{path}").status_code == 404


def test_a_backup_is_deleted_after_a_question(page, client, course, teacher):
    archive = make_archive(teacher, course)
    path = places.archive_path(archive.id)

    asked = page(f"/archives/{archive.id}/delete")
    there = path.exists()
    answer = client.post(asked.main.form["action"])

    assert text(asked.h1) == "Delete this backup?"
    assert there
    assert (answer.status_code, answer.location) == (303, f"/courses/{course.id}/backups")
    assert not path.exists()
    assert db.session.query(ArchiveFile).count() == 0
    assert "is deleted." in text(page(answer.location).main)


@pytest.mark.parametrize("answered", [False, True])
def test_a_backup_that_is_being_restored_is_not_deleted(page, client, course, teacher, answered):
    archive = make_archive(teacher, course)
    target = (
        {"scope": "course", "target_id": course.id}
        if answered
        else {"scope": "archive", "target_id": archive.id}
    )
    make_job(
        teacher, kind=JobKind.RESTORE, state=JobState.WAITING, result={"archive_id": archive.id}, **target
    )

    answer = client.post(f"/archives/{archive.id}/delete")

    assert db.session.get(ArchiveFile, archive.id) is not None
    assert "It can be deleted after that." in text(page(answer.location).main)


def test_the_content_before_a_restore_can_be_put_back(page, client, course, teacher):
    old = make_version(undo_course_id=course.id, keep_until=utc_now() + timedelta(days=7)).id

    offered = page(f"/courses/{course.id}/backups").find("a", href=f"/courses/{course.id}/undo")
    asked = page(offered["href"])
    answer = client.post(asked.main.form["action"])

    assert "“Tides and Coasts” becomes what it was" in text(asked.main)
    assert (answer.status_code, answer.location) == (303, f"/courses/{course.id}")
    assert db.session.get(type(course), course.id).version_id == old


def test_where_nothing_can_be_put_back_it_says_so(page, client, course, teacher):
    shown = page(f"/courses/{course.id}/backups")
    answer = client.post(f"/courses/{course.id}/undo")

    assert not shown.find("a", href=f"/courses/{course.id}/undo")
    assert (answer.status_code, answer.location) == (303, f"/courses/{course.id}/backups")
    assert "There is nothing to put back any more." in text(page(answer.location).main)


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_restore_may_not_undo(client, course, sign_in_as, method):
    sign_in_as(make_person(course=course, course_role=CourseRole.TEACHER))

    assert getattr(client, method)(f"/courses/{course.id}/undo").status_code == 403
