"""What pages show of what people are asked for: assignments, feedback and surveys."""

import pytest

from tests.course_documents import MADE_AT, StoredFile, leaves, node
from tests.factories import make_person, make_teacher
from tests.pages import text
from tests.viewing import AMIRA, BEN, CONTEXT, HOSTILE, address_in, counted_queries, own, restored_with, rows


@pytest.fixture
def as_teacher(sign_in_as):
    return lambda course: sign_in_as(make_teacher(course=course))


@pytest.fixture
def as_pupil(sign_in_as):
    return lambda course: sign_in_as(make_person(course=course))


def submission(who, words, number=5, **more):
    values = {"groupid": 0, "attemptnumber": 0, "status": "submitted", "timemodified": MADE_AT} | more
    written = leaves(onlinetext=words, onlineformat=1, submission=number)
    part = node("subplugin_assignsubmission_onlinetext_submission", [node("submission_onlinetext", written)])
    return [*leaves(userid=who, **values), part]


def grade(who, mark, comment=""):
    given = leaves(commenttext=comment, commentformat=1, grade=8)
    part = node("subplugin_assignfeedback_comments_grade", [node("feedback_comments", given)])
    content = leaves(userid=who, grader=AMIRA, grade=mark, attemptnumber=0, timemodified=MADE_AT)
    return [*content, part]


def config(plugin, name, value):
    return leaves(plugin=plugin, subtype="assignsubmission", name=name, value=value)


def assignment(submissions=(), grades=(), *, files=(), flags=(), **documents):
    content = [
        *own(grade=100, duedate=MADE_AT, teamsubmission=0, activity="<p>Walk first.</p>", activityformat=1),
        rows("userflags", "userflag", *flags),
        rows("submissions", "submission", *submissions, first=5),
        rows("grades", "grade", *grades, first=8),
        rows(
            "plugin_configs",
            "plugin_config",
            config("file", "enabled", 1),
            config("file", "maxfilesubmissions", 3),
            config("onlinetext", "enabled", 0),
        ),
    ]
    return restored_with("assign", content, files, **documents)


def test_an_assignment_shows_each_persons_work_and_what_it_got(page, as_teacher, app):
    handed_in = StoredFile(
        700, "log.txt", b"Ten waves.", CONTEXT, "assignsubmission_file", "submission_files", 5
    )
    given_back = StoredFile(701, "notes.txt", b"Good.", CONTEXT, "assignfeedback_file", "feedback_files", 8)
    course = assignment(
        [submission(BEN, '<p>It rose. <img src="@@PLUGINFILE@@/wave.png"></p>')],
        [grade(BEN, "88.50000", "<p>Good detail.</p>")],
        files=(handed_in, given_back),
        flags=[leaves(userid=BEN, extensionduedate=MADE_AT)],
    )
    as_teacher(course)

    soup = page(address_in(course))

    shown = soup.select_one("article")
    assert text(shown.h3) == "Ben Okoro"
    assert "Handed in, " in text(shown)
    assert "may hand in until" in text(shown)
    assert shown.img["src"].endswith(
        f"/{CONTEXT}/assignsubmission_onlinetext/submissions_onlinetext/5/wave.png"
    )
    assert "88.5 of 100 Amira Holt" in text(shown)
    assert "Good detail." in text(shown)
    assert [text(one) for one in shown.select("li a")] == ["log.txt", "notes.txt"]


def test_who_was_marked_without_handing_in_is_there_too(page, as_teacher, app):
    course = assignment([submission(BEN, "x")], [grade(BEN, "-1.00000"), grade(AMIRA, "41.00000")])
    as_teacher(course)

    soup = page(address_in(course))

    amira, ben = (text(one) for one in soup.select("article"))
    assert amira.startswith("Amira Holt Nothing handed in 41 of 100")
    assert "of 100" not in ben


def test_an_assignment_shows_pupils_what_is_asked_for_alone(page, as_pupil, app):
    course = assignment([submission(BEN, "It rose.")], [grade(BEN, "88.50000", "Good detail.")])
    as_pupil(course)

    soup = page(address_in(course))

    assert "Files (at most 3 files)" in soup.text
    assert "Walk first." in soup.text
    assert "100 points" in soup.text
    assert not any(words in soup.main.text for words in ("Ben", "It rose.", "88.5", "Good detail."))


