"""Stored files go missing or bad, or the database is one of yesterday: what is said, and that work goes on."""

import os
import shutil
import sqlite3
import time
from contextlib import closing

import pytest
import sqlalchemy as sa

from jobs import leftovers
from tests.archives import HANDOUT, pack_tgz, small_course
from tests.members import members_of, same_documents
from tests.running import back_up, restore
from webapp import places
from webapp.extensions import db
from webapp.models import ArchiveFile, Course, CourseFile, JobState, User


@pytest.fixture
def handout(course):
    """Where the content of the course's handout lies."""
    found = sa.select(CourseFile.stored_hash).where(CourseFile.filename == "handout.txt")
    return places.storage().path(db.session.scalars(found).first())


def test_a_backup_without_a_content_that_is_missing_names_it_and_has_the_rest(course, teacher, handout):
    handout.unlink()

    job, path = back_up(course, teacher)

    assert job.state == JobState.WARNED
    assert "handout.txt" in str(job.warnings)
    assert HANDOUT not in members_of(path).values()


def test_a_backup_with_a_content_that_has_changed_is_not_called_done(course, teacher, handout):
    handout.write_bytes(b"F" + b"\0" * (len(HANDOUT) - 1))

    job, path = back_up(course, teacher)

    assert (job.state, path) == (JobState.FAILED, None)
    assert "came back different when it was read to check" in job.problem


@pytest.mark.parametrize("harm", ["missing", "changed"])
def test_once_the_content_is_put_back_the_backup_is_whole(course, teacher, handout, harm, tmp_path):
    shutil.move(handout, tmp_path / "kept")
    if harm == "changed":
        handout.write_bytes(bytes(len(HANDOUT)))
    back_up(course, teacher)

    shutil.move(tmp_path / "kept", handout)
    job, path = back_up(course, teacher)

    assert job.state == JobState.DONE
    assert same_documents(small_course(), members_of(path)) == []


def test_a_database_of_yesterday_works_on_and_what_it_does_not_know_is_swept(course, teacher, instance):
    number, teacher_id = course.id, teacher.id
    with closing(sqlite3.connect(instance / "coursekeep.sqlite")) as now:
        now.execute("vacuum into ?", (str(instance / "yesterday"),))
    restore(pack_tgz(small_course(shortname="NEW")), teacher)
    back_up(course, teacher)
    db.session.remove()
    db.engine.dispose()
    for companion in instance.glob("coursekeep.sqlite-*"):
        companion.unlink()
    shutil.move(instance / "yesterday", instance / "coursekeep.sqlite")

    job, path = back_up(db.session.get_one(Course, number), db.session.get_one(User, teacher_id))
    for stray in places.archives().iterdir():
        os.utime(stray, (time.time() - 2 * leftovers.HOUR,) * 2)
    leftovers.clear()

    assert job.state == JobState.DONE
    assert same_documents(small_course(), members_of(path)) == []
    known = {places.archive_path(one) for one in db.session.scalars(sa.select(ArchiveFile.id))}
    assert set(places.archives().glob("*.mbz")) == known
