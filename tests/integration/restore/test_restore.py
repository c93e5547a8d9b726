"""Where a restore puts a course, who gets what from it, and how it is taken back."""

import io
import os
import shutil
import time
from collections import namedtuple
from datetime import timedelta

import pytest
import sqlalchemy as sa

from jobs import leftovers
from jobs.engine.undo import undo_restore, undo_until
from jobs.problems import JobProblem
from jobs.steps.building import versions
from tests.archives import pack_tgz, small_course
from tests.factories import make_course, make_job, make_person, make_teacher
from tests.members import members_of
from tests.running import answer, back_up, read_archive, restore
from webapp import places
from webapp.extensions import db
from webapp.models import (
    Activity,
    ArchiveFile,
    Course,
    CourseFile,
    CourseRole,
    CourseVersion,
    Job,
    JobState,
    Membership,
    SiteRole,
    User,
    set_setting,
    utc_now,
)

#: The activities of the small course, in their order.
IN_THE_FILE = ["Announcements", "Read a tide table", "How to fold a chart"]


@pytest.fixture
def archive():
    return pack_tgz(small_course())


@pytest.fixture
def disk_with(monkeypatch):
    """Leave so many bytes free on the disk."""
    usage = namedtuple("usage", "total used free")
    return lambda free: monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100, 40, free))


def names(course):
    db.session.rollback()
    course = db.session.get(Course, course.id)
    asked = sa.select(Activity.name).where(Activity.version_id == course.version_id)
    return db.session.scalars(asked.order_by(Activity.position)).all()


def test_reading_asks_before_anything_changes(app, archive):
    job = read_archive(archive, make_teacher())

    kept = db.session.get(ArchiveFile, job.result["archive_id"])
    assert job.state == JobState.WAITING
    assert [section["title"] for section in kept.survey["sections"]] == ["General", "Week one"]
    assert db.session.scalars(sa.select(Course)).all() == []


def test_a_new_course_is_hidden_and_belongs_to_who_restored_it(app, archive):
    teacher = make_teacher()

    _, course = restore(archive, teacher, fullname="Tides again", shortname="TIDE A")

    (membership,) = db.session.scalars(sa.select(Membership)).all()
    assert (course.fullname, course.shortname, course.visible) == ("Tides again", "TIDE A", False)
    assert (membership.user_id, membership.role) == (teacher.id, CourseRole.EDITING_TEACHER)
    assert names(course) == IN_THE_FILE


def test_a_course_keeps_names_as_long_as_moodle_has_them(app):
    teacher, long = make_teacher(), "Tide " * 50 + "tables"
    content = pack_tgz(small_course(fullname=long * 4, shortname=long[:255]))

    _, course = restore(content, teacher)

    written = members_of(back_up(course, teacher)[1])["course/course.xml"].decode()
    assert f"<fullname>{long * 4}</fullname>" in written
    assert f"<shortname>{long[:255]}</shortname>" in written


def test_a_short_name_that_is_taken_gets_a_number(app, archive):
    teacher = make_teacher()
    restore(archive, teacher)

    _, second = restore(archive, teacher)

    assert second.shortname == "TIDE1_1"


def test_somebody_known_here_becomes_a_student_and_nobody_gets_an_account(app, archive):
    teacher = make_teacher()
    known = make_person("tomas", email="tomas@school.example")
    before = db.session.scalar(sa.select(sa.func.count()).select_from(User))

    _, course = restore(archive, teacher)

    roles = dict(
        db.session.execute(
            sa.select(Membership.user_id, Membership.role).where(Membership.course_id == course.id)
        ).all()
    )
    assert roles.get(known.id) in (None, CourseRole.STUDENT)
    assert set(roles.values()) <= {CourseRole.STUDENT, CourseRole.EDITING_TEACHER}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == before


def test_replacing_keeps_the_course_and_swaps_what_is_in_it(app, archive):
    teacher = make_teacher()
    course = make_course("HARBOUR", visible=True)
    db.session.add(Membership(course_id=course.id, user_id=teacher.id, role=CourseRole.EDITING_TEACHER))
    db.session.commit()

    job, replaced = restore(archive, teacher, course)

    assert job.result["undo"]
    assert (replaced.id, replaced.shortname, replaced.visible) == (course.id, "HARBOUR", True)
    assert names(course) == IN_THE_FILE


def test_a_replaced_course_can_be_put_back_and_forth(app, archive):
    teacher = make_teacher()
    course = make_course()
    db.session.add(Membership(course_id=course.id, user_id=teacher.id, role=CourseRole.EDITING_TEACHER))
    db.session.commit()
    before = names(course)
    restore(archive, teacher, course)
    after = names(course)

    assert undo_until(course.id) > utc_now()
    assert undo_restore(course.id)
    assert names(course) == before
    assert undo_restore(course.id)
    assert names(course) == after


def test_what_was_never_replaced_cannot_be_put_back(app):
    course = make_course()

    assert undo_until(course.id) is None
    assert not undo_restore(course.id)


def test_the_old_content_goes_once_its_days_are_over(app, archive):
    teacher = make_teacher()
    course = make_course()
    old = course.version_id
    db.session.add(Membership(course_id=course.id, user_id=teacher.id, role=CourseRole.EDITING_TEACHER))
    set_setting("undo_days", 0, by=None)
    db.session.commit()

    restore(archive, teacher, course)
    leftovers.clear()

    db.session.rollback()
    assert db.session.get(CourseVersion, old) is None
    assert not undo_restore(course.id)


def test_who_may_no_longer_make_courses_gets_none(app, archive):
    teacher = make_teacher()
    job = read_archive(archive, teacher)
    teacher = db.session.get(User, teacher.id)
    teacher.role = SiteRole.MEMBER
    db.session.commit()

    job = answer(job)

    assert job.state == JobState.FAILED
    assert "may no longer make courses" in job.problem
    assert db.session.scalars(sa.select(Course)).all() == []


