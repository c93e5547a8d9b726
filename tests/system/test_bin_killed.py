"""Deleting and putting back happen whole or not at all, at whichever statement the process dies."""

import itertools
import os
import signal

import pytest
import sqlalchemy as sa

from tests.factories import make_admin
from tests.members import same_documents
from tests.restored import backed_up, restored, section
from webapp import create_app
from webapp.content import sections
from webapp.content.lookups import activities_of, sections_of
from webapp.content.putting_back import put_back
from webapp.extensions import db
from webapp.models import BinEntry, Course

pytestmark = pytest.mark.system


@pytest.fixture
def office(app):
    return make_admin("office")


@pytest.fixture
def course(office):
    return restored(office)


def delete(course):
    sections.delete_section(course, section(course, "Week one"))


def put_it_back(course):
    put_back(course, db.session.scalars(sa.select(BinEntry.id)).one())


def killed_at(number, instance, course_id, deed):
    """Do it in a process that is killed before its write with this number; false if it has come to its end before."""
    db.session.rollback()
    db.engine.dispose()
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    try:
        with create_app(INSTANCE=instance, TESTING=True).app_context():
            writes = itertools.count(1)

            def count(_connection, _cursor, statement, *_rest):
                if statement.startswith(("UPDATE", "INSERT", "DELETE")) and next(writes) == number:
                    os.kill(os.getpid(), signal.SIGKILL)

            sa.event.listen(db.engine, "before_cursor_execute", count)
            deed(db.session.get_one(Course, course_id))
    finally:
        os._exit(0)


def state(course_id):
    course = db.session.get_one(Course, course_id, populate_existing=True)
    inside = [(one.name, one.section_id) for one in activities_of(course.version_id)]
    return [one.name for one in sections_of(course.version_id)], inside, db.session.query(BinEntry).count()


def test_at_no_moment_is_anything_half_deleted_or_half_back(course, office, instance):
    whole, course_id = backed_up(course, office), course.id

    for deed in (delete, put_it_back):
        before, number = state(course_id), 1
        while killed_at(number, instance, course_id, deed):
            assert state(course_id) == before
            number += 1
        assert number > 8
        assert state(course_id) != before

    assert same_documents(whole, backed_up(db.session.get_one(Course, course_id), office)) == []
