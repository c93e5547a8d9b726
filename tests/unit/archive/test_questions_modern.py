"""Questions and slots from before Moodle 4.0, in the form that Moodle 4 reads."""

import json

from lxml import etree

from jobs.archive.questions.draws import Draw
from jobs.archive.questions.modern import (
    entry_of,
    is_old,
    modernise_bank,
    modernise_module,
    modernise_quiz,
    random_question,
    undeclared_in,
)

QUESTION = """<question id="16"><parent>0</parent><name>TF2</name><qtype>truefalse</qtype><stamp>s1</stamp>
<version>v1</version><hidden>1</hidden><createdby>5</createdby><idnumber>Q1</idnumber></question>"""


def quiz(slots, questions=""):
    text = f"""<activity id="9" contextid="70"><quiz id="9">{questions}
    <question_instances>{slots}</question_instances></quiz></activity>"""
    return etree.fromstring(text)


def test_a_question_becomes_the_only_version_of_its_entry():
    entry = entry_of(etree.fromstring(QUESTION), "4")

    version = entry.find("question_version/question_versions")
    assert (entry.get("id"), version.get("id"), version.find("questions/question").get("id")) == (
        "16",
        "16",
        "16",
    )
    assert [entry.findtext(name) for name in ("questioncategoryid", "idnumber", "ownerid")] == [
        "4",
        "Q1",
        "5",
    ]
    assert (version.findtext("version"), version.findtext("status")) == ("1", "hidden")
    left = [one.tag for one in version.find("questions/question")]
    assert left == ["parent", "name", "qtype", "stamp", "createdby"]


def test_a_bank_without_questions_is_renamed_as_well():
    bank = etree.fromstring(
        "<question_categories><question_category id='1'><questions/></question_category></question_categories>"
    )

    modernise_bank(bank)

    assert not is_old(bank)
    assert bank.find("question_category/question_bank_entries") is not None


def test_a_slot_refers_to_the_entry_of_its_question():
    root = quiz("""<question_instance id="7"><slot>1</slot><page>1</page><requireprevious>0</requireprevious>
        <questionid>16</questionid><questioncategoryid>$@NULL@$</questioncategoryid>
        <includingsubcategories>$@NULL@$</includingsubcategories><maxmark>2.0</maxmark></question_instance>""")

    modernise_quiz(root, {})

    slot = root.find("quiz/question_instances/question_instance")
    assert [one.tag for one in slot] == ["slot", "page", "requireprevious", "maxmark", "question_reference"]
    reference = {one.tag: one.text for one in slot.find("question_reference")}
    assert reference == {
        "usingcontextid": "70", "component": "mod_quiz", "questionarea": "slot", "questionbankentryid": "16",
        "version": "$@NULL@$",
    }  # fmt: skip


def test_a_random_slot_draws_from_its_category():
    root = quiz("""<question_instance id="7"><slot>1</slot><questionid>20</questionid></question_instance>
        <question_instance id="8"><slot>2</slot><questionid>21</questionid><questioncategoryid>6</questioncategoryid>
        <includingsubcategories>0</includingsubcategories></question_instance>""")

    modernise_quiz(root, {"20": Draw("4", "33", subcategories=True)})

    drawn = root.findall(".//question_set_reference")
    assert [json.loads(one.findtext("filtercondition")) for one in drawn] == [
        {"questioncategoryid": "4", "includingsubcategories": "1"},
        {"questioncategoryid": "6", "includingsubcategories": "0"},
    ]
    assert [one.findtext("questionscontextid") for one in drawn] == ["33", "70"]


def test_a_slot_keeps_what_a_plugin_said_of_its_random_question():
    question = etree.fromstring(
        "<question id='20'><name>Random</name><qtype>random</qtype><plugin_qtype_random_question/><tags/>"
        "<plugin_local_tide_question><tide><level>3</level></tide></plugin_local_tide_question></question>"
    )
    root = quiz("<question_instance id='7'><slot>1</slot><questionid>20</questionid></question_instance>")

    modernise_quiz(root, {"20": Draw("4", "33")}, {"20": undeclared_in(question)})

    slot = root.find("quiz/question_instances/question_instance")
    assert [one.tag for one in slot] == ["slot", "question_set_reference", "plugin_local_tide_question"]
    assert slot.findtext("plugin_local_tide_question/tide/level") == "3"


def test_before_2_7_a_list_of_the_quiz_gives_the_order_and_the_pages():
    root = quiz(
        """<question_instance id="1"><question>5</question><grade>1.0</grade></question_instance>
        <question_instance id="2"><question>3</question><grade>2.0</grade></question_instance>""",
        "<questions>3,0,5,0</questions>",
    )

    modernise_quiz(root, {})

    slots = root.findall("quiz/question_instances/question_instance")
    found = [[slot.findtext(name) for name in ("slot", "page", "maxmark")] for slot in slots]
    assert found == [["2", "2", "1.0"], ["1", "1", "2.0"]]
    assert [slot.findtext("question_reference/questionbankentryid") for slot in slots] == ["5", "3"]


def test_a_random_question_says_what_it_draws_from():
    category = etree.fromstring("<question_category id='4'><contextid>33</contextid></question_category>")
    drawn = "<question id='20'><qtype>random</qtype><questiontext>1</questiontext></question>"

    assert random_question(etree.fromstring(drawn), category) == Draw("4", "33", subcategories=True)
    assert random_question(etree.fromstring(QUESTION), category) is None


def test_the_tags_of_a_random_slot_go_along():
    root = quiz("""<question_instance id="7"><slot>1</slot><questionid>20</questionid>
        <tags><tag id="5"><tagid>3</tagid><tagname>spring</tagname></tag></tags></question_instance>""")

    modernise_quiz(root, {"20": Draw("4", "33")})

    condition = json.loads(root.findtext(".//question_set_reference/filtercondition"))
    assert condition["tags"] == ["3,spring"]
    assert root.find(".//tags") is None


def test_the_module_says_that_its_quiz_has_references():
    module = etree.fromstring("<module version='2020110900'/>")

    modernise_module(module, 2024100700)

    assert module.get("version") == "2024100700"
