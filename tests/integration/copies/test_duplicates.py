"""Duplicates of activities and sections, right after the original, and how they go out again."""

import re

import pytest
import sqlalchemy as sa

from jobs import queue
from jobs.engine.undo import undo_job, undo_restore
from jobs.problems import JobProblem
from tests.added import changed, leaf_texts
from tests.archives import pack_tgz, small_course
from tests.corpus import corpus_file
from tests.factories import make_admin
from tests.members import members_of, same_documents
from tests.quiz_course import drawn, fixed, quiz_course
from tests.restored import activity, names_in, restored_once, root, section
from tests.running import back_up, make_duplicate, restore, run
from tests.subsections import with_subsection
from webapp.content.activities import delete_activity, move_activity
from webapp.content.course_settings import delete_course
from webapp.content.lookups import activities_of, sections_of
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Activity, Course, CourseRole, Document, Job, JobKind, JobState, Membership


@pytest.fixture
def tides(app):
    """A real course with quizzes, groups, restrictions and people."""
    return restored_once(corpus_file("tide101-4.5-users").read_bytes(), make_admin("office"))


def members(course, user):
    return members_of(back_up(db.session.get(Course, course.id), user)[1])


def test_an_activity_is_doubled_right_after_itself(teacher, course):
    before = members(course, teacher)

    job = make_duplicate(course, activity(course, "Read a tide table"), teacher)

    assert job.state == JobState.DONE, job.problem or job.warnings
    assert names_in(course, "Week one") == [
        "Read a tide table",
        "Read a tide table (copy)",
        "How to fold a chart",
    ]
    after = members(course, teacher)
    assert changed(before, after) == []
    made = activity(course, "Read a tide table (copy)")
    assert "@@PLUGINFILE@@/harbour%20map.png" in made.content
    sequence = leaf_texts(after, "sections/section_32/section.xml", "sequence")
    assert sequence == [f"42,{made.moodle_id},43"]
    pictures = [one for one in root(after, "files.xml") if one.findtext("filename") == "harbour map.png"]
    assert len({one.findtext("contextid") for one in pictures}) == 2


def test_what_people_did_stays_with_the_original(teacher, course):
    make_duplicate(course, activity(course, "Announcements"), teacher)

    after = members(course, teacher)

    forums = sorted(name for name in after if name.endswith("/forum.xml"))
    assert [len(root(after, name).findall(".//discussion")) > 0 for name in forums] == [True, False]


def test_a_section_is_doubled_with_its_activities(teacher, course):
    before = members(course, teacher)

    job = make_duplicate(course, section(course, "General"), teacher)

    assert job.state == JobState.DONE, job.problem or job.warnings
    assert [(one.number, one.name) for one in sections_of(course.version_id)] == [
        (0, "General"),
        (1, "General (copy)"),
        (2, "Week one"),
    ]
    assert names_in(course, "General (copy)") == names_in(course, "General")
    numbers = {"sections/section_32/section.xml", "activities/page_42/module.xml"}
    assert set(changed(before, members(course, teacher))) <= numbers | {"activities/resource_43/module.xml"}


@pytest.mark.parametrize("name", ["Read a tide table", "Week one"])
def test_undo_leaves_nothing_of_it(teacher, course, name):
    before = members(course, teacher)
    part = [*sections_of(course.version_id), *activities_of(course.version_id)]
    job = make_duplicate(course, next(one for one in part if one.name == name), teacher)

    undo_job(job)

    assert same_documents(before, members(course, teacher)) == []


def test_every_activity_of_a_real_course_can_be_doubled_and_undone(tides):
    admin = make_admin()
    before = members(tides, admin)
    for one in activities_of(tides.version_id):
        job = make_duplicate(tides, one, admin)
        assert job.state == JobState.DONE, (one.type, job.problem or job.warnings)
    with_doubles = members(tides, admin)

    while undo_restore(tides.id):
        pass

    assert changed(before, with_doubles) == []
    assert same_documents(before, members(tides, admin)) == []


def test_restrictions_and_groups_go_on_meaning_the_same(tides):
    admin = make_admin()
    restricted = [
        (one, found)
        for one in activities_of(tides.version_id)
        if (found := conditions(one)) and found != '{"op":"&","c":[],"showc":[]}'
    ]
    assert restricted

    for one, found in restricted:
        job = make_duplicate(tides, one, admin)
        made = activity_with(tides, job.result["made"])
        assert conditions(made) == found


def test_questions_stay_where_they_are(tides):
    admin = make_admin()
    quiz = next(one for one in activities_of(tides.version_id) if one.type == "quiz")

    job = make_duplicate(tides, quiz, admin)

    after = members(tides, admin)
    made = activity_with(tides, job.result["made"])
    entries = [
        re.findall(r"<questionbankentryid>(\d+)<", after[f"{one.directory}/quiz.xml"].decode())
        for one in (quiz, made)
    ]
    assert entries[0]
    assert entries[0] == entries[1]