def test_work_that_was_handed_in_cannot_act_on_the_page(page, as_teacher, app):
    course = assignment([submission(BEN, HOSTILE)], [grade(BEN, "1", HOSTILE)])
    as_teacher(course)

    soup = page(address_in(course))

    assert soup.main.text.count("Low water") == 2
    assert not soup.select("article script, article [onerror]")


def test_much_work_goes_by_pages_and_asks_the_database_little(page, as_teacher, app):
    people = range(1000, 1060)
    course = assignment([submission(one, "x") for one in people], [grade(one, "5") for one in people])
    as_teacher(course)

    with counted_queries() as asked:
        soup = page(f"{address_in(course)}?page=3")

    assert len(soup.select("article")) == 10
    assert "60 pieces of work in all" in soup.text
    assert len(asked) < 35
    assert sum("FROM person" in one for one in asked) <= 2


def rubric(options="{}"):
    levels = [leaves(score="0.00000", definition="None"), leaves(score="5.00000", definition="All of them")]
    criterion = [
        *leaves(sortorder=1, description="Waves counted", descriptionformat=0),
        rows("levels", "level", *levels, first=30),
    ]
    part = node("plugin_gradingform_rubric_definition", [rows("criteria", "criterion", criterion, first=20)])
    filling = leaves(criterionid=20, levelid=31, remark="<b>Every one</b>", remarkformat=0)
    filled = node("plugin_gradingform_rubric_instance", [rows("fillings", "filling", filling)])
    instance = [*leaves(raterid=AMIRA, itemid=8, status=1), filled]
    definition = [
        *leaves(method="rubric", name="Observing", status=20, options=options),
        part,
        rows("instances", "instance", instance),
    ]
    area = [
        *leaves(areaname="submissions", activemethod="rubric"),
        rows("definitions", "definition", definition),
    ]
    return node("areas", [node("area", area, id=1)])


def test_a_rubric_is_shown_and_what_each_got_by_it(page, as_teacher, app):
    course = assignment([submission(BEN, "x")], [grade(BEN, "100.00000")], grading=rubric())
    as_teacher(course)

    soup = page(address_in(course))

    assert text(soup.select_one("#grading")) == "Rubric “Observing”"
    assert [text(one) for one in soup.select("#grading ~ .branch li")] == ["0 None", "5 All of them"]
    assert "Waves counted 5: All of them Every one" in text(soup.select_one("article"))


@pytest.mark.parametrize(
    ("options", "is_shown"), [('{"alwaysshowdefinition":"1"}', True), ("{}", False), ("?", False)]
)
def test_pupils_see_a_rubric_where_their_teachers_want_it(page, as_pupil, app, options, is_shown):
    course = assignment(grading=rubric(options))
    as_pupil(course)

    soup = page(address_in(course))

    assert ("Waves counted" in soup.text) is is_shown
    assert "Every one" not in soup.text


def item(typ, name, presentation="", position=1, **more):
    return leaves(typ=typ, name=name, presentation=presentation, position=position, hasvalue=1, **more)


ITEMS = rows(
    "items",
    "item",
    item("textfield", "One word about it", "20|30", 4),
    item("multichoice", "Was it long?", "r>>>>>Too short|Just right<<<<<1", 1, required=1),
    item("multichoicerated", "How good?", "d>>>>>1####Poor|5####Fine", 3),
    item("label", "label", HOSTILE, 2),
    item("numeric", "How far?", "0|10", 5, dependitem=2, dependvalue="Just right"),
    first=10,
)


def completed(who, **values):
    given = [leaves(item=int(one[1:]), value=value) for one, value in values.items()]
    return [*leaves(userid=who, anonymous_response=2), rows("values", "value", *given)]


COMPLETEDS = rows(
    "completeds",
    "completed",
    completed(BEN, i10="windy", i11="2", i12="1|", i14="4"),
    completed(AMIRA, i10=HOSTILE, i11="2", i12="0", i14="5"),
)


def test_a_feedback_counts_its_answers(page, as_teacher, app):
    course = restored_with("feedback", [*own(anonymous=2), ITEMS, COMPLETEDS])
    as_teacher(course)

    soup = page(address_in(course))

    shown = [text(one).partition(" Edit this")[0] for one in soup.select(".part > .branch")]
    assert shown[0] == (
        "Was it long? One choice, has to be answered · 2 answers Too short 0 answers Just right 2 answers"
    )
    assert shown[1] == "Low water"
    assert shown[2].endswith("1 answer Poor (1) 1 answer Fine (5) 0 answers")
    assert "windy" in shown[3]
    assert "A number from 0 to 10 · 2 answers, 4.5 on average" in shown[4]
    assert not soup.select(".branch script")


