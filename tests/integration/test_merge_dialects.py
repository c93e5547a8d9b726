"""What an older Moodle wrote goes into a course of a newer one, and comes out as the newer one writes it."""

import xml.etree.ElementTree as ET

import pytest

from jobs.archive.survey import survey
from jobs.engine.undo import undo_restore
from tests.added import changed
from tests.corpus import corpus_file
from tests.demands import faults
from tests.factories import make_admin
from tests.members import members_of, same_documents
from tests.running import back_up, merge, restore
from webapp.extensions import db
from webapp.models import Course, JobState

NEEDED = (
    "calendar.xml",
    "comments.xml",
    "filters.xml",
    "grades.xml",
    "module.xml",
    "roles.xml",
    "xapistate.xml",
)


def added(name, into="tide101-4.5-users"):
    """A course before and after an archive was added to it, and the job."""
    admin = make_admin()
    _, course = restore(corpus_file(into).read_bytes(), admin)
    _, before = back_up(course, admin)
    job = merge(corpus_file(name).read_bytes(), admin, course)
    _, after = back_up(course, admin)
    assert faults(after) == []
    return members_of(before), members_of(after), job, course, admin


def last_quiz(members):
    """The folder and the document of the quiz that came last."""
    folders = {name.rpartition("/")[0] for name in members if name.endswith("/quiz.xml")}
    folder = max(folders, key=lambda one: int(one.rpartition("_")[2]))
    return folder, ET.fromstring(members[f"{folder}/quiz.xml"])


@pytest.mark.parametrize("name", ["fixture-2.8-activity-quiz-zip", "fixture-2.6-availability"])
def test_a_quiz_of_moodle_2_finds_its_questions_in_a_course_of_moodle_4(app, name):
    before, after, job, _, _ = added(name)

    assert job.state in (JobState.DONE, JobState.WARNED), job.problem
    assert changed(before, after) == []
    folder, quiz = last_quiz(after)
    bank = ET.fromstring(after["questions.xml"])
    entries = {one.get("id"): one for one in bank.iter("question_bank_entry")}
    slots = quiz.findall(".//question_instance")
    assert slots
    for slot in slots:
        entry = entries[slot.findtext("question_reference/questionbankentryid")]
        category = entry.findtext("questioncategoryid")
        assert bank.find(f"question_category[@id='{category}']") is not None
        assert slot.find("questionid") is None
    assert bank.find("question_category/questions") is None
    assert {one for one in NEEDED if f"{folder}/{one}" not in after} == set()


def test_it_goes_out_again_without_a_trace(app):
    before, _, _, course, admin = added("fixture-2.8-activity-quiz-zip")

    undo_restore(course.id)

    _, again = back_up(db.session.get(Course, course.id), admin)
    assert same_documents(before, members_of(again)) == []


def test_the_same_old_questions_a_second_time_are_used_again(app):
    *_, first, course, admin = added("fixture-3.10-attempts-missing-users")

    second = merge(corpus_file("fixture-3.10-attempts-missing-users").read_bytes(), admin, course, again=True)

    assert (first.result["reused"]["question"], second.result["reused"]["question"]) == (0, 1)


def test_newer_questions_in_an_older_course_are_kept_and_told_of(app):
    before, after, job, _, _ = added("tide101-4.5-activity-quiz", into="fixture-3.5-question-categories")

    assert job.state == JobState.WARNED
    assert any("will not find the questions" in warning for warning in job.warnings)
    assert changed(before, after) == []
    assert len(list(ET.fromstring(after["questions.xml"]).iter("question_bank_entry"))) == 6


def test_a_part_of_an_old_course_made_a_course_stays_in_its_own_form(app):
    admin = make_admin()

    _, course = restore(corpus_file("fixture-2.8-activity-quiz-zip").read_bytes(), admin)
    _, path = back_up(course, admin)

    assert survey(path).backup_version == 2014111000
    members = members_of(path)
    assert b"<question_bank_entry " not in members["questions.xml"]
    assert b"<questionid>" in members[next(name for name in members if name.endswith("/quiz.xml"))]
