"""What an older Moodle wrote goes into a course of a newer one, and comes out as the newer one writes it."""

import xml.etree.ElementTree as ET

import pytest

from jobs.archive.survey import survey
from jobs.engine.dry_run import dry_run
from jobs.engine.undo import undo_restore
from tests.added import changed
from tests.archives import pack_tgz, small_course
from tests.corpus import corpus_file
from tests.course_documents import activity_documents, leaves, node
from tests.demands import faults
from tests.factories import make_admin
from tests.members import members_of, same_documents
from tests.question_bank import OWN, bank
from tests.quiz_course import fixed, quiz_course, with_activity
from tests.running import back_up, merge, read_archive, restore
from webapp.extensions import db
from webapp.models import Course, JobState

#: From this mod_quiz on Moodle takes the slots of a quiz for references (restore_quiz_stepslib.php).
FIRST_QUIZ_WITH_REFERENCES = 2021091700
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
    version = ET.fromstring(after[f"{folder}/module.xml"]).get("version")
    assert int(version) > FIRST_QUIZ_WITH_REFERENCES
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


@pytest.mark.parametrize("name", ["tide101-4.5-activity-quiz", "fixture-4.3-activity-quiz-random"])
@pytest.mark.parametrize(
    "into",
    ["fixture-2.6-availability", "fixture-3.5-question-categories", "fixture-3.11-plugin-studentquiz-users"],
)
def test_a_quiz_of_moodle_4_finds_its_questions_in_an_older_course(app, name, into):
    before, after, job, _, _ = added(name, into=into)

    assert job.state in (JobState.DONE, JobState.WARNED), job.problem
    assert changed(before, after) == []
    folder, quiz = last_quiz(after)
    bank = ET.fromstring(after["questions.xml"])
    questions = {one.get("id"): one for one in bank.iter("question")}
    slots = quiz.findall(".//question_instance")
    assert slots
    for slot in slots:
        assert (slot.findtext("questionid") or slot.findtext("question")) in questions
        assert slot.find("question_reference") is slot.find("question_set_reference") is None
    assert {one.findtext("questionid") for one in quiz.iter("question_attempt")} <= questions.keys()
    assert bank.find(".//question_bank_entry") is None
    version = ET.fromstring(after[f"{folder}/module.xml"]).get("version")
    assert int(version) < FIRST_QUIZ_WITH_REFERENCES


def test_what_an_older_course_cannot_say_is_told_before_and_after(app):
    admin, members = make_admin(), quiz_course([fixed(201), fixed(999)])
    _, course = restore(_older(small_course()), admin)
    second = b'<question_versions id="9001"><version>2</version><status>draft</status><questions></questions>'
    members["questions.xml"] = members["questions.xml"].replace(
        b"<question_version>", b"<question_version>" + second + b"</question_versions>", 1
    )
    content = pack_tgz(members)
    given = {"target": "merge", "people": True, "course_id": course.id}

    said = dry_run(read_archive(content, admin).result["archive_id"], given, admin.id)
    job = merge(content, admin, course)

    told = [one for one in said["skipped"] if "questions" in one]
    assert told == [
        "Older versions of questions: 1. Each is kept as a hidden question of its own.",
        "Drafts of questions: 1. They are kept as hidden questions.",
        "Places of quizzes whose questions the file doesn’t have: 1. They stay empty.",
    ]
    assert set(told) <= set(job.warnings)
    assert said["added"]["questions"] == 5


@pytest.mark.parametrize(
    ("kind", "written", "release"),
    [("subsection", (b"2020110900", b"3.10"), "3.10"), ("chat", (b"2025041400", b"5.0"), "5.0")],
)
def test_what_the_moodle_of_the_course_would_pass_over_is_told_before_and_after(app, kind, written, release):
    admin, members = make_admin(), small_course(people=False)
    _, course = restore(_written_by(small_course(), *written), admin)
    own = node(kind, leaves(name="At sea", timemodified=0), id=54)
    members |= activity_documents(kind, 44, 54, 74, own, False)
    members["moodle_backup.xml"] = with_activity(members["moodle_backup.xml"], kind, 44, "At sea")
    content = pack_tgz(members)
    given = {"target": "merge", "people": True, "course_id": course.id}

    said = dry_run(read_archive(content, admin).result["archive_id"], given, admin.id)
    job = merge(content, admin, course)

    (told,) = [one for one in said["skipped"] if "would pass over them" in one]
    assert told.startswith(f"Activities of the type “{kind}”: 1.")
    assert f"written for Moodle {release}," in told
    assert told in job.warnings
    _, path = back_up(course, admin)
    assert any(name.endswith(f"/{kind}.xml") for name in members_of(path))


def test_what_the_moodle_of_the_course_knows_is_not_spoken_of(app):
    admin = make_admin()
    _, course = restore(pack_tgz(small_course()), admin)

    job = merge(corpus_file("tide101-4.5-section").read_bytes(), admin, course)

    assert [one for one in job.warnings if "would pass over" in one] == []


@pytest.mark.parametrize("modern", [True, False])
def test_a_question_that_the_course_has_in_its_own_form_is_used_again(app, modern):
    admin, own, coming = make_admin(), small_course(), small_course()
    own["questions.xml"], coming["questions.xml"] = bank(modern=modern), bank(modern=not modern)
    packed = [_older(one) if old else pack_tgz(one) for one, old in ((own, not modern), (coming, modern))]
    _, course = restore(packed[0], admin)
    given = {"target": "merge", "people": True, "course_id": course.id}

    said = dry_run(read_archive(packed[1], admin).result["archive_id"], given, admin.id)
    job = merge(packed[1], admin, course)

    assert job.result["reused"]["question"] == said["matched"]["question"] == len(OWN) + 1
    _, path = back_up(course, admin)
    kept = ET.fromstring(members_of(path)["questions.xml"])
    assert len(kept.findall(".//questions/question")) == len(OWN) + (1 if modern else 2)


def test_a_question_that_says_something_else_in_its_other_form_comes_along(app):
    admin, own, coming = make_admin(), small_course(), small_course()
    own["questions.xml"], coming["questions.xml"] = bank(modern=False), bank()
    coming["questions.xml"] = coming["questions.xml"].replace(b"Which sea?", b"Which ocean?")
    _, course = restore(_older(own), admin)

    job = merge(pack_tgz(coming), admin, course)

    assert job.result["reused"]["question"] == len(OWN)


def _older(members):
    """The archive as a Moodle 3.10 would name it."""
    return _written_by(members, b"2020110900", b"3.10")


def _written_by(members, version, release):
    manifest = members["moodle_backup.xml"]
    manifest = manifest.replace(b">2024100700<", b">%s<" % version).replace(b">4.5<", b">%s<" % release)
    return pack_tgz(members | {"moodle_backup.xml": manifest})


def test_a_part_of_an_old_course_made_a_course_stays_in_its_own_form(app):
    admin = make_admin()

    _, course = restore(corpus_file("fixture-2.8-activity-quiz-zip").read_bytes(), admin)
    _, path = back_up(course, admin)

    assert survey(path).backup_version == 2014111000
    members = members_of(path)
    assert b"<question_bank_entry " not in members["questions.xml"]
    assert b"<questionid>" in members[next(name for name in members if name.endswith("/quiz.xml"))]
