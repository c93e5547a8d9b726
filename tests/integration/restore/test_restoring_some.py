"""What is left out of a restore is nowhere in the course, and all else is as if everything had come."""

import re

import pytest

from jobs.archive.survey import survey
from jobs.engine.dry_run import dry_run
from jobs.steps.selecting.optional import ACTIVITIES, KINDS
from tests.archives import pack_tgz, pack_zip, small_course
from tests.course_documents import StoredFile, document, file_row, inforef, leaves, node
from tests.declared.archive import declared_course
from tests.factories import make_teacher
from tests.members import members_of, same_documents
from tests.quiz_course import QUIZ, drawn, fixed, quiz_course, with_activity
from tests.restored import restored_once
from tests.running import answer, back_up, merge, read_archive, restore
from tests.subsections import with_subsection
from webapp import places
from webapp.content.lookups import activities_of, sections_of
from webapp.extensions import db
from webapp.models import ArchiveFile, CourseFile, JobState

NOTHING = {"sections": [], "activities": []}
FOR_COURSE = StoredFile(801, "beside.png", b"Beside the course.", 91, "block_html", "content")
FOR_QUIZ = StoredFile(802, "beside the quiz.png", b"Beside the quiz.", 92, "block_html", "content")
FOR_SECTION = StoredFile(803, "week.png", b"In the text of a section.", 70, "course", "section", 32)
FOR_GROUP = StoredFile(804, "crab.png", b"The badge of the crabs.", 70, "group", "icon", 5)
FOR_QUESTION = StoredFile(805, "moon.png", b"In a question.", 70, "question", "questiontext", 1202)
STORED = (FOR_COURSE, FOR_QUIZ, FOR_SECTION, FOR_GROUP, FOR_QUESTION)


def full_course():
    """The course with a quiz, and something of most that can be left out of it."""
    members = quiz_course([fixed(201), drawn(91)])
    members["files.xml"] = members["files.xml"].replace(
        b"</files>", b"".join(_bytes(file_row(one)) for one in STORED) + b"</files>"
    )
    members |= {one.entry: one.content for one in STORED}
    for folder, context in (("course", 91), (f"activities/quiz_{QUIZ}", 92)):
        block = node(
            "block", leaves(blockname="html", parentcontextid=70), id=context + 100, contextid=context
        )
        members[f"{folder}/blocks/html_{context}/block.xml"] = document(block)
        members[f"{folder}/blocks/html_{context}/inforef.xml"] = document(inforef())
    crabs = node("group", [*leaves(name="Crabs", idnumber=""), node("group_members", [])], id=5)
    members["groups.xml"] = document(node("groups", [crabs, node("groupings", [])]))
    column = node("grade_item", leaves(itemname="Check", itemtype="mod", itemmodule="quiz"), id=15)
    members[f"activities/quiz_{QUIZ}/grades.xml"] = document(
        node("activity_gradebook", [node("grade_items", [column]), node("grade_letters", [])])
    )
    category = node("grade_category", leaves(parent=None, depth=1, path="/1/", fullname="All"), id=1)
    members["gradebook.xml"] = document(node("gradebook", [node("grade_categories", [category])]))
    page = "activities/page_42/module.xml"
    opens = b'{"op":"&amp;","c":[{"type":"completion","cm":43,"e":1},{"type":"group","id":5}],"showc":[true]}'
    members[page] = re.sub(rb"<availability>.*?<", b"<availability>" + opens + b"<", members[page])
    own = "activities/page_42/page.xml"
    members[own] = members[own].replace(b"The sea comes", b"$@QUIZVIEWBYID*44@$ The sea comes")
    return members


def _bytes(row):
    return document(row).partition(b"?>")[2]


@pytest.fixture
def teacher(app):
    return make_teacher("adaeze")


def knowing(course):
    """The course as if its Moodle had known all kinds: else its backups hold them in any case."""
    manifest = course.version.manifest
    known = manifest["root_settings"] | dict.fromkeys(KINDS, "1")
    course.version.manifest = manifest | {"root_settings": known}
    db.session.commit()
    return course


