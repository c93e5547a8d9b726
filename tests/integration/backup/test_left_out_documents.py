"""What of the documents of the whole course goes along when an activity is left out or was deleted."""

import xml.etree.ElementTree as ET

import pytest

from tests.archives import pack_tgz
from tests.course_documents import StoredFile, document, file_row, leaves, node
from tests.factories import make_teacher
from tests.members import members_of
from tests.quiz_course import QUIZ, QUIZ_CONTEXT, drawn, fixed, quiz_course, with_activity
from tests.running import back_up, back_up_part, restore
from webapp.content.activities import delete_activity
from webapp.content.lookups import activities_of

OTHER = QUIZ + 1
GRADED = node(
    "activity_gradebook",
    [node("grade_items", [node("grade_item", leaves(itemname="Check"), id=15)]), node("grade_letters", [])],
)
BADGE = node(
    "badge",
    [
        *leaves(name="Navigator", status=1),
        node("criteria", [node("criterion", leaves(badgeid=8, criteriatype=1), id=9)]),
    ],
    id=8,
)


#: Of a question of the quiz’s own bank, in its text and of its type; and one of an attempt at the quiz.
PICTURES = [
    StoredFile(701, "ebb.png", b"ebb", QUIZ_CONTEXT, "question", "questiontext", 1205),
    StoredFile(702, "flood.png", b"flood", QUIZ_CONTEXT, "qtype_tide", "map", 1205),
    StoredFile(703, "answer.png", b"answer", QUIZ_CONTEXT, "question", "response_attachments", 1205),
]


def criterion(number, module):
    return node("course_completion_criteria", leaves(criteriatype=4, moduleinstance=module), id=number)


def course_members(*slots_of_other):
    """The course with a quiz that has questions of its own, and another one with these slots."""
    members, other = quiz_course([fixed(205)]), quiz_course(slots_of_other)
    quiz = other[f"activities/quiz_{QUIZ}/quiz.xml"].replace(b'moduleid="44"', b'moduleid="45"')
    members |= {
        name.replace("quiz_44", "quiz_45"): content for name, content in other.items() if "quiz_44" in name
    }
    members[f"activities/quiz_{OTHER}/quiz.xml"] = quiz.replace(b'contextid="74"', b'contextid="75"')
    members["moodle_backup.xml"] = with_activity(members["moodle_backup.xml"], "quiz", OTHER, "The exam")
    rules = [criterion(5, QUIZ), criterion(6, 42)]
    pictures = {one.entry: one.content for one in PICTURES}
    files = [file_row(one) for one in PICTURES]
    return (
        members
        | pictures
        | {
            "files.xml": document(node("files", files)),
            "completion.xml": document(node("course_completion", rules)),
            "badges.xml": document(node("badges", [BADGE])),
        }
    )


def without(members, *, left_out=(), deleted=()):
    """The backup of the course, with some activities left out and others deleted before."""
    teacher = make_teacher()
    _, course = restore(pack_tgz(members), teacher)
    for number in deleted:
        found = next(one for one in activities_of(course.version_id) if one.moodle_id == number)
        delete_activity(course, found)
    _, path = back_up(course, teacher, leave_out={"sections": [], "activities": list(left_out)})
    return members_of(path)


def ids(members, name, tag):
    return [int(one.get("id")) for one in ET.fromstring(members[name]).iter(tag)]


def listed_categories(members, folder):
    inforef = ET.fromstring(members[f"{folder}/inforef.xml"])
    return [int(one.findtext("id")) for one in inforef.iter("question_category")]


@pytest.mark.parametrize("how", ["left_out", "deleted"])
def test_the_questions_of_an_absent_activity_stay_out(app, how):
    after = without(course_members(), **{how: [QUIZ]})

    assert ids(after, "questions.xml", "question_category") == [80, 81, 82, 83]
    assert ids(after, "questions.xml", "question_bank_entry") == [201, 202, 203, 204]
    assert not {90, 91} & set(listed_categories(after, "course"))
    assert not any(one.entry in after for one in PICTURES)


@pytest.mark.parametrize("slot", [fixed(205), drawn(91)], ids=["fixed", "drawn"])
@pytest.mark.parametrize("how", ["left_out", "deleted"])
def test_questions_that_another_activity_asks_go_along(app, how, slot):
    after = without(course_members(slot), **{how: [QUIZ]})

    assert ids(after, "questions.xml", "question_category") == [80, 81, 82, 83, 90, 91]
    assert 205 in ids(after, "questions.xml", "question_bank_entry")
    assert 91 in listed_categories(after, f"activities/quiz_{OTHER}")
    assert [one.entry in after for one in PICTURES] == [True, True, False]


def test_a_part_has_the_pictures_of_the_questions_that_it_asks_of_another_bank(app):
    teacher = make_teacher()
    _, course = restore(pack_tgz(course_members(fixed(205))), teacher)
    exam = next(one for one in activities_of(course.version_id) if one.moodle_id == OTHER)

    after = members_of(back_up_part(course, exam, teacher)[1])

    assert [one.entry in after for one in PICTURES] == [True, True, False]


def test_with_all_activities_the_whole_bank_goes_along(app):
    assert len(ids(without(course_members()), "questions.xml", "question_category")) == 6
    assert len(ids(without(course_members(), left_out=[43]), "questions.xml", "question_category")) == 6


def test_the_gradebook_goes_along_while_every_column_of_it_does(app):
    members = course_members()
    members[f"activities/quiz_{QUIZ}/grades.xml"] = document(GRADED)

    assert "gradebook.xml" in without(members, left_out=[43])
    assert not {"gradebook.xml", "grade_history.xml"} & set(without(members, left_out=[QUIZ]))


def test_rules_about_activities_go_along_only_with_all_of_them(app):
    after = without(course_members(), left_out=[43])

    assert "completion.xml" not in after
    assert ids(after, "badges.xml", "badge") == [8]
    assert ids(after, "badges.xml", "criterion") == []


def test_of_the_rules_only_those_about_a_deleted_activity_stay_out(app):
    after = without(course_members(), deleted=[QUIZ])

    assert ids(after, "completion.xml", "course_completion_criteria") == [6]
    assert ids(after, "badges.xml", "criterion") == [9]


def test_what_no_activity_here_ever_had_is_kept_as_it_came(app):
    members = course_members()
    members["questions.xml"] = members["questions.xml"].replace(b"<contextid>74<", b"<contextid>79<")
    members["completion.xml"] = document(node("course_completion", [criterion(5, 987)]))

    after = without(members, deleted=[QUIZ])

    assert len(ids(after, "questions.xml", "question_category")) == 6
    assert ids(after, "completion.xml", "course_completion_criteria") == [5]
