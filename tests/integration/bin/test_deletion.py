"""What was deleted is nowhere any more, byte by byte: not in the database, nor beside it, nor in any file."""

import os
import sqlite3
from datetime import timedelta

import pytest

from jobs import leftovers
from tests.archives import PICTURE, pack_tgz, small_course
from tests.course_documents import PEOPLE, StoredFile
from tests.factories import make_admin, make_person, make_teacher
from tests.running import back_up, restore
from webapp.access.audit import set_actor
from webapp.backups.operations import delete_archive
from webapp.content.course_settings import delete_course
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import (
    ArchiveFile,
    AuditEntry,
    BinEntry,
    Course,
    CourseVersion,
    FailedSignIn,
    Job,
    Message,
    utc_now,
)
from webapp.people.removal import remove_person

HANDED_IN = StoredFile(
    630, "report.txt", b"What I saw at the quay, by Amira.", 71, "mod_forum", "attachment", 1
)
OF_PUPILS = {word for one in PEOPLE for word in one[1:]} - {"Ben", "Holt", "Amira"}
LONG_AGO = timedelta(days=400)


@pytest.fixture
def teacher(app):
    return make_teacher("nadia")


@pytest.fixture
def course(teacher):
    _, course = restore(pack_tgz(small_course(files=[HANDED_IN])), teacher)
    return course


def where(folder, *words):
    """The files of the installation that hold any of the words."""
    found = {}
    for top, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(top, name)
            with open(path, "rb") as file:
                content = file.read()
            if held := [
                word for word in words if (word if isinstance(word, bytes) else word.encode()) in content
            ]:
                found[os.path.relpath(path, folder)] = held
    return found


def a_year_later(instance):
    """Let the sweep come by once everything that is kept for a while is over."""
    db.session.rollback()
    with write_transaction() as session:
        for entry in session.query(BinEntry):
            entry.keep_until = utc_now() - LONG_AGO
        for archive in session.query(ArchiveFile):
            archive.created_at -= LONG_AGO
        for version in session.query(CourseVersion):
            version.created_at -= LONG_AGO
            version.keep_until = version.keep_until and version.keep_until - LONG_AGO
        for tried in session.query(FailedSignIn):
            tried.at -= LONG_AGO
        for message in session.query(Message):
            message.created_at -= LONG_AGO
        for deed in session.query(AuditEntry):
            deed.at -= LONG_AGO
        for job in session.query(Job):
            job.finished_at = job.finished_at and job.finished_at - LONG_AGO
    for top, _, names in os.walk(instance / "files"):
        for name in names:
            os.utime(os.path.join(top, name), (0, 0))
    db.session.remove()
    leftovers.clear()
    leftovers.clear_contents()
    leftovers.clear()


def test_the_search_finds_what_is_there(course, instance):
    assert {"coursekeep.sqlite-wal", "coursekeep.sqlite"} & set(where(instance, *OF_PUPILS))
    assert any(name.startswith("files/") for name in where(instance, HANDED_IN.content))


def test_nothing_is_left_of_a_course_that_was_deleted(course, teacher, instance):
    back_up(course, teacher)
    for archive in db.session.query(ArchiveFile).all():
        delete_archive(archive.id)
    delete_course(course)

    a_year_later(instance)

    assert db.session.query(Course).count() == 0
    assert (
        where(instance, *OF_PUPILS, HANDED_IN.content, PICTURE[:64]) == {}
    )  # its name stays in the audit log


def test_nothing_is_left_of_a_backup_that_was_deleted(course, teacher, instance):
    job, path = back_up(course, teacher)
    content = path.read_bytes()[100:200]
    assert where(instance, content) != {}

    delete_archive(job.result["archive_id"])

    assert where(instance, content) == {}


def test_nothing_is_left_of_a_person_who_was_removed(app, client, instance):
    admin = make_admin("ruth")
    pupil = make_person(
        "qokafor", first_name="Quentin", last_name="Umbrella", email="q.umbrella@school.example"
    )
    client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    client.post("/sign-in", data={"username": "q.umbrella@school.example", "password": "a guess"})
    set_actor(admin.id)

    remove_person(pupil, heir=None, by=admin)
    a_year_later(instance)

    assert where(instance, "qokafor", "Quentin", "Umbrella", "q.umbrella", "203.0.113.77") == {}
    assert db.session.query(FailedSignIn).count() == 0


def test_sqlite_overwrites_what_it_forgets(app):
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("pragma secure_delete").scalar() == 1


def test_the_log_beside_the_database_is_left_alone_while_somebody_reads(course, instance):
    reader = sqlite3.connect(instance / "coursekeep.sqlite")
    reader.execute("begin")
    reader.execute("select count(*) from user").fetchone()

    leftovers.clear()

    reader.execute("select count(*) from user").fetchone()
    reader.close()
