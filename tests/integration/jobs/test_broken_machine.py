"""What a person is told on a page when the machine itself fails, and that work goes on afterwards."""

import errno
import io
import os
import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from jobs import failures
from tests.factories import make_admin
from webapp.content.activities import make_activity
from webapp.content.files import content_of, files_at
from webapp.content.lookups import sections_of
from webapp.content.making import make_course
from webapp.extensions import db


@pytest.fixture
def admin(app, sign_in_as):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return sign_in_as(make_admin())


@pytest.fixture
def course(admin):
    return make_course("Tides", "GEO 9", None, admin)


@pytest.fixture
def folder(course, admin):
    return make_activity(
        course, sections_of(course.version_id)[0], "folder", {"name": "Maps", "intro": ""}, admin
    )


@pytest.fixture
def add_file(client, course, folder):
    """Add a file to the folder, by its form."""

    def add():
        files = {"files": (io.BytesIO(b"north is up"), "map.txt")}
        return client.post(f"/courses/{course.id}/activities/{folder.id}/files", data=files)

    return add


@pytest.fixture
def held(folder, instance):
    """Another process holds the database, and nobody waits for long; returns how it lets go."""
    db.session.rollback()
    db.engine.dispose()
    sa.event.listen(db.engine, "connect", lambda connection, _: connection.execute("pragma busy_timeout=50"))
    with closing(sqlite3.connect(instance / "coursekeep.sqlite")) as other:
        other.execute("begin immediate")
        yield other.rollback


def files_of(course, folder):
    return [row.filename for row in files_at(course.version_id, content_of(folder)) if row.filename != "."]


def test_where_the_database_is_held_for_too_long_it_is_said_and_then_it_works(held, add_file, course, folder):
    refused = add_file()
    held()
    after = add_file()

    assert refused.status_code == 500
    assert failures.HELD in refused.text
    assert after.status_code == 303
    assert files_of(course, folder) == ["map.txt"]


def test_people_read_on_while_the_database_is_held(held, client, course):
    assert client.get(f"/courses/{course.id}").status_code == 200


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, failures.FULL), (errno.EIO, failures.BROKEN), (errno.EACCES, failures.NOT_ALLOWED)],
    ids=["full", "broken", "not ours"],
)
def test_a_disk_that_takes_no_file_is_called_by_its_name_and_nothing_is_half_there(
    add_file, course, folder, monkeypatch, number, words
):
    def fail(_descriptor):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        refused = add_file()
    listed = files_of(course, folder)
    after = add_file()

    assert refused.status_code == 500
    assert words in refused.text
    assert listed == []
    assert (after.status_code, files_of(course, folder)) == (303, ["map.txt"])


def test_a_damaged_database_is_told_in_a_sentence_though_no_page_can_be_shown(client, course, instance):
    address = f"/courses/{course.id}"
    db.session.remove()
    db.engine.dispose()
    for companion in instance.glob("coursekeep.sqlite-*"):
        companion.unlink()
    (instance / "coursekeep.sqlite").write_bytes(b"no database at all" * 1000)

    answer = client.get(address)

    assert answer.status_code == 500
    assert failures.DAMAGED in answer.text