def test_who_may_no_longer_edit_the_course_changes_nothing(app, archive):
    teacher, course = make_teacher(), make_course()
    before = names(course)
    job = read_archive(archive, teacher)

    job = answer(job, course)

    assert job.state == JobState.FAILED
    assert "may no longer restore into this course" in job.problem
    assert names(course) == before


def test_who_may_no_longer_back_up_gets_no_file(app, archive):
    teacher = make_teacher()
    _, course = restore(archive, teacher)
    db.session.execute(sa.delete(Membership))
    db.session.commit()

    job, path = back_up(course, teacher)

    assert (job.state, path) == (JobState.FAILED, None)
    assert "may no longer back up" in job.problem


def test_a_file_that_is_gone_is_said_so(app, archive):
    job = read_archive(archive, make_teacher())
    places.archive_path(job.result["archive_id"]).unlink()

    job = answer(job)

    assert job.state == JobState.FAILED
    assert "file is gone" in job.problem


def test_a_restore_that_finds_no_room_is_refused_before_it_begins(app, archive, disk_with):
    job = read_archive(archive, make_teacher())
    disk_with(50_000_900)

    job = answer(job)

    assert job.state == JobState.FAILED
    assert job.problem.startswith(
        "The school’s disk is too full: the restore may need 3.7 kB, and 900 bytes are"
    )
    assert list(places.storage().folder.glob("??/??/*")) == []


def test_what_is_kept_here_already_needs_no_room(app, archive, disk_with):
    teacher = make_teacher()
    restore(archive, teacher)
    job = read_archive(archive, teacher)
    disk_with(50_000_900)

    job = answer(job)

    assert job.state == JobState.DONE, job.problem


def test_a_backup_that_finds_no_room_is_refused_before_it_begins(app, archive, disk_with):
    teacher = make_teacher()
    _, course = restore(archive, teacher)
    disk_with(50_000_900)

    job, path = back_up(course, teacher)

    assert (job.state, path) == (JobState.FAILED, None)
    assert job.problem.startswith("The school’s disk is too full: the backup may need")


def test_a_restore_that_fails_half_way_leaves_nothing_behind(app, archive, monkeypatch):
    def give_up(*_args):
        raise JobProblem("The sea took it.")

    monkeypatch.setattr(versions, "_settle", give_up)
    job, course = restore(archive, make_teacher())

    leftovers.clear()

    assert (job.problem, course) == ("The sea took it.", None)
    db.session.rollback()
    for table in (CourseVersion, Activity, CourseFile):
        assert db.session.scalars(sa.select(table)).all() == []
    assert list(places.scratch().iterdir()) == []


def test_what_a_job_has_put_aside_goes_once_it_is_over(app):
    teacher = make_teacher()
    running = make_job(teacher, make_course(), state=JobState.RUNNING)
    over = make_job(teacher, make_course(), state=JobState.CANCELLED)
    for name in (f"job-{running.id}-a.part", f"job-{over.id}-a.part", "upload-a"):
        (places.scratch() / name).touch()

    leftovers.clear()

    assert sorted(path.name for path in places.scratch().iterdir()) == [
        f"job-{running.id}-a.part",
        "upload-a",
    ]


def test_contents_that_nobody_lists_go_after_an_hour(app, archive):
    _, course = restore(archive, make_teacher())
    contents = list(places.storage().folder.glob("??/??/*"))
    old = time.time() - leftovers.HOUR - 60
    db.session.execute(sa.delete(CourseFile).where(CourseFile.filename == "handout.txt"))
    db.session.commit()
    for path in contents:
        os.utime(path, (old, old))

    leftovers.clear_contents()

    left = {path.name for path in places.storage().folder.glob("??/??/*")}
    used = set(db.session.scalars(sa.select(CourseFile.stored_hash).where(CourseFile.filename != ".")))
    assert used <= left
    assert len(left) < len(contents)
    assert course is not None


def test_contents_stay_while_a_job_runs_and_go_while_one_waits(app, archive):
    teacher = make_teacher()
    waiting = read_archive(archive, teacher)
    content = places.storage().save(io.BytesIO(b"of a restore that came to nothing"))
    path = places.storage().path(content.hash)
    os.utime(path, (time.time() - leftovers.HOUR - 60,) * 2)
    running = make_job(teacher, make_course(), state=JobState.RUNNING)

    leftovers.clear_contents()
    there_while_it_runs = path.exists()
    running.state = JobState.FAILED
    db.session.commit()
    leftovers.clear_contents()

    assert waiting.state == JobState.WAITING
    assert there_while_it_runs
    assert not path.exists()


def test_a_brought_file_goes_once_it_is_restored_and_an_hour_old(app, archive):
    job, _ = restore(archive, make_teacher())
    path = places.archive_path(job.result["archive_id"])
    leftovers.clear()
    there_at_first = path.exists()

    long_ago = utc_now() - timedelta(hours=2)
    db.session.execute(sa.update(ArchiveFile).values(created_at=long_ago))
    db.session.commit()
    os.utime(path, (time.time() - 7200,) * 2)
    leftovers.clear()

    assert there_at_first
    assert not path.exists()


def test_a_file_whose_question_is_open_is_kept(app, archive):
    job = read_archive(archive, make_teacher())
    path = places.archive_path(job.result["archive_id"])
    db.session.execute(sa.update(ArchiveFile).values(created_at=utc_now() - timedelta(hours=2)))
    db.session.commit()
    os.utime(path, (time.time() - 7200,) * 2)

    leftovers.clear()

    assert path.exists()
    assert db.session.get_one(Job, job.id).state == JobState.WAITING
