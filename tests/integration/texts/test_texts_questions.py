"""Changing questions of the bank, of every type, as Moodle 4 keeps them and as the Moodles before did."""

import re

import pytest

from tests.archives import pack_tgz, small_course
from tests.factories import make_person, make_teacher
from tests.pages import form_data, parse, text
from tests.question_bank import OWN, bank
from tests.quiz_course import fixed, quiz_course
from tests.restored import backed_up, root
from tests.viewing import address_in, restored_from
from tests.written import edit_links, kept, send, the_form
from webapp.models import CourseRole


def restored(members):
    return restored_from(pack_tgz(members))


@pytest.fixture(params=[True, False], ids=["Moodle 4", "before"])
def course(app, request):
    course = restored(
        small_course() | {"questions.xml": _with_stamps(bank(modern=request.param), request.param)}
    )
    course.is_modern = request.param
    return course


@pytest.fixture
def teacher(course, sign_in_as):
    return sign_in_as(make_teacher(course=course))


def _with_stamps(questions, modern):
    """What every real question has, and by which a Moodle takes it for one that it knows."""
    more = "<stamp>school+1</stamp>" + ("" if modern else "<version>school+v1</version><hidden>0</hidden>")
    held = "<generalfeedback></generalfeedback><generalfeedbackformat>1</generalfeedbackformat>"
    return questions.replace(b"<qtype>", f"{held}<timemodified>5</timemodified>{more}<qtype>".encode())


def bank_page(page, course):
    return page(f"/courses/{course.id}/questions?category=81")


def form_of(page, course, kind):
    soup = bank_page(page, course)
    article = next(one for one in soup.select("article") if text(one.h3) == f"About {kind}")
    return page(edit_links_of(article)[0])


def edit_links_of(article):
    return [one["href"] for one in article.select("a") if re.search(r"/questions/\d+/\d+", one["href"])]


def questions(course, by):
    """The questions of the next backup, by their types."""
    found = root(backed_up(course, by), "questions.xml").iter("question")
    return {one.findtext("qtype"): one for one in found if (one.findtext("name") or "").startswith("About ")}


def question(course, by, kind):
    return questions(course, by)[kind]


def said(element):
    """All that an element says, leaf by leaf."""
    return [(one.tag, one.text or "") for one in element.iter() if not len(one)]


#: By type: a leaf of its own, as the form names it, and where that is kept.
OWN_LEAVES = {
    "multichoice": ("answers_answer_1_answertext", "answers/answer[1]/answertext"),
    "shortanswer": ("answers_answer_answertext", "answers/answer/answertext"),
    "numerical": ("answers_answer_answertext", "answers/answer/answertext"),
    "calculated": ("answers_answer_answertext", "answers/answer/answertext"),
    "match": ("matches_match_1_answertext", "matches/match[1]/answertext"),
    "essay": ("essay_graderinfo", "essay/graderinfo"),
    "ddwtos": ("answers_answer_2_answertext", "answers/answer[2]/answertext"),
    "gapselect": ("answers_answer_answertext", "answers/answer/answertext"),
    "ordering": ("answers_answer_1_answertext", "answers/answer[1]/answertext"),
    "ddimageortext": ("drags_drag_1_label", "drags/drag[1]/label"),
    "ddmarker": ("drags_drag_label", "drags/drag/label"),
    "truefalse": ("answers_answer_1_feedback", "answers/answer[1]/feedback"),
}


def test_a_leaf_of_each_type_is_changed_and_nothing_else(page, client, course, teacher):
    before = questions(course, teacher)
    typed = {kind: "6.4" if kind == "numerical" else "Changed" for kind in OWN_LEAVES}

    for kind, (field, _) in OWN_LEAVES.items():
        name = f"plugin_qtype_{kind}_question_{field}"
        assert send(client, form_of(page, course, kind), **{name: typed[kind]}).status_code == 303, kind

    after, identity = questions(course, teacher), "stamp" if course.is_modern else "version"
    for kind, (_, path) in OWN_LEAVES.items():
        pairs = zip(said(before[kind]), said(after[kind]), strict=True)
        changed = sorted(one[0] for one, other in pairs if one != other)
        assert after[kind].findtext(f"plugin_qtype_{kind}_question/{path}") == typed[kind]
        assert changed == sorted([path.rpartition("/")[2], "timemodified", identity]), kind
    assert [kind for kind in OWN if kind not in OWN_LEAVES and said(before[kind]) != said(after[kind])] == []


def test_a_question_that_comes_back_as_it_was_stays_the_same_one(page, client, course, teacher):
    before = kept(course)

    for kind in OWN:
        assert send(client, form_of(page, course, kind)).status_code == 303

    assert kept(course) == before


def test_what_holds_groups_and_places_is_no_text(page, course, teacher):
    asked = {
        kind: set(form_data(the_form(form_of(page, course, kind))))
        for kind in ("ddwtos", "gapselect", "ordering")
    }

    for kind, fields in asked.items():
        own = {one.removeprefix(f"plugin_qtype_{kind}_question_") for one in fields}
        assert not [one for one in own if one.endswith(("_feedback", "_fraction"))], kind