#: What stays out: the ids of sections and of activities, and kinds.
CHOICES = {
    "a section": ([31], [], []),
    "the quiz": ([], [QUIZ], []),
    "all activities": ([], [], [ACTIVITIES]),
    "kinds": ([], [], ["blocks", "groups", "questionbank"]),
    "all kinds": ([], [], sorted(KINDS.keys() - {ACTIVITIES})),
    "of everything": ([31], [43], ["blocks", "logs", "badges"]),
}


@pytest.mark.parametrize("choice", CHOICES)
def test_it_is_as_if_all_had_been_restored_and_backed_up_without(teacher, choice):
    sections, activities, without = CHOICES[choice]
    chosen = {"leave_out": {"sections": sections, "activities": activities}, "without": without}
    content = pack_tgz(full_course())
    whole = knowing(restored_once(content, teacher))

    _, expected = back_up(whole, teacher, **chosen)
    job, some = restore(content, teacher, **chosen)
    _, path = back_up(knowing(some), teacher, without=without)

    assert job.problem == ""
    assert same_documents(members_of(expected), members_of(path)) == []
    assert (job.result["sections"], job.result["activities"]) == (
        len(sections_of(some.version_id)),
        len(activities_of(some.version_id)),
    )


@pytest.mark.long
@pytest.mark.parametrize("dialect", ["4.5", "3.8"])
@pytest.mark.parametrize("choice", ["nothing", "a section", "an activity", "all activities", "kinds", "both"])
def test_the_same_of_a_course_with_everything_that_is_declared(teacher, choice, dialect):
    content = pack_tgz(
        declared_course(dialect=dialect, kinds=["forum", "page", "quiz", "glossary"]).members()
    )
    _, whole = restore(content, teacher)
    last = sections_of(whole.version_id)[-1].moodle_id
    quiz = next(one.moodle_id for one in activities_of(whole.version_id) if one.type == "quiz")
    leave_out = {
        "sections": [last] if choice in ("a section", "both") else [],
        "activities": [quiz] if choice in ("an activity", "both") else [],
    }
    without = {"all activities": [ACTIVITIES], "kinds": sorted(KINDS), "both": ["groups", "comments"]}
    chosen = {"leave_out": leave_out, "without": without.get(choice, [])}

    _, expected = back_up(knowing(whole), teacher, **chosen)
    job, some = restore(content, teacher, **chosen)
    _, path = back_up(knowing(some), teacher, without=chosen["without"])

    assert job.problem == ""
    assert same_documents(members_of(expected), members_of(path)) == []


def test_nothing_of_it_is_in_the_next_backup_with_everything(teacher):
    _, some = restore(
        pack_tgz(full_course()), teacher,
        leave_out=NOTHING | {"activities": [QUIZ]}, without=["blocks", "groups", "questionbank"],
    )  # fmt: skip

    _, path = back_up(some, teacher)

    members = members_of(path)
    everything = b"".join(members.values())
    for gone in (b"Check yourself", b"Crabs", b"Question 201", b"beside.png", FOR_QUIZ.content, b"moon.png"):
        assert gone not in everything
    assert not [name for name in members if "/blocks/" in name or f"quiz_{QUIZ}" in name]
    assert {b"Read a tide table", b"week.png", FOR_SECTION.content} == {
        one for one in (b"Read a tide table", b"week.png", FOR_SECTION.content) if one in everything
    }
    assert survey(path).damage == 0


def test_files_that_do_not_come_are_not_kept(teacher):
    restore(pack_tgz(full_course()), teacher, without=["blocks"])

    kept = {one.read_bytes() for one in places.storage().all()}
    assert FOR_COURSE.content not in kept
    assert FOR_SECTION.content in kept


def test_a_subsection_goes_with_what_opens_it(teacher):
    content = pack_tgz(with_subsection(small_course()))

    _, some = restore(content, teacher, leave_out=NOTHING | {"activities": [44]})

    assert [one.name for one in sections_of(some.version_id)] == ["General", "Week one"]
    assert "About storms" not in [one.name for one in activities_of(some.version_id)]


