"""A course archive is added to a course: what comes in gets ids of its own, what is there stays."""

import re

import pytest

from jobs import leftovers
from jobs.archive.survey import survey
from tests.added import added_folders, changed, folders, leaf_texts, shape
from tests.archives import pack_tgz, small_course
from tests.corpus import COURSES, corpus_file, each_of
from tests.demands import faults
from tests.factories import make_admin, make_person, make_teacher
from tests.members import members_of, same_documents
from tests.running import answer, back_up, merge, read_archive, restore
from webapp.content.lookups import activities_of, sections_of
from webapp.content.making import make_course
from webapp.content.sections import change_section
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import CourseRole, CourseVersion, JobState, Membership, Person, utc_now

LINK = "$@PAGEVIEWBYID*42@$"


def names_by_section(course):
    homes = {one.id: one.number for one in sections_of(course.version_id)}
    return [(homes[one.section_id], one.name) for one in activities_of(course.version_id)]


def linked(members):
    """The members with a link to the page in the text of the page."""
    page = members["activities/page_42/page.xml"]
    return members | {
        "activities/page_42/page.xml": re.sub(
            rb"<content>", b"<content>" + LINK.encode() + b" ", page, count=1
        )
    }


def test_everything_is_added_to_the_sections_of_the_same_number(teacher, course):
    before = names_by_section(course)

    job = merge(pack_tgz(small_course()), teacher, course)

    assert job.state == JobState.DONE, job.problem or job.warnings
    after = names_by_section(course)
    assert after == before + before
    assert [one.number for one in sections_of(course.version_id)] == [0, 1]
    assert len({one.moodle_id for one in activities_of(course.version_id)}) == len(after)


def test_into_an_empty_course_everything_comes_as_it_was(app, teacher):
    course = make_course("Quiet", "QUIET", None, teacher, sections=1)
    members = small_course()

    job = merge(pack_tgz(members), teacher, course)
    _, path = back_up(course, teacher)

    assert job.state == JobState.DONE, job.problem or job.warnings
    after = members_of(path)
    assert names_by_section(course) == [
        (0, "Announcements"), (1, "Read a tide table"), (1, "How to fold a chart"),
    ]  # fmt: skip
    page = next(name for name in after if name.endswith("/page.xml"))
    assert shape(after[page]) == shape(members["activities/page_42/page.xml"])
    assert [after[name] for name in members if name.startswith("files/")]
    assert leaf_texts(after, "users.xml", "user/username") == ["aholt", "bokoro"]


def test_roles_of_a_course_made_here_are_used_again(teacher):
    course = make_course("Quiet", "QUIET", None, teacher)

    merge(pack_tgz(small_course()), teacher, course)
    _, path = back_up(course, teacher)

    assert leaf_texts(members_of(path), "roles.xml", "role/shortname") == ["student", "editingteacher"]


def test_what_the_course_had_does_not_change(teacher, course):
    _, before = back_up(course, teacher)

    merge(pack_tgz(small_course()), teacher, course)
    _, after = back_up(course, teacher)

    assert changed(members_of(before), members_of(after)) == []
    assert survey(after).problems == []
    assert faults(after) == []


def test_sections_can_go_behind_the_others(teacher, course):
    merge(pack_tgz(small_course()), teacher, course, sections="append")
    _, path = back_up(course, teacher)

    assert [(one.number, one.name) for one in sections_of(course.version_id)] == [
        (0, "General"), (1, "Week one"), (2, "General"), (3, "Week one"),
    ]  # fmt: skip
    assert [one.title for one in survey(path).sections] == ["General", "Week one", "General", "Week one"]


def test_a_section_can_be_chosen_for_all_of_it(teacher, course):
    goal = sections_of(course.version_id)[1]

    merge(pack_tgz(small_course()), teacher, course, section_id=goal.id)

    assert [number for number, _ in names_by_section(course)] == [0, 1, 1, 1, 1, 1]


def test_a_section_without_a_name_gets_one_and_one_with_a_name_keeps_it(teacher):
    course = make_course("Quiet", "QUIET", None, teacher, sections=2)
    week = sections_of(course.version_id)[1]
    change_section(course, week, name="Ours", summary="", by=teacher)

    merge(pack_tgz(small_course()), teacher, course)

    assert [one.name for one in sections_of(course.version_id)] == ["General", "Ours", None]


