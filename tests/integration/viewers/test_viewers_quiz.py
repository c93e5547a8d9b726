"""A quiz and the question bank as teachers read them, and how little of both pupils see."""

import json

import pytest

from tests.archives import pack_tgz, small_course
from tests.corpus import corpus_file
from tests.course_documents import activity_documents, leaves, node
from tests.factories import make_course, make_person, make_teacher
from tests.pages import text
from tests.question_bank import bank
from tests.quiz_course import COURSE_CONTEXT, drawn, fixed, quiz_course, with_activity
from tests.viewing import restored_from
from webapp.content.lookups import activities_of
from webapp.models import CourseRole


def restored(members):
    return restored_from(members if isinstance(members, bytes) else pack_tgz(members))


def address(course, name):
    found = next(one for one in activities_of(course.version_id) if one.name == name)
    return f"/courses/{course.id}/activities/{found.id}"


@pytest.fixture(params=[True, False], ids=["Moodle 4", "before"])
def course(app, request):
    return restored(small_course() | {"questions.xml": bank(modern=request.param)})


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher(course=course, course_role=CourseRole.TEACHER))


def question(soup, name):
    return next(one for one in soup.select("article") if text(one.h3) == name)


def answers(soup, name):
    return [text(one) for one in question(soup, name).select(".answers li")]


RIGHT = {
    "multichoice": ["The North Sea Counts 50% Cold.", "The desert Counts −50%"],
    "truefalse": ["True Right", "False"],
    "shortanswer": ["<b>ebb* Right"],
    "numerical": ["12 ± 0.5 Right"],
    "match": ["flood rising Right", "dry Belongs to nothing"],
    "ddwtos": ["cow Fits no gap", "[[2]] tide Right"],
    "gapselect": ["[[1]] gap word Right"],
    "calculated": ["{a} + 1 ± 0.01 Right"],
    "ordering": ["1. dawn Right", "2. dusk Right"],
    "ddimageortext": ["Place 1 (at 10, 20) buoy Right", "cactus Belongs nowhere"],
    "ddmarker": ["Circle at 5,5;3 pier Right"],
}
WORDS = {
    "multichoice": ["Several answers", "After a right answer All found."],
    "shortanswer": ["Capital and small letters count"],
    "numerical": ["Units: hours"],
    "calculated": ["{a}: 2 values from 2.5 to 4"],
    "essay": ["At least 50 words · Files allowed: 2 · A person marks it", "Look for dates."],
    "description": ["A text, no question"],
    "randomsamatch": ["Matches 3 short answers drawn from its category and those below it"],
    "crossword": ["Of the type “crossword”", "kelp forest"],
    "multianswer": [
        "Question 1 in it: A part", "cork Right", "1 question in it is not in the archive."
    ],
}  # fmt: skip


def test_each_type_says_what_is_right(page, course, teacher):
    soup = page(f"/courses/{course.id}/questions?category=81")

    assert {kind: answers(soup, f"About {kind}") for kind in RIGHT} == RIGHT
    assert not soup.select("article script")


def test_each_type_says_how_it_is_asked(page, course, teacher):
    soup = page(f"/courses/{course.id}/questions?category=81")

    for kind, said in WORDS.items():
        shown = text(question(soup, f"About {kind}"))
        assert [words for words in said if words not in shown] == []


def test_the_categories_stand_in_a_tree_with_their_counts(page, course, teacher):
    soup = page(f"/courses/{course.id}/questions")

    outer = soup.select_one(".categories > li")
    assert text(outer.a) == "Tides"
    assert text(outer.select_one("li")) == "Spring tides 0 questions"
    assert "This course" in [text(one) for one in soup.select("h2")]
    assert "top" not in [text(one) for one in soup.select(".categories a")]


def test_a_category_of_no_questions_says_so(page, course, teacher):
    assert "no questions in this category" in page(f"/courses/{course.id}/questions?category=82").text


def test_a_category_that_is_not_there_is_not_found(client, course, teacher):
    for number in ("99", "x", "-1", str(10**30)):
        assert client.get(f"/courses/{course.id}/questions?category={number}").status_code == 404


def test_a_course_without_a_bank_says_so(page, app, sign_in_as):
    course = make_course("BARE")
    sign_in_as(make_teacher(course=course))

    assert "No question bank came with this course." in page(f"/courses/{course.id}/questions").text


def test_the_bank_is_not_for_pupils(client, course, sign_in_as):
    sign_in_as(make_person(course=course))

    assert client.get(f"/courses/{course.id}/questions").status_code == 403
    sign_in_as(make_person())
    assert client.get(f"/courses/{course.id}/questions").status_code == 404


def test_a_large_category_goes_by_pages(page, app, sign_in_as):
    members = quiz_course([])
    before, entry, after = parts(members["questions.xml"], b'<question_bank_entry id="201">')
    many = b"".join(
        entry.replace(b"201<", b"%d<" % one).replace(b'"201"', b'"%d"' % one) for one in range(5000, 5120)
    )
    course = restored(members | {"questions.xml": before + many + after})
    sign_in_as(make_teacher(course=course))

    last = page(f"/courses/{course.id}/questions?category=81&page=3")

    assert len(last.select("article")) == 21
    assert "Question 5119" in last.text
    assert page(f"/courses/{course.id}/questions?category=81&page={10**30}").select("article")


def parts(content, start):
    end = b"</question_bank_entry>"
    first = content.index(start)
    last = content.index(end, first) + len(end)
    return content[:first], content[first:last], content[last:]


