"""Questions and slots of Moodle 4, in the form that the Moodles before it read."""

import json
from itertools import count

import pytest
from lxml import etree

from jobs.archive.questions.losses import Loss, sentences
from jobs.archive.questions.old import OldBank, age_bank
from jobs.archive.questions.old_quiz import QuizAging, age_module

SKELETON = """<question_categories>
<question_category id="80"><name>top</name><contextid>70</contextid><parent>0</parent><stamp>t</stamp>
<question_bank_entries/></question_category>
<question_category id="81"><name>Tides</name><contextid>70</contextid><parent>80</parent><stamp>c</stamp>
<question_bank_entries><?rows 1?></question_bank_entries></question_category></question_categories>"""
DIALECT = {"2.6": 2013111800, "2.8": 2014111000, "3.10": 2020110900}


def entry(*versions, owner=5, idnumber="Q1"):
    held = "".join(
        f"""<question_versions id="{number}"><version>{version}</version><status>{status}</status><questions>
        <question id="{number}"><name>N</name><stamp>s{number}</stamp><createdby>5</createdby><modifiedby>5</modifiedby>
        <tags><tag id="3"><name>spring</name></tag></tags></question></questions></question_versions>"""
        for number, version, status in versions
    )
    return etree.fromstring(
        f"""<question_bank_entry id="19"><questioncategoryid>81</questioncategoryid><idnumber>{idnumber}</idnumber>
        <ownerid>{owner}</ownerid><question_version>{held}</question_version></question_bank_entry>"""
    )


def quiz(*slots):
    held = "".join(
        f"""<question_instance id="{number}"><slot>{number}</slot><page>{(number + 1) // 2}</page>
        <requireprevious>0</requireprevious><maxmark>2.0</maxmark>{slot}</question_instance>"""
        for number, slot in enumerate(slots, 1)
    )
    return etree.fromstring(
        f"<activity><quiz><navmethod>free</navmethod><question_instances>{held}</question_instances></quiz></activity>"
    )


def fixed(number, version="$@NULL@$"):
    return f"""<question_reference><questionbankentryid>{number}</questionbankentryid><version>{version}</version>
    </question_reference>"""


def drawn(**condition):
    return f"""<question_set_reference><filtercondition>{json.dumps(condition)}</filtercondition>
    </question_set_reference>"""


def filtered(category=81, deep=False, **others):
    values = {"jointype": 1, "values": [category], "filteroptions": {"includesubcategories": deep}}
    return drawn(filter={"category": values, **others})


def aged(activity, *versions, dialect="3.10"):
    """What becomes of a quiz beside an entry with these versions, and the slots in it."""
    bank = OldBank.of(etree.fromstring(SKELETON))
    bank.questions_of(entry(*versions or [(16, 1, "ready")]))
    aging = QuizAging(bank, DIALECT[dialect], count(1000).__next__)
    aging.age(activity)
    return aging, activity.findall("quiz/question_instances/question_instance")


def test_an_entry_becomes_its_question():
    (question,) = OldBank().questions_of(entry((16, 1, "ready")))

    leaves = {one.tag: one.text for one in question if one.tag != "tags"}
    assert leaves == {
        "name": "N", "stamp": "s16", "version": "s16", "hidden": "0", "createdby": "5", "modifiedby": "5",
        "idnumber": "Q1",
    }  # fmt: skip


def test_older_versions_become_hidden_questions_without_the_number_that_only_one_may_have():
    bank = OldBank()

    questions = bank.questions_of(entry((16, 1, "ready"), (17, 3, "draft"), (18, 2, "ready")))

    found = {one.get("id"): (one.findtext("hidden"), one.findtext("idnumber")) for one in questions}
    assert found == {"18": ("0", "Q1"), "16": ("1", "$@NULL@$"), "17": ("1", "$@NULL@$")}
    assert bank.newest == {"19": "18"}
    assert (bank.losses[Loss.VERSIONS], bank.losses[Loss.DRAFTS], bank.losses[Loss.OWNERS]) == (2, 1, 0)


def test_a_hidden_entry_stays_hidden():
    (question,) = OldBank().questions_of(entry((16, 1, "hidden")))

    assert question.findtext("hidden") == "1"


def test_who_owns_a_question_and_wrote_none_of_it_is_told_of():
    bank = OldBank()

    bank.questions_of(entry((16, 1, "ready"), owner=9))

    assert sentences(bank.losses) == [
        "Questions that belong to somebody other than who wrote them: 1. They belong to who wrote them."
    ]


@pytest.mark.parametrize(
    ("with_tops", "expected"), [(True, [("80", "0"), ("81", "80")]), (False, [("81", "0")])]
)
def test_categories_on_top_go_where_the_course_has_none(with_tops, expected):
    bank = etree.fromstring(SKELETON)

    age_bank(bank, with_tops=with_tops)

    categories = bank.findall("question_category")
    assert [(one.get("id"), one.findtext("parent")) for one in categories] == expected
    assert all(one.find("questions") is not None for one in categories)
    assert bank.find("question_category/question_bank_entries") is None