def test_of_a_plugins_question_the_texts_are_changed_that_every_question_has(page, client, course, teacher):
    soup = form_of(page, course, "crossword")
    assert set(form_data(the_form(soup))) == {"csrf_token", "mark", "name", "questiontext", "generalfeedback"}

    send(client, soup, questiontext="<p>Fill it in</p>")

    after = question(course, teacher, "crossword")
    assert after.findtext("questiontext") == "<p>Fill it in</p>"
    assert after.findtext("plugin_qtype_crossword_question/crossword/hidden_word") == "kelp forest"


def test_a_part_of_another_question_and_a_drawn_one_are_changed_nowhere(page, client, course, teacher):
    soup = bank_page(page, course)
    for article in soup.select("article"):
        if text(article.h3) in ("A part", "Random (Tides)"):
            assert edit_links_of(article) == []
    (whole,) = edit_links_of(
        next(one for one in soup.select("article") if text(one.h3) == "About multianswer")
    )

    assert client.get(re.sub(r"/\d+\?.*", "/1201", whole)).status_code == 404
    assert client.get(f"/courses/{course.id}/questions/{10**15}/1101").status_code == 404


def test_what_answers_count_has_to_go_together(page, client, course, teacher):
    before = kept(course)
    share = "plugin_qtype_multichoice_question_answers_answer_1_fraction"
    verdict = "plugin_qtype_truefalse_question_answers_answer_1_fraction"

    for kind, changes, sentence in (
        ("multichoice", {share: "0.2500000"}, "The right answers count 25% together. It has to be 100%."),
        ("truefalse", {verdict: "0.0000000"}, "One of the answers has to count 100%."),
        ("multichoice", {share: "7"}, "Not a valid choice."),
    ):
        answer = send(client, form_of(page, course, kind), **changes)

        assert answer.status_code == 422
        assert sentence in answer.text
    assert kept(course) == before


def test_the_other_answer_becomes_the_right_one(page, client, course, teacher):
    answers = "plugin_qtype_truefalse_question_answers_answer"
    soup = form_of(page, course, "truefalse")
    assert [text(one) for one in soup.select("legend")] == ["Answer “True”", "Answer “False”"]

    send(client, soup, **{f"{answers}_1_fraction": "0.0000000", f"{answers}_2_fraction": "1.0000000"})

    after = question(course, teacher, "truefalse").findall("plugin_qtype_truefalse_question/answers/answer")
    assert [float(one.findtext("fraction")) for one in after] == [0, 1]


def test_the_gaps_of_a_text_stay_in_it(page, client, course, teacher):
    gaps = {"multianswer": "{#1}", "ddwtos": "[[2]]", "gapselect": "[[1]]"}

    for kind, gap in gaps.items():
        answer = send(client, form_of(page, course, kind), questiontext="No gap")
        assert answer.status_code == 422
        assert f"Keep these as they are, each once: {gap}. They are the gaps." in text(
            parse(answer.text).main
        )
        assert send(client, form_of(page, course, kind), questiontext=f"So {gap} it is").status_code == 303

    after = questions(course, teacher)
    assert {kind: after[kind].findtext("questiontext") for kind in gaps} == {
        kind: f"So {gap} it is" for kind, gap in gaps.items()
    }


@pytest.mark.parametrize(
    ("role", "status"), [(CourseRole.STUDENT, 403), (CourseRole.TEACHER, 403), (None, 404)]
)
def test_only_those_who_edit_the_course_change_questions(
    page, client, course, teacher, sign_in_as, role, status
):
    (address,) = edit_links_of(bank_page(page, course).select_one("article"))
    sign_in_as(make_person(course=course, course_role=role) if role else make_person())

    assert (client.get(address).status_code, client.post(address).status_code) == (status, status)
    if role == CourseRole.TEACHER:
        assert edit_links(bank_page(page, course)) == []


def test_one_comes_back_to_the_page_of_the_bank(page, client, course, teacher):
    soup = bank_page(page, course)
    (address,) = edit_links_of(soup.select_one("article"))

    location = send(client, page(address), name="Seas").location

    place, _, anchor = location.partition("#")
    assert place == f"/courses/{course.id}/questions?category=81&page=1"
    assert page(place).find(id=anchor).h3.text == "Seas"


ATTEMPT = (
    "<question_usage id='1'><question_attempts><question_attempt id='2'><questionid>1201</questionid>"
    "</question_attempt></question_attempts></question_usage>"
)


def test_who_changes_what_was_answered_is_told_that_results_stay(page, client, app, sign_in_as):
    members = quiz_course([fixed(201), fixed(202)])
    name = "activities/quiz_44/quiz.xml"
    attempts = f"<attempts><attempt id='9'><userid>101</userid>{ATTEMPT}</attempt></attempts>"
    members[name] = re.sub(rb"<attempts>\s*</attempts>", attempts.encode(), members[name])
    course = restored(members)
    teacher = sign_in_as(make_teacher(course=course))
    before = backed_up(course, teacher)[name]
    quiz = address_in(course, "Check yourself")
    first, second = [page(link) for link in edit_links(page(quiz)) if "slot=" in link]

    assert "People have answered this question." in first.text
    assert "People have answered this question." not in second.text
    assert send(client, first, questiontext="<p>Anew</p>").location == f"{quiz}#slot-1"

    after = backed_up(course, teacher)
    assert after[name] == before
    assert "<p>Anew</p>" in [
        one.findtext("questiontext") for one in root(after, "questions.xml").iter("question")
    ]