def test_a_quiz_shows_its_questions_in_order(page, app, sign_in_as):
    course = restored(quiz_course([fixed(204), drawn(81, below=True), fixed(999), drawn(7)]))
    sign_in_as(make_teacher(course=course))

    soup = page(address(course, "Check yourself"))

    assert [text(one.h3) for one in soup.select("article")] == [
        "1. Question 204",
        "2. Any question of “Tides” or the categories in it",
        "3. A question that is not in this course",
        "4. Any question of a category that is not in this course",
    ]
    assert soup.find("a", string="Everything that is kept of it")["href"].endswith("?all=1")


@pytest.mark.parametrize(
    "condition",
    [
        json.dumps({"questioncategoryid": "83", "includingsubcategories": "0", "tags": ["5,windy"]}),
        json.dumps({"filter": {"category": {"values": ["83"]}}}),
    ],
)
def test_where_a_question_is_drawn_from_is_read_in_each_form(page, app, sign_in_as, condition):
    content = leaves(questionscontextid=COURSE_CONTEXT, filtercondition=condition)
    course = restored(quiz_course([node("question_set_reference", content, id=5)]))
    sign_in_as(make_teacher(course=course))

    soup = page(address(course, "Check yourself"))

    assert text(soup.select_one("article h3")) == "1. Any question of “Winds”"
    assert ("windy" in soup.text) == ("windy" in condition)


@pytest.mark.parametrize(
    "condition", ["no json", "[]", '{"filter": 3}', '{"filter": {"category": {"values": {}}}}']
)
def test_a_damaged_condition_hurts_nobody(page, app, sign_in_as, condition):
    content = leaves(questionscontextid=COURSE_CONTEXT, filtercondition=condition)
    course = restored(quiz_course([node("question_set_reference", content, id=5)]))
    sign_in_as(make_teacher(course=course))

    assert "a category that is not in this course" in page(address(course, "Check yourself")).text


def old_quiz(slots, **settings):
    """A quiz as it was before Moodle 4.0, on the bank of that time."""
    members = small_course() | {"questions.xml": bank(modern=False)}
    own = leaves(name="Old quiz", intro="", introformat=1, **settings)
    slots = [node("question_instance", leaves(**slot), id=number) for number, slot in enumerate(slots, 1)]
    quiz = node("quiz", [*own, node("question_instances", slots)], id=54)
    members |= activity_documents("quiz", 44, 54, 74, quiz, True)
    return members | {
        "moodle_backup.xml": with_activity(members["moodle_backup.xml"], "quiz", 44, "Old quiz")
    }


def test_a_quiz_of_before_Moodle_4_shows_its_questions_too(page, app, sign_in_as):
    slots = [
        {"slot": 2, "page": 2, "questionid": 1301, "maxmark": "1.0"},
        {"slot": 1, "page": 1, "questionid": 1102, "maxmark": "5.0"},
    ]
    course = restored(old_quiz(slots))
    sign_in_as(make_teacher(course=course))

    soup = page(address(course, "Old quiz"))

    assert [text(one.h3) for one in soup.select("article")] == [
        "1. About truefalse",
        "2. Any question of “Tides” or the categories in it",
    ]
    assert "Counts 5 points here" in soup.text


def test_the_oldest_order_of_questions_is_kept(page, app, sign_in_as):
    slots = [{"question": 1103, "grade": "1"}, {"question": 1102, "grade": "1"}]
    course = restored(old_quiz(slots, questions="1102,0,1103,0"))
    sign_in_as(make_teacher(course=course))

    soup = page(address(course, "Old quiz"))

    assert [text(one.h3) for one in soup.select("article")] == ["1. About truefalse", "2. About shortanswer"]


def test_a_password_is_never_shown(page, app, sign_in_as):
    course = restored(old_quiz([], password="sesame 7", timelimit=1800))
    sign_in_as(make_teacher(course=course))

    soup = page(address(course, "Old quiz"))

    assert "needed; not shown here" in soup.text
    assert "30 minutes" in soup.text
    assert "sesame" not in str(soup)


def test_teachers_see_attempts_and_pupils_only_how_it_goes(page, app, sign_in_as):
    course = restored(corpus_file("tide101-4.5-users").read_bytes())
    quiz = address(course, "Quiz: words of the water")
    sign_in_as(make_teacher(course=course, course_role=CourseRole.TEACHER))

    soup = page(quiz)

    assert "Élodie Quaymont" in text(soup.select_one("table"))
    assert answers(soup, "1. Cause of the tide")[0] == "The moon 🌙 Right Right."
    assert soup.select_one("article img")["src"].endswith("/question/questiontext/22/moon.png")
    sign_in_as(make_person(course=course))
    soup = page(quiz)
    assert "2 attempts" in soup.text
    assert not soup.select("article, table")
    assert "Élodie" not in soup.text
    assert "moon" not in soup.text


@pytest.mark.parametrize(
    "name",
    [
        "fixture-3.5-question-categories",
        "fixture-pre4-dot-slash-names",
        "fixture-3.10-attempts-missing-users",
    ],
)
def test_the_bank_and_the_quizzes_of_other_moodles_open(page, app, sign_in_as, name):
    course = restored(corpus_file(name).read_bytes())
    sign_in_as(make_teacher(course=course))

    soup = page(f"/courses/{course.id}/questions")
    for link in soup.select(".categories a"):
        page(link["href"])
    for one in activities_of(course.version_id):
        assert "How it goes" in page(f"/courses/{course.id}/activities/{one.id}").text or one.type != "quiz"

    assert soup.select(".categories a")