def test_links_within_what_comes_lead_to_what_came(teacher, course):
    merge(pack_tgz(linked(small_course())), teacher, course)
    page = [one for one in activities_of(course.version_id) if one.type == "page"][-1]

    content = db.session.get(type(page), page.id).content

    assert f"$@PAGEVIEWBYID*{page.moodle_id}@$" in content
    assert page.moodle_id != 42


def test_people_who_are_there_are_not_doubled(teacher, course):
    merge(pack_tgz(small_course()), teacher, course)
    _, path = back_up(course, teacher)

    members = members_of(path)
    assert leaf_texts(members, "users.xml", "user/username") == ["aholt", "bokoro"]
    assert len(leaf_texts(members, "course/enrolments.xml", ".//enrolment/userid")) == 2
    forums = [name for name in members if name.endswith("/forum.xml")]
    assert [leaf_texts(members, name, ".//post/userid") for name in forums] == [["101"], ["101"]]


def test_somebody_else_with_the_same_user_name_stays_apart(teacher, course):
    members = small_course()
    members["users.xml"] = members["users.xml"].replace(b"a.holt@school.example", b"anna@other.example")
    members["users.xml"] = members["users.xml"].replace(b'id="101"', b'id="151"')

    job = merge(pack_tgz(members), teacher, course)

    assert any("“aholt_2”" in warning for warning in job.warnings)
    people = db.session.query(Person).filter_by(version_id=course.version_id).all()
    assert sorted(one.username for one in people) == ["aholt", "aholt_2", "bokoro"]


def test_two_addresses_are_one_person_if_somebody_says_so(teacher, course):
    members = small_course()
    members["users.xml"] = members["users.xml"].replace(b"a.holt@school.example", b"anna@other.example")
    members["users.xml"] = members["users.xml"].replace(b'id="101"', b'id="151"')

    job = merge(pack_tgz(members), teacher, course, same_people=["AHOLT"])

    assert job.state == JobState.DONE, job.warnings
    people = db.session.query(Person).filter_by(version_id=course.version_id).all()
    assert sorted(one.username for one in people) == ["aholt", "bokoro"]


def test_members_who_have_an_account_become_students_and_nothing_more(teacher):
    account = make_person("aholt", email="a.holt@school.example")
    course = make_course("Quiet", "QUIET", None, teacher)

    merge(pack_tgz(small_course()), teacher, course)

    role = db.session.query(Membership).filter_by(course_id=course.id, user_id=account.id).one().role
    assert role == CourseRole.STUDENT


def test_without_people_none_come(teacher):
    course = make_course("Quiet", "QUIET", None, teacher)

    merge(pack_tgz(small_course()), teacher, course, people=False)

    assert db.session.query(Person).filter_by(version_id=course.version_id).count() == 0


def test_an_edit_that_is_made_meanwhile_stays(teacher, course):
    job = read_archive(pack_tgz(small_course()), teacher)
    change_section(course, sections_of(course.version_id)[1], name="Edited", summary="", by=teacher)

    answer(job, course, target="merge")

    assert [one.name for one in sections_of(course.version_id)] == ["General", "Edited"]


def test_the_same_a_second_time_is_refused_unless_it_is_meant(teacher, course):
    content = pack_tgz(small_course())
    merge(content, teacher, course)

    refused = merge(content, teacher, course)
    meant = merge(content, teacher, course, again=True)

    assert refused.state == JobState.FAILED
    assert "added to this course before" in refused.problem
    assert meant.state == JobState.DONE
    assert len(activities_of(course.version_id)) == 9


def test_who_may_not_restore_into_the_course_may_not_add_to_it(teacher, course):
    other = make_teacher()

    job = merge(pack_tgz(small_course()), other, course)

    assert job.state == JobState.FAILED
    assert "may no longer restore" in job.problem
    assert len(activities_of(course.version_id)) == 3


def test_a_section_of_another_course_is_refused(teacher, course):
    other = make_course("Quiet", "QUIET", None, teacher)
    strange = sections_of(other.version_id)[0]

    job = merge(pack_tgz(small_course()), teacher, course, section_id=strange.id)

    assert job.state == JobState.FAILED
    assert "section was deleted" in job.problem


def test_what_was_added_is_written_and_read_again(teacher, course):
    merge(pack_tgz(small_course()), teacher, course)
    _, once = back_up(course, teacher)

    _, again = restore(once.read_bytes(), teacher)
    _, twice = back_up(again, teacher)

    assert same_documents(members_of(once), members_of(twice)) == []


