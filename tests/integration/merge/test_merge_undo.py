"""What was added to a course goes out again, and nothing else with it."""

import pytest

from jobs.engine.undo import is_last, undo_job, undo_restore
from jobs.problems import JobProblem
from tests.archives import pack_tgz, small_course
from tests.corpus import corpus_file
from tests.factories import make_admin, make_person
from tests.members import members_of, same_documents
from tests.running import back_up, merge, restore
from webapp.content.activities import change_activity, move_activity, show_activity
from webapp.content.lookups import activities_of, sections_of
from webapp.content.making import make_course
from webapp.content.sections import change_section, make_section
from webapp.extensions import db
from webapp.models import Course, CourseVersion, Job, Membership, Person


@pytest.mark.parametrize("options", [{}, {"sections": "append"}, {"people": False}])
def test_undo_takes_out_exactly_what_came(teacher, course, options):
    _, before = back_up(course, teacher)
    merge(pack_tgz(small_course()), teacher, course, **options)

    assert undo_restore(course.id)

    _, after = back_up(db.session.get(Course, course.id), teacher)
    assert same_documents(members_of(before), members_of(after)) == []
    assert not undo_restore(course.id)


def test_a_whole_real_course_goes_out_again(app):
    admin, content = make_admin(), corpus_file("tide101-4.5-users").read_bytes()
    _, course = restore(corpus_file("fixture-3.2-imscp-scorm-folder").read_bytes(), admin)
    _, before = back_up(course, admin)
    merge(content, admin, course)

    undo_restore(course.id)

    _, after = back_up(db.session.get(Course, course.id), admin)
    assert same_documents(members_of(before), members_of(after)) == []


def test_names_that_a_section_was_given_are_taken_back(teacher):
    course = make_course("Quiet", "QUIET", None, teacher, sections=1)
    merge(pack_tgz(small_course()), teacher, course)
    assert [one.name for one in sections_of(course.version_id)] == ["General", "Week one"]

    undo_restore(course.id)

    assert [one.name for one in sections_of(course.version_id)] == [None, None]
    assert activities_of(course.version_id) == []
    assert db.session.query(Person).filter_by(version_id=course.version_id).count() == 0


def test_students_who_came_with_it_leave_again(teacher):
    make_person("aholt", email="a.holt@school.example")
    course = make_course("Quiet", "QUIET", None, teacher)
    merge(pack_tgz(small_course()), teacher, course)

    undo_restore(course.id)

    assert [one.user_id for one in db.session.query(Membership).filter_by(course_id=course.id)] == [
        teacher.id
    ]


def test_what_was_edited_since_is_not_thrown_away(teacher, course):
    merge(pack_tgz(small_course()), teacher, course)
    page = [one for one in activities_of(course.version_id) if one.type == "page"][-1]
    change_activity(course, page, {"name": "Read it well"}, teacher)

    with pytest.raises(JobProblem, match="“Read it well” was edited since"):
        undo_restore(course.id)

    assert len(activities_of(course.version_id)) == 6


def test_what_was_hidden_since_counts_as_edited(teacher, course):
    merge(pack_tgz(small_course()), teacher, course)
    show_activity(course, activities_of(course.version_id)[-1], visible=False)

    with pytest.raises(JobProblem, match="edited since"):
        undo_restore(course.id)


def test_an_edit_of_what_was_there_before_stays(teacher, course):
    merge(pack_tgz(small_course()), teacher, course)
    change_section(course, sections_of(course.version_id)[1], name="Ours", summary="", by=teacher)
    make_section(course, "New", "", teacher)

    undo_restore(course.id)

    assert [one.name for one in sections_of(course.version_id)] == ["General", "Ours", "New"]
    assert len(activities_of(course.version_id)) == 3


def test_moving_what_came_is_no_edit(teacher, course):
    merge(pack_tgz(small_course()), teacher, course)
    move_activity(course, activities_of(course.version_id)[-1], sections_of(course.version_id)[0], None)

    undo_restore(course.id)

    assert len(activities_of(course.version_id)) == 3


def test_something_of_the_course_in_a_section_that_came_is_not_lost(teacher, course):
    merge(pack_tgz(small_course()), teacher, course, sections="append")
    own = next(one for one in activities_of(course.version_id) if one.type == "page")
    move_activity(course, own, sections_of(course.version_id)[-1], None)

    with pytest.raises(JobProblem, match="was put into the section “Week one” since"):
        undo_restore(course.id)


def test_the_last_of_two_goes_first(teacher, course):
    first = merge(pack_tgz(small_course()), teacher, course).id
    second = merge(pack_tgz(small_course()), teacher, course, again=True).id
    assert [is_last(db.session.get(Job, one)) for one in (first, second)] == [False, True]

    with pytest.raises(JobProblem, match="Something came after"):
        undo_job(db.session.get(Job, first))
    undo_job(db.session.get(Job, second))
    undo_job(db.session.get(Job, first))

    assert len(activities_of(course.version_id)) == 3


def test_afterwards_the_same_backup_may_be_added_again(teacher, course):
    merge(pack_tgz(small_course()), teacher, course)
    undo_restore(course.id)

    job = merge(pack_tgz(small_course()), teacher, course)

    assert job.problem == ""
    assert len(activities_of(course.version_id)) == 6


def test_a_restore_as_a_new_course_can_not_be_taken_back(teacher):
    job, _ = restore(pack_tgz(small_course()), teacher)

    with pytest.raises(JobProblem, match="changed nothing that could be put back"):
        undo_job(job)


def test_after_a_replacement_there_is_nothing_left_to_take_out(teacher, course):
    added = merge(pack_tgz(small_course()), teacher, course).id
    restore(pack_tgz(small_course(fullname="Other")), teacher, course)

    assert not is_last(db.session.get(Job, added))
    undo_restore(course.id)

    course = db.session.get(Course, course.id)
    assert len(activities_of(course.version_id)) == 6
    assert db.session.query(CourseVersion).count() == 3
