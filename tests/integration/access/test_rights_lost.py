"""Rights that go between the click and the run: whoever asked, and for whatever, nothing is done any more."""

import pytest
import sqlalchemy as sa

from jobs import queue
from tests.archives import pack_tgz, small_course
from tests.factories import join, make_admin, make_archive, make_teacher
from tests.restored import activity, restored, section
from tests.running import back_up, read_archive, run
from webapp.access.audit import set_actor
from webapp.copies.operations import ask_for_move
from webapp.extensions import db
from webapp.models import (
    Activity,
    ArchiveFile,
    Course,
    CourseRole,
    JobKind,
    JobState,
    Membership,
    SiteRole,
    set_setting,
)
from webapp.people.removal import remove_person


@pytest.fixture
def course(app):
    return restored(make_admin("office"))


@pytest.fixture
def teacher(course):
    """Somebody who edits the course, and may make others."""
    return make_teacher("nadia", course=course)


def ask(kind, scope, target, course, teacher, **options):
    job, _ = queue.ask_for(kind, scope, target, user=teacher, title="Tides", course=course, options=options)
    return job


def restoring(course, teacher, **options):
    """A restore whose file is read and whose answer is given."""
    job = read_archive(pack_tgz(small_course()), teacher)
    queue.answer(job.id, {"people": True} | options)
    return job


def reading(course, teacher):
    """A backup of the course that is to be read."""
    archive = make_archive(make_admin("other"), course)
    return ask(JobKind.RESTORE, "archive", archive.id, None, teacher)


def importing(course, teacher):
    source = restored(teacher)
    return ask(JobKind.IMPORT, "course", course.id, course, teacher, source_id=source.id, course_id=course.id)


ASKED = {
    "a backup": lambda course, teacher: ask(JobKind.BACKUP, "course", course.id, course, teacher, people=True),
    "a backup of a section": lambda course, teacher: ask(
        JobKind.BACKUP, "section", section(course, "Week one").id, course, teacher
    ),
    "a backup of an activity": lambda course, teacher: ask(
        JobKind.BACKUP, "activity", activity(course, "Read a tide table").id, course, teacher
    ),
    "a copy": lambda course, teacher: ask(
        JobKind.COPY, "course", course.id, course, teacher, fullname="Copy", shortname="COPY"
    ),
    "a duplicate": lambda course, teacher: ask(
        JobKind.COPY, "activity", activity(course, "Read a tide table").id, course, teacher
    ),
    "an import": importing,
    "a move": lambda course, teacher: ask_for_move(
        course, section(course, "Week one"), restored(teacher), None, teacher
    )[0],
    "a restore that replaces": lambda course, teacher: restoring(
        course, teacher, target="replace", course_id=course.id
    ),
    "a restore that adds": lambda course, teacher: restoring(course, teacher, target="merge", course_id=course.id),
    "a look into a backup": reading,
    "a restore": lambda course, teacher: restoring(course, teacher, target="new"),
}  # fmt: skip


def leave(course, teacher):
    db.session.execute(sa.delete(Membership).where(Membership.user_id == teacher.id))


def become_a_pupil(course, teacher):
    leave(course, teacher)
    db.session.commit()
    join(teacher, course, CourseRole.STUDENT)


def be_suspended(course, teacher):
    teacher.active = False


def lose_the_role_s_right(course, teacher):
    rights = {right: [CourseRole.MANAGER] for right in ("edit course", "back up", "restore")}
    set_setting("course_rights", rights, by=None)


LOST = {one.__name__: one for one in (leave, become_a_pupil, be_suspended, lose_the_role_s_right)}


def what_is_there():
    """What a job could have added to, taken away or swapped."""
    counts = [db.session.query(table).count() for table in (Activity, ArchiveFile, Course, Membership)]
    return counts, db.session.execute(sa.select(Course.id, Course.version_id).order_by(Course.id)).all()


def carried_out(jobs):
    """What became of each job: its state, and whether the reason that was given is the person's right."""
    done = {asked: run(job) for asked, job in jobs.items()}
    told = ("You may no longer ", "Your account was closed")
    return {asked: (job.state, job.problem.startswith(told)) for asked, job in done.items()}


@pytest.mark.parametrize("lost", LOST)
def test_who_has_lost_the_right_in_the_course_gets_nothing_of_it(course, teacher, lost):
    jobs = {asked: ask_for(course, teacher) for asked, ask_for in ASKED.items() if asked != "a restore"}
    LOST[lost](course, teacher)
    db.session.commit()
    before = what_is_there()

    ends = carried_out(jobs)

    assert ends == dict.fromkeys(jobs, (JobState.FAILED, True))
    assert what_is_there() == before


@pytest.mark.parametrize("asked", ["a restore", "a copy"])
def test_who_may_no_longer_make_courses_makes_none(course, teacher, asked):
    job = ASKED[asked](course, teacher)
    teacher.role = SiteRole.MEMBER
    db.session.commit()
    before = what_is_there()

    job = run(job)

    assert job.state == JobState.FAILED
    assert job.problem.startswith("You may no longer make courses here.")
    assert what_is_there() == before


def test_what_somebody_asked_for_who_was_removed_is_not_done(course, teacher):
    jobs, admin = {asked: ask_for(course, teacher) for asked, ask_for in ASKED.items()}, make_admin("ruth")
    set_actor(admin.id)
    remove_person(teacher, heir=None, by=admin)
    before = what_is_there()

    ends = carried_out(jobs)

    assert ends == dict.fromkeys(jobs, (JobState.CANCELLED, False))
    assert what_is_there() == before


def test_a_backup_that_one_has_made_goes_with_the_right_to_make_it(client, page, course, teacher, sign_in_as):
    sign_in_as(teacher)
    job, _ = back_up(course, teacher)
    there = f"/archives/{job.result['archive_id']}"
    assert client.get(f"{there}/download").status_code == 200

    leave(course, teacher)
    db.session.commit()

    assert {client.get(there + path).status_code for path in ("", "/download", "/restore", "/files")} == {404}
    assert client.post(f"{there}/delete").status_code == 404
    assert there not in str(page("/backups"))
    assert client.get(f"/jobs/{job.id}").status_code == 200


def test_a_backup_of_a_course_that_has_gone_stays_with_who_made_it(client, course, teacher, sign_in_as):
    sign_in_as(teacher)
    job, _ = back_up(course, teacher)
    db.session.delete(db.session.get(Course, course.id))
    db.session.commit()

    answer = client.get(f"/archives/{job.result['archive_id']}/download")

    assert answer.status_code == 200


def test_what_waits_for_an_answer_is_not_shown_to_who_has_lost_the_file(client, course, teacher, sign_in_as):
    sign_in_as(teacher)
    made, _ = back_up(course, teacher)
    job = run(ask(JobKind.RESTORE, "archive", made.result["archive_id"], None, teacher))
    assert client.get(f"/restores/{job.id}").status_code == 200

    leave(course, teacher)
    db.session.commit()

    assert client.get(f"/restores/{job.id}").status_code == 303
