"""What is edited of answers: options of a feedback's question, numbers and how exact they have to be."""

from xml.sax.saxutils import escape

import pytest

from tests.archives import pack_tgz, small_course
from tests.factories import make_teacher
from tests.pages import form_data
from tests.question_bank import bank
from tests.restored import backed_up, root
from tests.viewing import MODULE, address_in, own, parsed, restored_from, restored_with
from tests.written import edit_links, kept, send, the_form


def item(number, kind, presentation, depends=0, on=""):
    return (
        f"<item id='{number}'><template>0</template><name>Question {number}</name><label></label>"
        f"<presentation>{escape(presentation)}</presentation><typ>{kind}</typ><hasvalue>1</hasvalue>"
        f"<position>{number}</position><required>0</required><dependitem>{depends}</dependitem>"
        f"<dependvalue>{on}</dependvalue><options>h</options></item>"
    )


ITEMS = (
    item(3, "multichoice", "r>>>>>Too short| Just right|Too long<<<<<1"),
    item(4, "multichoicerated", "d>>>>>1####Poor|5####Very good"),
    item(5, "textfield", "20|30", depends=3, on="Too long"),
    item(6, "textfield", "20|30", depends=3, on="Too short"),
    item(7, "textfield", "20|30", depends=4, on="Too long"),
)


@pytest.fixture
def asked(app, sign_in_as):
    """A course with a feedback, its teacher, and the links that lead to the forms of its questions."""
    course = restored_with("feedback", [*own(), *parsed(f"<items>{''.join(ITEMS)}</items>")])
    return course, sign_in_as(make_teacher(course=course))


def form_of(page, course, place):
    return page(edit_links(page(address_in(course)))[place])


def items(course, by):
    found = root(backed_up(course, by), f"activities/feedback_{MODULE}/feedback.xml").iter("item")
    return {int(one.get("id")): one for one in found}


def test_options_are_renamed_and_added_and_the_others_stay_as_they_are_written(page, client, asked):
    course, teacher = asked
    soup = form_of(page, course, 0)
    assert form_data(the_form(soup))["presentation"] == "Too short\nJust right\nToo long"

    send(client, soup, presentation="Too short\r\nJust right\r\nFar too long\r\nI was not there\r\n")

    kept_now = items(course, teacher)
    assert kept_now[3].findtext("presentation") == (
        "r>>>>>Too short| Just right|Far too long|I was not there<<<<<1"
    )
    assert [kept_now[one].findtext("dependvalue") for one in (5, 6, 7)] == [
        "Far too long",
        "Too short",
        "Too long",
    ]


def test_options_with_points_are_typed_with_a_slash(page, client, asked):
    course, teacher = asked

    send(client, form_of(page, course, 1), presentation="1/Poor\n4/Good")

    assert items(course, teacher)[4].findtext("presentation") == "d>>>>>1####Poor|4####Good"


@pytest.mark.parametrize(
    ("place", "typed", "sentence"),
    [
        (0, "Too short\nToo long", "There are 3 options, and answers are counted by their place"),
        (0, "Too short\nA | B\nToo long", "Moodle parts options by |"),
        (1, "1/Poor\nGood", "begin with the points and a slash, like 5/Good"),
    ],
)
def test_options_that_would_mix_up_the_answers_are_refused(page, client, asked, place, typed, sentence):
    course, _ = asked
    before = kept(course)

    answer = send(client, form_of(page, course, place), presentation=typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert kept(course) == before


RECORDS = (
    "<numerical_records><numerical_record id='7'><answer>2</answer><tolerance>0.5</tolerance></numerical_record>"
    "<numerical_record id='8'><answer>1</answer><tolerance>0</tolerance></numerical_record></numerical_records>"
)
PREFIX = "plugin_qtype_numerical_question"


@pytest.fixture
def numbers(app, sign_in_as):
    """A course whose number question has two answers, with their tolerances in another order."""
    own_part = bank(modern=True).split(b"<plugin_qtype_numerical_question>")[1]
    own_part = own_part.split(b"</plugin_qtype_numerical_question>")[0]
    answers = "".join(
        f"<answer id='{number}'><answertext>{said}</answertext><answerformat>0</answerformat>"
        f"<fraction>{share}</fraction><feedback></feedback><feedbackformat>1</feedbackformat></answer>"
        for number, said, share in ((1, "*", "0.0000000"), (2, "6.20", "1.0000000"))
    )
    mine = f"<answers>{answers}</answers>{RECORDS}".encode()
    questions = bank(modern=True).replace(own_part, mine)
    course = restored_from(pack_tgz(small_course() | {"questions.xml": questions}))
    return course, sign_in_as(make_teacher(course=course))


def number_form(page, course):
    soup = page(f"/courses/{course.id}/questions?category=81")
    article = next(one for one in soup.select("article") if "About numerical" in one.h3.text)
    return page(next(one["href"] for one in article.select("a") if "/questions/" in one["href"]))


def number_question(course, by):
    found = root(backed_up(course, by), "questions.xml").iter("question")
    (element,) = [one.find(PREFIX) for one in found if one.findtext("qtype") == "numerical"]
    answers = {one.get("id"): one.findtext("answertext") for one in element.iter("answer") if one.get("id")}
    return answers, {
        one.findtext("answer"): one.findtext("tolerance") for one in element.iter("numerical_record")
    }


def test_a_number_and_its_tolerance_are_changed_together(page, client, numbers):
    course, teacher = numbers
    soup = number_form(page, course)
    shown = form_data(the_form(soup))
    assert shown[f"{PREFIX}_numerical_records_numerical_record_1_tolerance"] == "0.5"

    send(client, soup, **{
        f"{PREFIX}_answers_answer_2_answertext": "6,4",
        f"{PREFIX}_numerical_records_numerical_record_1_tolerance": "0.25",
    })  # fmt: skip

    assert number_question(course, teacher) == ({"1": "*", "2": "6.4"}, {"2": "0.25", "1": "0"})


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("answers_answer_2_answertext", "six", "This is no number. Write one like 6.2"),
        ("numerical_records_numerical_record_1_tolerance", "-1", "Write how far off an answer may be"),
        ("numerical_records_numerical_record_1_tolerance", "*", "Write how far off an answer may be"),
    ],
)
def test_what_is_no_number_is_refused(page, client, numbers, field, typed, sentence):
    course, _ = numbers
    before = kept(course)

    answer = send(client, number_form(page, course), **{f"{PREFIX}_{field}": typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert kept(course) == before