def test_what_is_left_over_goes_with_the_sweep(teacher, course):
    merge(pack_tgz(small_course()), teacher, course)
    with write_transaction() as session:
        note = session.query(CourseVersion).filter_by(undo_course_id=course.id).one()
        note.keep_until = utc_now()

    leftovers.clear()

    assert db.session.query(CourseVersion).count() == 1


@pytest.mark.parametrize("name", each_of(COURSES))
def test_a_real_course_is_added_to_its_own_restore(app, name):
    admin, content = make_admin(), corpus_file(name).read_bytes()
    _, course = restore(content, admin)
    _, before = back_up(course, admin)

    job = merge(content, admin, course)
    _, after = back_up(course, admin)

    assert job.state in (JobState.DONE, JobState.WARNED), job.problem
    one, other = members_of(before), members_of(after)
    assert changed(one, other) == []
    assert [fault for fault in faults(after) if not fault.startswith("no content of")] == []
    came = added_folders(one, other)
    for folder, new in zip(folders(one), came, strict=True):
        own = sorted(name for name in one if name.startswith(f"{folder}/"))
        for document in own:
            copy = new + document.removeprefix(folder)
            if not document.endswith("inforef.xml") and "/blocks/" not in document:
                assert shape(one[document]) == shape(other[copy]), document


def in_a_shared_bank(members):
    """The questions in a bank that another course of the site has, as Moodle 5 lets quizzes ask them."""
    elsewhere = {
        rb"(?<=contextid>)1600(?=<)": b"8600", rb"(?<=<contextlevel>)50": b"70", rb"(?<=<contextinstanceid>)9": b"990"
    }  # fmt: skip
    found = dict(members)
    for name in ("questions.xml", *(name for name in members if name.endswith("/quiz.xml"))):
        for here, there in elsewhere.items():
            found[name] = re.sub(here, there, found[name])
    return found


@pytest.mark.parametrize("change", [dict, in_a_shared_bank], ids=["of the course", "in a shared bank"])
def test_questions_are_not_doubled(app, change):
    admin = make_admin()
    content = pack_tgz(change(members_of(corpus_file("tide101-4.5-users"))), index=False)
    _, course = restore(content, admin)
    _, before = back_up(course, admin)

    job = merge(content, admin, course)
    _, path = back_up(course, admin)

    assert job.result["reused"]["question"] == 6
    members = members_of(path)
    assert len(leaf_texts(members, "questions.xml", ".//question_bank_entry/idnumber")) == 6
    quizzes = sorted(name for name in members if name.endswith("/quiz.xml"))
    entries = [leaf_texts(members, name, ".//question_reference/questionbankentryid") for name in quizzes]
    orders = [
        [value for value in leaf_texts(members, name, ".//response/variable/value") if "," in value]
        for name in quizzes
    ]
    assert entries[0] == entries[1]
    assert orders[0] == orders[1]
    banks = leaf_texts(members, "questions.xml", ".//contextid")
    assert banks == leaf_texts(members_of(before), "questions.xml", ".//contextid")
    draws = [leaf_texts(members, name, ".//questionscontextid") for name in quizzes]
    assert draws[0] == draws[1] == banks[:1]


def test_groups_are_used_again(app):
    admin, content = make_admin(), corpus_file("tide101-4.5-users").read_bytes()
    _, course = restore(content, admin)

    merge(content, admin, course)
    _, path = back_up(course, admin)

    members = members_of(path)
    assert len(leaf_texts(members, "groups.xml", "group/name")) == 3
    restricted = [
        name for name in members if b"&quot;group&quot;" in members[name] or b'"group"' in members[name]
    ]
    found = {re.search(rb'"group","id":(\d+)', members[name])[1] for name in restricted}
    assert found == {b"10"}


def test_blocks_of_the_course_page_are_not_doubled(app):
    admin, content = make_admin(), corpus_file("real-3.8-damaged-files-blocks").read_bytes()
    _, course = restore(content, admin)
    _, before = back_up(course, admin)

    merge(content, admin, course)
    _, after = back_up(course, admin)

    blocks = [{name.split("/")[2] for name in members_of(path) if name.startswith("course/blocks/")}
              for path in (before, after)]  # fmt: skip
    assert blocks[0]
    assert blocks[0] == blocks[1]
