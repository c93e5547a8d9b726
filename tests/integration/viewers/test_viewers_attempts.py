"""What teachers see of one attempt at a quiz, and of what holds for some people only."""

import pytest

from tests.archives import pack_tgz, small_course
from tests.course_documents import MADE_AT, StoredFile, activity_documents, leaves, node
from tests.factories import make_person, make_teacher
from tests.pages import text
from tests.quiz_course import with_activity
from tests.viewing import AMIRA, BEN, CONTEXT, HOSTILE, address_in, own, restored_from, restored_with, rows

SKETCH = StoredFile(700, "sketch.txt", b"A sketch", CONTEXT, "question", "response_attachments", 72)


def variable(name, value):
    return leaves(name=name, value=value)


def step(number, state, fraction, *variables, by=BEN):
    own_leaves = leaves(sequencenumber=number, state=state, fraction=fraction, timecreated=MADE_AT, userid=by)
    return [*own_leaves, node("response", [node("variable", one) for one in variables])]


def asked(slot, question, answer, right, most, *steps, first):
    own_leaves = leaves(
        slot=slot, behaviour="deferredfeedback", questionid=slot, maxmark=most, questionsummary=question,
        rightanswer=right, responsesummary=answer,
    )  # fmt: skip
    return [*own_leaves, rows("steps", "step", *steps, first=first)]


def attempt(*questions):
    own_leaves = leaves(
        userid=BEN, attemptnum=1, uniqueid=1, preview=0, state="finished", timestart=MADE_AT, timefinish=MADE_AT,
        sumgrades="2.50000",
    )  # fmt: skip
    return [
        *own_leaves,
        node("question_usage", [rows("question_attempts", "question_attempt", *questions)], id=1),
    ]


@pytest.fixture
def quiz(app):
    questions = (
        asked(
            2, "Describe a chart", "It has\na scale", None, "3.0000000",
            step(0, "todo", None), step(1, "needsgrading", None),
            step(2, "mangrpartial", "0.5000000", variable("-comment", HOSTILE), variable("-mark", "1.5"), by=AMIRA),
            first=71,
        ),
        asked(1, "What pulls the tide?", "The moon", "The moon", "1.0000000",
              step(0, "todo", None), step(1, "gradedright", "1.0000000"), first=81),
        asked(3, "And the rest?", None, "Wind", "1.0000000", step(0, "todo", None), first=91),
    )  # fmt: skip
    overrides = rows(
        "overrides", "override",
        leaves(userid=BEN, groupid=None, timeclose=1_756_713_600, timelimit=5400, attempts=0, password="x"),
        leaves(userid=None, groupid=61, timeclose=None, timelimit=None, attempts=3, password=None),
    )  # fmt: skip
    parts = [rows("attempts", "attempt", attempt(*questions)), overrides]
    return restored_with("quiz", [*own(sumgrades="5.0", grade="10.0"), *parts], files=(SKETCH,))


def test_an_attempt_opens_with_each_question_its_answer_and_its_points(page, client, quiz, sign_in_as):
    sign_in_as(make_teacher(course=quiz))
    (link,) = page(address_in(quiz)).select("section[aria-labelledby=attempts] td a")

    soup = page(link["href"])

    assert text(soup.find(id="attempt")) == "Attempt 1 of Ben Okoro"
    first, second, third = (text(one) for one in soup.select("article"))
    assert first == "Question 1 What pulls the tide? Right · 1 of 1 Answer The moon Right is The moon"
    assert second.startswith(
        "Question 2 Describe a chart Partly right; marked by a person · 1.5 of 3 Answer It has a scale"
    )
    assert "Amira Holt Low water" in second
    assert third == "Question 3 And the rest? Not answered Answer None Right is Wind"
    assert soup.main.find("script") is None
    (file,) = soup.select("article .attached a")
    assert client.get(file["href"]).data == b"A sketch"


