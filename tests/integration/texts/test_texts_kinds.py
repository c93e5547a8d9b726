"""What is edited of lesson pages and of a workshop's form depends on their kind."""

import pytest

from tests.factories import make_teacher
from tests.pages import form_data, text
from tests.restored import backed_up, root
from tests.viewing import MODULE, address_in, own, parsed, restored_with
from tests.written import edit_links, send, the_form


def answer(number, said, response="$@NULL@$"):
    return (
        f"<answer id='{number}'><answer_text>{said}</answer_text><answerformat>1</answerformat>"
        f"<response>{response}</response><responseformat>1</responseformat><timemodified>0</timemodified>"
        "<attempts></attempts></answer>"
    )


def a_lesson(kind, *answers):
    page = (
        f"<page id='4'><prevpageid>0</prevpageid><nextpageid>0</nextpageid><qtype>{kind}</qtype><title>Knots</title>"
        f"<contents>Tie it</contents><contentsformat>1</contentsformat><answers>{''.join(answers)}</answers></page>"
    )
    return restored_with("lesson", [*own(), *parsed(f"<pages>{page}</pages>")])


def answers_of(course, by):
    found = root(backed_up(course, by), f"activities/lesson_{MODULE}/lesson.xml").iter("answer")
    return [(one.findtext("answer_text"), one.findtext("response")) for one in found]


ANSWERS = (answer(1, "Yes", "Well done"), answer(2, "No"), answer(3, "bowline", "loop"))
#: By kind of page: what its answers are called, and which of their texts are written in the editor.
KINDS = {
    1: (["Answer 1", "Answer 2", "Answer 3"], {"response"}),
    3: (["Answer 1", "Answer 2", "Answer 3"], {"answer_text", "response"}),
    5: (["Said when all is right", "Said when not all is right", "Pair 1"], {"answer_text"}),
    20: (["Button 1", "Button 2", "Button 3"], set()),
    10: ([], set()),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_answers_of_a_lesson_page_are_edited_as_its_kind_has_them(page, app, sign_in_as, kind):
    course = a_lesson(kind, *ANSWERS)
    sign_in_as(make_teacher(course=course))
    (link,) = edit_links(page(address_in(course)))

    soup = page(link)

    assert [text(one) for one in soup.select("legend")] == KINDS[kind][0]
    edited = {one["name"] for one in soup.select("textarea[data-editor]")} - {"contents"}
    assert {name.partition("answer_")[2].lstrip("0123456789_") for name in edited} == KINDS[kind][1]


def test_one_answer_of_a_lesson_page_is_changed_and_the_others_stay(page, client, app, sign_in_as):
    course = a_lesson(5, *ANSWERS, answer(4, "reef", "square"))
    teacher = sign_in_as(make_teacher(course=course))
    soup = page(edit_links(page(address_in(course)))[0])

    send(client, soup, answers_answer_4_response="flat", answers_answer_1_answer_text="<p>All found</p>")

    assert answers_of(course, teacher) == [
        ("<p>All found</p>", "Well done"), ("No", "$@NULL@$"), ("bowline", "loop"), ("reef", "flat"),
    ]  # fmt: skip


def test_a_feedback_question_of_a_plugin_is_renamed_and_keeps_all_else(page, client, app, sign_in_as):
    item = (
        "<item id='3'><template>0</template><name>How windy was it?</name><label>wind</label>"
        "<presentation>0|12</presentation><typ>beaufort</typ><hasvalue>1</hasvalue><position>1</position>"
        "<required>0</required><dependitem>0</dependitem><dependvalue></dependvalue><options></options></item>"
    )
    course = restored_with("feedback", [*own(), *parsed(f"<items>{item}</items>")])
    teacher = sign_in_as(make_teacher(course=course))
    (link,) = edit_links(page(address_in(course)))

    send(client, page(link), name="How strong was the wind?")

    (kept,) = root(backed_up(course, teacher), f"activities/feedback_{MODULE}/feedback.xml").iter("item")
    texts = {name: kept.findtext(name) for name in ("name", "label", "presentation", "typ")}
    assert texts == {
        "name": "How strong was the wind?", "label": "wind", "presentation": "0|12", "typ": "beaufort",
    }  # fmt: skip


DIMENSIONS = {
    "accumulative": "",
    "comments": "",
    "numerrors": "<grade0>No</grade0><grade1>Yes</grade1>",
    "rubric": "".join(
        f"<workshopform_rubric_level id='{one}'><grade>{one}.0</grade><definition>Level</definition>"
        "<definitionformat>1</definitionformat></workshopform_rubric_level>"
        for one in (1, 2)
    ),
}


@pytest.mark.parametrize("strategy", DIMENSIONS)
def test_the_form_of_a_workshop_is_changed_aspect_by_aspect(page, client, app, sign_in_as, strategy):
    aspect = f"workshopform_{strategy}_dimension"
    form = parsed(
        f"<subplugin_workshopform_{strategy}_workshop><{aspect} id='6'><sort>1</sort><description>Dates</description>"
        f"<descriptionformat>1</descriptionformat>{DIMENSIONS[strategy]}</{aspect}>"
        f"</subplugin_workshopform_{strategy}_workshop>"
    )
    course = restored_with("workshop", [*own(strategy=strategy, phase=10), *form])
    teacher = sign_in_as(make_teacher(course=course))
    (link,) = edit_links(page(address_in(course)))
    soup = page(link)
    fields = [name for name in form_data(the_form(soup)) if name not in ("csrf_token", "mark")]

    send(client, soup, **{name: f"Now {name}" for name in fields})

    after = root(backed_up(course, teacher), f"activities/workshop_{MODULE}/workshop.xml").find(
        f".//{aspect}"
    )
    assert after.findtext("description") == "Now description"
    said = [one.text for one in after.iter() if (one.text or "").startswith("Now ")]
    assert len(said) == len(fields) == {"numerrors": 3, "rubric": 3}.get(strategy, 1)


def test_an_example_of_a_workshop_is_the_courses_to_change(page, client, app, sign_in_as):
    example = (
        "<examplesubmissions><examplesubmission id='8'><title>A good one</title><content>Sea</content>"
        "<contentformat>1</contentformat></examplesubmission></examplesubmissions>"
    )
    course = restored_with("workshop", [*own(strategy="none", phase=10), *parsed(example)])
    teacher = sign_in_as(make_teacher(course=course))
    (link,) = edit_links(page(address_in(course)))

    answer = send(client, page(link), title="A better one")

    assert answer.location.endswith("#example-8")
    path = f"activities/workshop_{MODULE}/workshop.xml"
    assert root(backed_up(course, teacher), path).find(".//examplesubmission/title").text == "A better one"