def test_a_feedback_shows_pupils_its_questions_alone(page, as_pupil, app):
    course = restored_with("feedback", [*own(), ITEMS, COMPLETEDS])
    as_pupil(course)

    soup = page(address_in(course))

    assert "Just right" in soup.text
    assert "windy" not in soup.text
    assert "2 answers" not in soup.text


SURVEY = [
    *own(template=1, questions="1,2"),
    rows(
        "answers",
        "answer",
        leaves(userid=BEN, question=1, answer1="4", answer2=""),
        leaves(userid=AMIRA, question=1, answer1="4", answer2="5"),
        leaves(userid=BEN, question=68, answer1="<b>The walk</b>", answer2=""),
    ),
    rows("analysis", "analys", leaves(userid=BEN, notes="Speak to him")),
]


def test_a_survey_counts_its_answers(page, as_teacher, app):
    course = restored_with("survey", SURVEY)
    as_teacher(course)

    soup = page(address_in(course))

    assert "COLLES: what it is like" in soup.text
    first, second = (text(one) for one in soup.select("#answers ~ .branch"))
    assert first == "Question 1 Often: 2 One would like: Almost always: 1"
    assert second == "Question 68 <b>The walk</b>"
    assert "Ben Okoro Speak to him" in text(soup.main)


def test_a_survey_shows_pupils_no_answers(page, as_pupil, app):
    course = restored_with("survey", SURVEY)
    as_pupil(course)

    soup = page(address_in(course))

    assert "COLLES: what it is like" in soup.text
    assert "The walk" not in soup.text
    assert "Ben" not in soup.main.text


def test_what_was_said_about_a_piece_of_work_is_with_it(page, as_teacher, app):
    about = leaves(commentarea="submission_comments", itemid=5, content="<p>When?</p>", userid=BEN)
    course = assignment([submission(BEN, "x")], comments=node("comments", [node("comment", about, id=1)]))
    as_teacher(course)

    soup = page(address_in(course))

    assert "1 comment Ben Okoro When?" in text(soup.select_one("article"))


def old_assignment(kind="online", **of_it):
    said = {"data1": "<p>Low</p>", "data2": 1, "grade": 88, "submissioncomment": "<p>Go on</p>", "format": 1}
    content = leaves(userid=BEN, timemodified=MADE_AT, teacher=AMIRA, timemarked=MADE_AT, **said | of_it)
    settings = own(assignmenttype=kind, grade=100, preventlate=1, timedue=MADE_AT, maxbytes=1024)
    back = StoredFile(701, "marked.txt", b"Good.", CONTEXT, "mod_assignment", "response", 5)
    sheet = StoredFile(702, "sheet.txt", b"Ten", CONTEXT, "mod_assignment", "submission", 5)
    return restored_with(
        "assignment", [*settings, rows("submissions", "submission", content, first=5)], (back, sheet)
    )


def test_an_assignment_of_moodle_2_2_shows_what_was_handed_in(page, as_teacher, app):
    course = old_assignment()
    as_teacher(course)

    soup = page(address_in(course))

    assert "What is asked for A text written in Moodle" in text(soup.main)
    work = soup.article
    assert text(work).startswith("Ben Okoro Handed in, ")
    assert [one in text(work) for one in ("Low", "88 of 100", "Amira Holt", "Go on", "marked.txt", "sheet.txt")] == [
        True, True, True, True, True, False,
    ]  # fmt: skip


def test_of_one_with_files_they_are_there_and_what_is_not_marked_says_so(page, as_teacher, app):
    course = old_assignment("upload", grade=-1, submissioncomment="")
    as_teacher(course)

    work = page(address_in(course)).article

    assert "sheet.txt" in text(work)
    assert "of 100" not in text(work)


def test_pupils_see_what_it_asks_for_alone(page, as_pupil, app):
    course = old_assignment()
    as_pupil(course)

    soup = page(address_in(course))

    assert "A text written in Moodle" in soup.text
    assert not any(words in soup.main.text for words in ("Ben", "Low", "marked.txt"))