def test_what_needs_it_is_named_before_and_at_the_end(teacher):
    job = read_archive(pack_tgz(full_course()), teacher)
    options = {
        "target": "new", "people": True, "leave_out": NOTHING | {"activities": [43, QUIZ]},
        "without": ["groups", "role_assignments"],
    }  # fmt: skip

    said = dry_run(job.result["archive_id"], options, teacher.id, job.id)
    done = answer(job, **options)

    assert said["needs"] == [
        "The gradebook with its categories and totals stays out: it needs the grades of “Check yourself”.",
        "“Read a tide table” opens only after “How to fold a chart” is completed, and that stays out.",
        "“Read a tide table” links to “Check yourself”, which stays out.",
        "People come without their roles.",
        "“Read a tide table” opens only for some groups, and groups stay out.",
    ]
    assert (done.state, done.warnings) == (JobState.WARNED, said["needs"])


def test_questions_of_a_bank_that_stays_out_come_with_their_pictures(teacher):
    members, other = quiz_course([]), quiz_course([fixed(205), drawn(82)])
    for name, content in other.items():
        if "quiz_44" in name:
            exam = content.replace(b"Check yourself", b"The exam").replace(b'moduleid="44"', b'moduleid="45"')
            members[name.replace("quiz_44", "quiz_45")] = exam.replace(b'contextid="74"', b'contextid="75"')
    members["moodle_backup.xml"] = with_activity(members["moodle_backup.xml"], "quiz", 45, "The exam")
    asked = StoredFile(701, "ebb.png", b"ebb", 74, "question", "questiontext", 1205)
    own = StoredFile(702, "rules.png", b"rules", 74, "mod_quiz", "intro")
    members["files.xml"] = document(node("files", [file_row(asked), file_row(own)]))
    members |= {asked.entry: asked.content, own.entry: own.content}
    job = read_archive(pack_tgz(members), teacher)
    options = {"target": "new", "people": True, "leave_out": NOTHING | {"activities": [QUIZ]}}

    said = dry_run(job.result["archive_id"], options, teacher.id, job.id)
    bare = dry_run(job.result["archive_id"], options | {"without": ["questionbank"]}, teacher.id, job.id)

    assert said["needs"] == []
    assert (said["added"]["questions"], bare["added"]["questions"]) == (5, 2)
    answer(job, **options)
    assert [one.filename for one in db.session.query(CourseFile)] == ["ebb.png"]


def test_some_of_it_is_added_to_a_course_and_taken_out_again(teacher):
    course = restored_once(pack_tgz(small_course()), teacher)

    job = merge(
        pack_zip(full_course()), teacher, course,
        leave_out=NOTHING | {"sections": [31], "activities": [42, 43]}, without=["questionbank"],
    )  # fmt: skip

    assert job.problem == ""
    names = [one.name for one in activities_of(course.version_id)]
    assert sorted(names) == ["Announcements", "Check yourself", "How to fold a chart", "Read a tide table"]
    _, path = back_up(course, teacher)
    assert len(re.findall(rb"<question_bank_entry ", members_of(path)["questions.xml"])) == 2


@pytest.mark.parametrize(
    ("leave_out", "reason"),
    [({"sections": [31, 32]}, "Nothing of the file would be left"), ({"sections": [99]}, "")],
)
def test_a_restore_of_nothing_is_refused_and_what_is_not_there_is_nothing(teacher, leave_out, reason):
    job, course = restore(pack_tgz(small_course()), teacher, leave_out=leave_out)

    assert reason in job.problem
    assert bool(course) is not bool(reason)


def test_a_file_that_was_read_before_this_was_known_is_to_be_read_anew(teacher):
    job = read_archive(pack_tgz(small_course()), teacher)
    archive = db.session.get(ArchiveFile, job.result["archive_id"])
    archive.survey = {name: value for name, value in archive.survey.items() if name != "ties"}
    db.session.commit()

    done = answer(job, without=["blocks"])

    assert "Restore it anew" in done.problem


def test_without_a_choice_all_of_it_comes(teacher):
    content = pack_tgz(full_course())
    whole = restored_once(content, teacher)

    job, again = restore(content, teacher, leave_out=NOTHING, without=[])

    pairs = [back_up(one, teacher)[1] for one in (whole, again)]
    assert same_documents(*map(members_of, pairs)) == []
    rows = [
        db.session.query(CourseFile).filter_by(version_id=one.version_id).count() for one in (whole, again)
    ]
    assert rows[0] == rows[1] > len(STORED)
    assert job.state == JobState.DONE