def test_a_slot_names_the_newest_question_or_the_one_of_its_version():
    _, slots = aged(quiz(fixed(19), fixed(19, 1), fixed(19, 7)), (16, 1, "ready"), (18, 2, "ready"))

    assert [one.findtext("questionid") for one in slots] == ["18", "16", "18"]
    assert [one.tag for one in slots[0]] == [
        "slot", "page", "requireprevious", "questionid", "questioncategoryid", "includingsubcategories", "maxmark",
        "tags",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "slot",
    [
        drawn(questioncategoryid="81", includingsubcategories=1, tags=["3,spring"]),
        filtered(deep=True, qtagids={"jointype": 2, "values": ["3"]}),
    ],
)
def test_a_random_slot_gets_a_random_question_in_the_category(slot):
    aging, (found,) = aged(quiz(slot))

    ((category, question),) = aging.randoms
    assert (category, question.findtext("qtype"), question.findtext("questiontext")) == ("81", "random", "1")
    assert question.findtext("parent") == question.get("id") == found.findtext("questionid")
    assert (found.findtext("questioncategoryid"), found.findtext("includingsubcategories")) == ("81", "1")
    assert [(one.findtext("tagid"), one.findtext("tagname")) for one in found.iterfind("tags/tag")] == [
        ("3", "spring")
    ]
    assert found.find("question_set_reference") is None
    assert not sentences(aging.bank.losses)


@pytest.mark.parametrize(
    ("slot", "loss"),
    [
        (filtered(qtagids={"jointype": 1, "values": ["3", "4"]}), Loss.FILTERS),
        (filtered(qtagids={"jointype": 2, "values": ["77"]}), Loss.TAGS),
        (filtered(state={"values": ["new"]}), Loss.FILTERS),
        (filtered(category=99), Loss.NOWHERE),
        (fixed(99), Loss.NOWHERE),
        ("<displaynumber>1a</displaynumber>" + fixed(19), Loss.NUMBERS),
    ],
)
def test_what_the_older_moodle_cannot_say_is_told_of(slot, loss):
    aging, _ = aged(quiz(slot))

    assert +aging.bank.losses == {loss: 1}


def test_a_slot_whose_question_is_not_there_keeps_what_it_says():
    _, (slot,) = aged(quiz(fixed(99)))

    assert slot.findtext("question_reference/questionbankentryid") == "99"
    assert slot.find("questionid") is None


def test_moodle_2_8_has_the_question_alone_in_a_slot():
    _, (slot,) = aged(quiz(filtered()), dialect="2.8")

    assert [one.tag for one in slot] == ["slot", "page", "requireprevious", "questionid", "maxmark"]


def test_before_2_7_a_list_of_the_quiz_gives_the_order_and_the_pages():
    activity = quiz(fixed(19), filtered(), fixed(19))

    _, slots = aged(activity, dialect="2.6")

    assert activity.findtext("quiz/questions") == "16,1000,0,16,0"
    assert [{one.tag: one.text for one in slot} for slot in slots[:2]] == [
        {"question": "16", "grade": "2.0"},
        {"question": "1000", "grade": "2.0"},
    ]
    assert activity.findtext("quiz/shufflequestions") == "0"


def test_the_module_says_that_the_quiz_is_an_old_one_and_the_quiz_that_it_is_to_be_passed():
    activity = etree.fromstring("<activity><quiz><name>Q</name></quiz></activity>")
    module = etree.fromstring(
        "<module version='2024100700'><completionpassgrade>1</completionpassgrade></module>"
    )

    age_module(module, activity, DIALECT["3.10"])

    assert module.get("version") == "2020110900"
    assert activity.findtext("quiz/completionpass") == "1"


def test_what_nobody_has_declared_goes_to_the_question_and_to_the_slot():
    bank, one = OldBank.of(etree.fromstring(SKELETON)), entry((16, 1, "ready"), (18, 2, "ready"))
    for number, holder in enumerate(
        one.iter("question_bank_entry", "question_version", "question_versions", "questions")
    ):
        etree.SubElement(holder, "plugin_local_tide", {"id": str(number)})
    slot = fixed(19).replace("</question_reference>", "<plugin_local_tide id='9'/></question_reference>")

    questions = {one.get("id"): one for one in bank.questions_of(one)}
    activity = quiz(slot)
    QuizAging(bank, DIALECT["2.8"], count(1000).__next__).age(activity)

    kept = {
        number: sorted(part.get("id") for part in one.iter("plugin_local_tide"))
        for number, one in questions.items()
    }
    assert kept == {"16": ["2", "3"], "18": ["0", "1", "4", "5"]}
    assert [
        one.get("id")
        for one in activity.iterfind("quiz/question_instances/question_instance/plugin_local_tide")
    ] == ["9"]