def test_exceptions_say_for_whom_and_what(page, quiz, sign_in_as):
    sign_in_as(make_teacher(course=quiz))

    words = text(page(address_in(quiz)).select_one("section[aria-labelledby=exceptions]"))

    assert "Ben Okoro closes Mon 1 Sep 2025, " in words
    assert "time 1 hour 30 minutes, attempts without end, a password of their own" in words
    assert "Group “that is not in this course” attempts 3" in words


def test_pupils_see_neither(page, quiz, sign_in_as):
    sign_in_as(make_person(course=quiz))

    for address in (address_in(quiz), f"{address_in(quiz)}?item=1"):
        words = text(page(address).main)
        assert "Describe a chart" not in words
        assert "Exceptions" not in words
        assert "Ben Okoro" not in words


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("assign", {"duedate": 1_756_713_600, "cutoffdate": None}, "due Mon 1 Sep 2025, "),
        ("lesson", {"deadline": 1_756_713_600, "maxattempts": 2}, "last day Mon 1 Sep 2025, "),
    ],
)
def test_assignments_and_lessons_say_their_exceptions_too(page, app, sign_in_as, kind, values, said):
    course = restored_with(
        kind, [*own(), rows("overrides", "override", leaves(userid=BEN, groupid=None, **values))]
    )
    sign_in_as(make_teacher(course=course))

    assert f"Ben Okoro {said}" in text(
        page(address_in(course)).select_one("section[aria-labelledby=exceptions]")
    )


QUESTIONS = """<?xml version="1.0" encoding="UTF-8"?>
<question_categories><question_category id="1"><name>Tides</name><contextid>70</contextid>
<contextlevel>50</contextlevel><parent>0</parent><questions>
<question id="12"><name>Pull</name><questiontext>&lt;p&gt;What pulls?&lt;/p&gt;</questiontext><qtype>multichoice</qtype>
<plugin_qtype_multichoice_question><answers>
<answer id="40"><answertext>The moon</answertext><fraction>1</fraction></answer>
<answer id="42"><answertext>The wind</answertext><fraction>0</fraction></answer>
</answers></plugin_qtype_multichoice_question></question>
<question id="13"><name>Low</name><questiontext>The lowest water?</questiontext><qtype>shortanswer</qtype></question>
</questions></question_category></question_categories>"""


def state(question, place, answer, grade):
    return leaves(question=question, seq_number=place, answer=answer, event=place * 3, grade=grade)


def an_old_quiz():
    """A quiz of Moodle 2.0: a choice, a random question, and one that was not answered."""
    states = [
        state(12, 0, "42,40:", "0"), state(12, 1, "42,40:42", "0"), state(14, 0, "random13-", "0"),
        state(14, 1, "random13-ebb", "2.0"), state(15, 0, "", "0"),
    ]  # fmt: skip
    said = leaves(questionid=14, manualcomment="<p>Well put</p>", manualcommentformat=1)
    attempt = leaves(userid=BEN, attemptnum=1, layout="14,12,0,15,0", timestart=MADE_AT, timefinish=MADE_AT)
    attempt += [rows("states", "state", *states, first=80), rows("sessions", "session", said)]
    asked = [leaves(question=one, grade="2.0") for one in (12, 14, 15)]
    content = [*own(questions="14,12,0,15,0"), rows("question_instances", "question_instance", *asked)]
    content.append(rows("attempts", "attempt", attempt))
    members = small_course()
    members |= activity_documents("quiz", 45, 55, CONTEXT, node("quiz", content, id=55), True, [])
    members["moodle_backup.xml"] = with_activity(members["moodle_backup.xml"], "quiz", 45, "Looked at")
    return restored_from(pack_tgz(members | {"questions.xml": QUESTIONS.encode()}))


def test_an_attempt_from_before_moodle_2_1_says_what_was_answered(page, app, sign_in_as):
    course = an_old_quiz()
    sign_in_as(make_teacher(course=course))

    soup = page(f"{address_in(course)}?item=1")

    assert [text(one) for one in soup.select("article")] == [
        "Question 1 The lowest water? Answered · 2 of 2 Answer ebb Well put",
        "Question 2 What pulls? Answered · 0 of 2 Answer The wind Right is The moon",
        "Question 3 Not answered Answer None",
    ]
