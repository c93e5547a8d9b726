"""A copy of a course holds what a backup would hold, and is its own course."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from jobs import leftovers, queue
from jobs.engine import copying
from tests.added import leaf_texts
from tests.archives import HANDOUT, pack_tgz, small_course
from tests.corpus import COURSES, corpus_file, each_of
from tests.factories import make_admin, make_category, make_course, make_person, make_teacher
from tests.members import members_of, same_documents
from tests.restored import activity
from tests.running import back_up, make_copy, restore, run
from webapp.content.activities import change_activity
from webapp.content.course_settings import delete_course
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import (
    Course,
    CourseFile,
    CourseRole,
    CourseVersion,
    Document,
    Job,
    JobKind,
    JobState,
    Membership,
    Message,
    Person,
    SiteRole,
    User,
    set_setting,
)
from webapp.site_settings.declared import CONTENT


def roles_in(course):
    found = db.session.query(Membership).filter_by(course_id=course.id)
    return {one.user.username: one.role for one in found}


@pytest.mark.parametrize("people", [True, False])
@pytest.mark.parametrize("name", each_of(COURSES))
def test_a_copy_is_what_a_backup_restored_would_be(app, name, people):
    admin = make_admin()
    _, course = restore(corpus_file(name).read_bytes(), admin)
    _, backed_up = back_up(course, admin, people=people)
    _, restored = restore(backed_up.read_bytes(), admin, fullname=course.fullname)
    named = {"fullname": course.fullname, "idnumber": course.idnumber}

    job, copy = make_copy(course, admin, people=people, **named)

    assert job.state == JobState.DONE, job.problem or job.warnings
    documents = [members_of(back_up(one, admin, people=people)[1]) for one in (restored, copy)]
    assert same_documents(*documents) == []


@pytest.mark.parametrize(
    ("as_role", "kept", "expected"),
    [
        (CourseRole.MANAGER, ["manager", "teacher"], {"boss": "manager", "helper": "teacher", "asker": "manager"}),
        (CourseRole.EDITING_TEACHER, ["manager", "teacher"], {"helper": "teacher", "asker": "editingteacher"}),
        (CourseRole.EDITING_TEACHER, [], {"asker": "editingteacher"}),
    ],
)  # fmt: skip
def test_roles_are_kept_but_none_above_the_own(course, as_role, kept, expected):
    asker = make_teacher("asker", course=course, course_role=as_role)
    make_person("boss", course=course, course_role=CourseRole.MANAGER)
    make_person("helper", course=course, course_role=CourseRole.TEACHER)
    make_person("pupil", course=course)

    _, copy = make_copy(course, asker, roles=kept)

    assert roles_in(copy) == expected


def test_who_has_no_account_any_more_is_not_taken_over(teacher, course):
    make_person("gone", course=course, active=False)

    _, copy = make_copy(course, teacher, roles=["student"])

    assert "gone" not in roles_in(copy)


def test_with_people_means_with_all_they_did(teacher, course):
    _, copy = make_copy(course, teacher, people=True)

    assert db.session.query(Person).filter_by(version_id=copy.version_id).count() == 2
    posts = members_of(back_up(copy, teacher)[1])["activities/forum_41/forum.xml"]
    assert b"<post " in posts
    assert list(roles_in(copy)) == [teacher.username]


def test_what_admins_keep_out_of_backups_stays_out_of_copies(teacher, course):
    set_setting("backup_people", "no", by=None)
    set_setting("backup_people_locked", True, by=None)
    set_setting("backup_content", [kind for kind in CONTENT if kind != "filters"], by=None)
    db.session.commit()

    job, copy = make_copy(course, teacher, people=True)

    assert db.session.query(Person).filter_by(version_id=copy.version_id).count() == 0
    assert job.warnings == ["People and what they did are left out. An admin has set this for all backups."]
    filters = {
        one.version_id for one in db.session.query(Document).filter(Document.name.endswith("filters.xml"))
    }
    assert course.version_id in filters
    assert copy.version_id not in filters


def test_people_stay_tied_to_the_accounts_that_somebody_vouched_for(teacher, course):
    other = make_person("aholt", email="other@school.example")
    person = db.session.query(Person).filter_by(version_id=course.version_id).first()
    with write_transaction() as session:
        session.get(Person, person.id).account_id = other.id

    _, copy = make_copy(course, teacher, people=True)

    same = db.session.query(Person).filter_by(version_id=copy.version_id, moodle_id=person.moodle_id).one()
    assert same.account_id == other.id


def test_it_is_called_as_was_asked(teacher, course):
    category = make_category("Year 10")
    asked = {"fullname": "Tides again", "idnumber": "T-10", "category_id": category.id, "visible": True}

    _, copy = make_copy(course, teacher, shortname="TIDE10", **asked)

    assert {name: getattr(copy, name) for name in asked} == asked
    assert (copy.start_date, copy.end_date) == (course.start_date, course.end_date)
    members = members_of(back_up(copy, teacher)[1])
    names = ("fullname", "shortname", "idnumber", "visible")
    said = [leaf_texts(members, "course/course.xml", name)[0] for name in names]
    assert said == ["Tides again", "TIDE10", "T-10", "1"]


def test_its_dates_move_with_its_beginning(app):
    admin = make_admin()
    _, course = restore(corpus_file("tide101-4.5-users").read_bytes(), admin)
    day = datetime.fromtimestamp(course.start_date).date() + timedelta(days=364)

    _, copy = make_copy(
        course, admin, start_date=day.isoformat(), fullname=course.fullname, idnumber=course.idnumber
    )

    _, path = back_up(course, admin, people=False)
    _, moved = restore(path.read_bytes(), admin, start_date=day.isoformat())
    assert copy.start_date == moved.start_date
    documents = [members_of(back_up(one, admin)[1]) for one in (moved, copy)]
    assert same_documents(*documents) == []
    assert "activities/assign_" in str(same_documents(members_of(path), documents[1]))


def test_a_course_without_a_beginning_gets_the_one_that_is_asked_for(teacher, course):
    with write_transaction() as session:
        session.get(Course, course.id).start_date = 0

    _, copy = make_copy(course, teacher, start_date="2027-02-01", end_date="2027-07-01")

    assert (copy.start_date, copy.end_date) == (1801440000, 1814400000)


def test_the_copy_and_the_original_go_their_own_ways(teacher, course):
    before = members_of(back_up(course, teacher)[1])
    _, copy = make_copy(course, teacher)

    change_activity(copy, activity(copy, "Read a tide table"), {"name": "Ours"}, teacher)

    assert same_documents(before, members_of(back_up(course, teacher)[1])) == []


def test_a_damaged_content_is_as_damaged_in_the_copy(teacher):
    members = small_course()
    (name,) = [name for name in members if name.startswith("files/") and members[name] == HANDOUT]
    members[name] = b"other bytes"
    _, course = restore(pack_tgz(members), teacher)

    _, copy = make_copy(course, teacher)

    files = [
        db.session.query(CourseFile).filter_by(version_id=one.version_id, filename="handout.txt").one()
        for one in (course, copy)
    ]
    assert files[0].stored_hash not in (None, files[0].contenthash)
    assert files[1].stored_hash == files[0].stored_hash


def test_whoever_asked_is_told_and_led_to_the_copy(teacher, course):
    job, copy = make_copy(course, teacher)

    message = db.session.query(Message).filter_by(job_id=job.id).one()
    assert (message.event, message.subject) == ("copy_done", "Reading the tide again is there")
    assert message.link.endswith(f"/courses/{copy.id}")


def test_a_short_name_that_was_taken_meanwhile_is_refused(teacher, course):
    job = asked_for(course, teacher)
    make_course(shortname="COPY")

    job = run(job)

    assert job.state == JobState.FAILED
    assert job.problem.startswith("Another course is called “COPY” by now.")
    assert db.session.query(Message.event).filter_by(job_id=job.id).scalar() == "copy_failed"


def test_a_short_name_that_is_taken_at_the_very_end_is_refused_and_nothing_stays(
    teacher, course, monkeypatch
):
    job = asked_for(course, teacher)
    place = copying.place_copy

    def somebody_was_faster(session, *args):
        session.add(Course(fullname="Other", shortname="COPY", version_id=course.version_id))
        session.flush()
        return place(session, *args)

    monkeypatch.setattr(copying, "place_copy", somebody_was_faster)
    job = run(job)
    problem = job.problem
    leftovers.clear()
    db.session.rollback()

    assert problem.startswith("Another course is called “COPY” by now.")
    assert [one.shortname for one in db.session.query(Course)] == ["TIDE1"]
    assert db.session.query(CourseVersion).count() == 1


def test_a_name_that_may_have_a_number_gets_one(teacher, course):
    make_course(shortname="COPY")

    _, copy = make_copy(course, teacher, numbered=True)

    assert copy.shortname == "COPY_1"


def test_a_right_that_was_lost_meanwhile_counts(teacher, course):
    job = asked_for(course, teacher)
    with write_transaction() as session:
        session.execute(sa.update(Membership).values(role=CourseRole.STUDENT))

    job = run(job)

    assert job.problem.startswith("You may no longer copy this course.")


def test_who_may_no_longer_make_courses_makes_none(teacher, course):
    job = asked_for(course, teacher)
    with write_transaction() as session:
        session.get(User, teacher.id).role = SiteRole.MEMBER

    assert run(job).problem.startswith("You may no longer make courses here.")


def test_a_course_that_was_deleted_meanwhile_is_not_copied(teacher, course):
    job = asked_for(course, teacher)
    delete_course(course)

    assert run(job).problem == "The course was deleted."


def test_twenty_clicks_are_one_copy(teacher, course):
    assert len({asked_for(course, teacher).id for _ in range(20)}) == 1


def test_a_copy_can_be_cancelled_and_leaves_nothing(teacher, course):
    job = asked_for(course, teacher)
    queue.cancel(job.id)

    run(job)

    assert db.session.get(Job, job.id).state == JobState.CANCELLED
    assert db.session.query(Course).count() == 1


def asked_for(course, user):
    options = {"fullname": "Tides", "shortname": "COPY"}
    job, _ = queue.ask_for(
        JobKind.COPY, "course", course.id, user=user, title=course.fullname, course=course, options=options
    )
    return job
