"""Sections and activities of one course in another: what comes, where it stands, and how it goes out again."""

import pytest
import sqlalchemy as sa

from jobs import queue
from jobs.engine.import_look import dry_run_of_import
from jobs.engine.undo import undo_job
from jobs.problems import JobProblem
from tests.added import changed
from tests.archives import pack_tgz, small_course
from tests.corpus import corpus_file
from tests.factories import make_admin
from tests.members import members_of, same_documents
from tests.restored import activity, names_in, section
from tests.running import back_up, import_into, restore, run
from tests.subsections import with_subsection
from webapp.content.course_settings import delete_course
from webapp.content.lookups import activities_of, sections_of
from webapp.content.making import make_course
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Course, CourseRole, JobKind, JobState, Membership, Message, Person


@pytest.fixture
def source(teacher):
    _, course = restore(pack_tgz(with_subsection(small_course())), teacher)
    return course


@pytest.fixture
def target(teacher):
    return make_course("Quiet", "QUIET", None, teacher, sections=2)


def only(*parts):
    chosen = {"sections": [], "activities": []}
    for part in parts:
        chosen["sections" if part.__tablename__ == "section" else "activities"].append(part.moodle_id)
    return chosen


def members(course, user):
    return members_of(back_up(db.session.get(Course, course.id), user)[1])


def test_one_activity_comes_with_its_files_into_the_section_of_its_number(teacher, source, target):
    before = members(target, teacher)

    job = import_into(target, source, teacher, only(activity(source, "Read a tide table")))

    assert job.state == JobState.DONE, job.problem or job.warnings
    assert [one.name for one in activities_of(target.version_id)] == ["Read a tide table"]
    assert names_in(target, "Week one") == ["Read a tide table"]
    after = members(target, teacher)
    assert b"harbour map.png" in after["files.xml"]
    assert b"handout.txt" not in after["files.xml"]
    assert changed(before, after) == ["sections/section_8/section.xml"]  # it got the name that it lacked


def test_all_of_a_course_comes_without_people(teacher, source, target):
    job = import_into(target, source, teacher, sections="append")

    assert job.state in (JobState.DONE, JobState.WARNED), job.problem
    assert len(activities_of(target.version_id)) == len(activities_of(source.version_id))
    assert db.session.query(Person).filter_by(version_id=target.version_id).count() == 0
    after = members(target, teacher)
    assert not [name for name, content in after.items() if b"aholt" in content]


def test_a_subsection_comes_with_what_is_chosen_of_it(teacher, source, target):
    import_into(target, source, teacher, only(activity(source, "About storms")))

    assert [one.name for one in activities_of(target.version_id)] == ["More to read", "About storms"]
    opened = [one for one in sections_of(target.version_id) if one.parent_cmid]
    assert [one.parent_cmid for one in opened] == [str(activity(target, "More to read").moodle_id)]


def test_all_of_it_can_go_into_one_section(teacher, source, target):
    goal = sections_of(target.version_id)[2]

    import_into(target, source, teacher, only(activity(source, "Read a tide table")), section_id=goal.id)

    assert [one.section_id for one in activities_of(target.version_id)] == [goal.id]


def test_undo_leaves_nothing_of_it(teacher, source, target):
    before = members(target, teacher)
    job = import_into(target, source, teacher)

    undo_job(job)

    assert same_documents(before, members(target, teacher)) == []


def test_what_is_imported_goes_from_one_real_course_into_another(app):
    admin = make_admin()
    _, source = restore(corpus_file("tide101-4.5-users").read_bytes(), admin)
    _, target = restore(corpus_file("fixture-3.2-imscp-scorm-folder").read_bytes(), admin)
    quiz = next(one for one in activities_of(source.version_id) if one.type == "quiz")
    before = members(target, admin)

    job = import_into(target, source, admin, only(quiz))

    assert job.state in (JobState.DONE, JobState.WARNED), job.problem
    assert len(changed(before, members(target, admin))) <= 1


def test_what_needs_something_that_does_not_come_is_told(teacher, source, target):
    page = activity(source, "Read a tide table")
    with write_transaction() as session:
        link = f"<a href='$@RESOURCEVIEWBYID*{activity(source, 'How to fold a chart').moodle_id}@$'>Fold</a>"
        session.merge(page).content = link

    job = import_into(target, source, teacher, only(page))

    assert job.warnings == ["“Read a tide table” links to “How to fold a chart”, which stays out."]


def test_a_dry_run_says_what_will_come_and_changes_nothing(teacher, source, target):
    options = {"source_id": source.id, "course_id": target.id, "only": only(section(source, "Week one"),
               activity(source, "Read a tide table"))}  # fmt: skip
    before = members(target, teacher)

    found = dry_run_of_import(options, teacher.id)

    assert {name: found["added"][name] for name in ("sections", "activities", "files", "people")} == {
        "sections": 0, "activities": 1, "files": 1, "people": 0,
    }  # fmt: skip
    assert found["sections"] == [{"title": "Week one", "number": 1, "into": "1"}]
    assert same_documents(before, members(target, teacher)) == []


def test_whoever_asked_is_told(teacher, source, target):
    job = import_into(target, source, teacher, only(activity(source, "Read a tide table")))

    message = db.session.query(Message).filter_by(job_id=job.id).one()
    assert message.subject == "The import into Quiet is done"


@pytest.mark.parametrize("lost", ["source", "target"])
def test_a_right_that_was_lost_meanwhile_counts(teacher, source, target, lost):
    job = asked_for(target, source, teacher)
    course = source if lost == "source" else target
    with write_transaction() as session:
        of_course = Membership.course_id == course.id
        session.execute(sa.update(Membership).where(of_course).values(role=CourseRole.STUDENT))

    job = run(job)

    assert job.state == JobState.FAILED
    assert job.problem.startswith("You may no longer")
    assert activities_of(target.version_id) == []


@pytest.mark.parametrize("gone", ["source", "target"])
def test_a_course_that_was_deleted_meanwhile_ends_it(teacher, source, target, gone):
    job = asked_for(target, source, teacher)
    delete_course(source if gone == "source" else target)

    job = run(job)

    assert "was deleted" in job.problem


def test_a_choice_that_has_gone_meanwhile_is_refused(teacher, source, target):
    options = {"source_id": source.id, "course_id": target.id, "only": {"sections": [], "activities": [999]}}

    with pytest.raises(JobProblem, match="has gone from the other course"):
        dry_run_of_import(options, teacher.id)


def asked_for(target, source, user):
    options = {"source_id": source.id, "course_id": target.id}
    job, _ = queue.ask_for(
        JobKind.IMPORT, "course", target.id, user=user, title=source.fullname, course=target, options=options
    )
    return job