def test_a_quiz_that_has_questions_of_its_own_gets_them_a_second_time(teacher):
    content = quiz_course([fixed(201), fixed(205), drawn(91)])
    _, course = restore(pack_tgz(content), teacher)
    before = members(course, teacher)

    job = make_duplicate(course, activity(course, "Check yourself"), teacher)

    after = members(course, teacher)
    assert changed(before, after) == []
    made = activity_with(course, job.result["made"])
    categories = root(after, "questions.xml").findall("question_category")
    own = {one.get("id") for one in categories if one.findtext("contextid") == str(made.context_id)}
    assert len(categories) == 8
    quiz = root(after, f"{made.directory}/quiz.xml")
    entries = [one.text for one in quiz.iter("questionbankentryid")]
    assert entries[0] == "201"
    there = [one.get("id") for one in root(after, "questions.xml").iter("question_bank_entry")]
    assert entries[1] not in ("205", "201")
    assert there.count(entries[1]) == 1
    drawn_from = re.findall(r'"values":\s*\[(\d+)\]', quiz.findtext(".//filtercondition"))
    assert set(drawn_from) < own

    undo_job(job)
    assert same_documents(before, members(course, teacher)) == []


def test_a_subsection_is_doubled_with_what_opens_from_it(teacher):
    _, course = restore(pack_tgz(with_subsection(small_course())), teacher)

    job = make_duplicate(course, activity(course, "More to read"), teacher)

    assert job.state == JobState.DONE, job.problem or job.warnings
    made = activity(course, "More to read (copy)")
    opened = [one for one in sections_of(course.version_id) if one.parent_cmid == str(made.moodle_id)]
    assert len(opened) == 1
    inside = [one.name for one in activities_of(course.version_id) if one.section_id == opened[0].id]
    assert inside == ["About storms"]
    assert names_in(course, "Week one")[-2:] == ["More to read", "More to read (copy)"]


def test_the_id_number_stays_with_the_original(teacher, course):
    page = activity(course, "Read a tide table")
    with write_transaction() as session:
        document = session.scalars(
            sa.select(Document).where(Document.activity_id == page.id, Document.name == "module.xml")
        ).one()
        document.skeleton = re.sub(
            rb"<idnumber>.*?</idnumber>|<idnumber/>", b"<idnumber>T1</idnumber>", document.skeleton
        )

    job = make_duplicate(course, page, teacher)

    after = members(course, teacher)
    names = [f"activities/page_{number}/module.xml" for number in (page.moodle_id, job.result["made"])]
    assert [leaf_texts(after, name, "idnumber") for name in names] == [["T1"], [""]]


def test_doubling_again_and_again_does_not_use_up_the_numbers(teacher, course):
    last = activity(course, "Read a tide table")
    for _ in range(8):
        last = activity_with(course, make_duplicate(course, last, teacher).result["made"])

    assert course.version.next_id < 10_000


def test_it_goes_behind_the_original_where_that_has_moved_meanwhile(teacher, course):
    page = activity(course, "Read a tide table")
    job = asked_for(course, page, teacher)
    move_activity(course, page, section(course, "General"), None)

    run(job)

    assert names_in(course, "General")[-2:] == ["Read a tide table", "Read a tide table (copy)"]


def test_what_was_deleted_meanwhile_is_not_doubled(teacher, course):
    read = activity(course, "Read a tide table")
    job = asked_for(course, read, teacher)
    delete_activity(course, read)

    job = run(job)

    assert (job.state, job.problem) == (JobState.CANCELLED, "It was deleted from its course.")


def test_nothing_is_doubled_in_a_course_that_was_deleted(teacher, course):
    job = asked_for(course, section(course, "Week one"), teacher)
    delete_course(course)

    job = run(job)

    assert job.state == JobState.CANCELLED
    assert "was deleted" in job.problem


def test_a_right_that_was_lost_meanwhile_counts(teacher, course):
    job = asked_for(course, activity(course, "Read a tide table"), teacher)
    with write_transaction() as session:
        session.execute(sa.update(Membership).values(role=CourseRole.STUDENT))

    job = run(job)

    assert job.problem.startswith("You may no longer edit this course.")
    assert len(activities_of(course.version_id)) == 3


def test_one_that_was_edited_since_is_not_thrown_away(teacher, course):
    job = make_duplicate(course, activity(course, "Read a tide table"), teacher)
    with write_transaction() as session:
        session.execute(
            sa.update(Activity).where(Activity.moodle_id == job.result["made"]).values(content="Mine")
        )

    with pytest.raises(JobProblem, match="was edited since"):
        undo_job(db.session.get(Job, job.id))


def asked_for(course, part, user):
    scope = type(part).__name__.lower()
    job, _ = queue.ask_for(JobKind.COPY, scope, part.id, user=user, title=part.name, course=course)
    return job


def activity_with(course, number):
    return next(one for one in activities_of(course.version_id) if one.moodle_id == number)


def conditions(one):
    found = sa.select(Document.skeleton).where(Document.activity_id == one.id, Document.name == "module.xml")
    text = db.session.scalars(found).one().decode()
    return next(iter(re.findall(r"<availability>(\{.*?)</availability>", text)), "")
