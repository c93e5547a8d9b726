"""Brings questions and quiz slots from before Moodle 4.0 into the form that Moodle 4 reads.

Moodle 4.0 put versions between a category and its questions, and made of a slot a reference to one of them
(question/classes/local/bank, mod/quiz/db/upgrade.php). Its restore does the same for older backups.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from types import MappingProxyType

from lxml import etree

from jobs.archive.questions import FIRST_MODERN, OLD_PATH
from jobs.archive.questions.draws import Draw, condition_of
from jobs.archive.questions.leaves import add_leaf, leaf_text, take_leaf
from jobs.archive.trees import tree_for

# Leaves of a question that its entry or its version holds now, or nothing.
_MOVED = ("version", "hidden", "idnumber")
# What the type of random questions adds to each: nothing, in an element.
_OF_TYPE = ("plugin_qtype_random_question",)


def is_old(bank: etree._Element) -> bool:
    """Whether the categories hold their questions directly."""
    return bank.find("question_category/questions") is not None


def modernise_bank(bank: etree._Element) -> None:
    """Rename the places of questions, in place; the questions themselves are `entry_of`’s."""
    for container in bank.iterfind("question_category/questions"):
        container.tag = "question_bank_entries"


def random_question(question: etree._Element, category: etree._Element) -> Draw | None:
    """What a random question draws from; None if it is a question like others."""
    if question.findtext("qtype") != "random":
        return None
    return Draw(
        category=category.get("id") or "",
        context=category.findtext("contextid") or "",
        subcategories=question.findtext("questiontext") == "1",
    )


def entry_of(question: etree._Element, category: str) -> etree._Element:
    """The entry of the bank that holds this question as its only version, under the same number."""
    number = question.get("id") or ""
    hidden = question.findtext("hidden") == "1"
    entry = etree.Element("question_bank_entry", {"id": number})
    add_leaf(entry, "questioncategoryid", category)
    add_leaf(entry, "idnumber", leaf_text(question, "idnumber"))
    add_leaf(entry, "ownerid", leaf_text(question, "createdby"))
    versions = etree.SubElement(
        etree.SubElement(entry, "question_version"), "question_versions", {"id": number}
    )
    add_leaf(versions, "version", "1")
    add_leaf(versions, "status", "hidden" if hidden else "ready")
    for name in _MOVED:
        for leaf in question.findall(name):
            question.remove(leaf)
    etree.SubElement(versions, "questions").append(question)
    return entry


def undeclared_in(question: etree._Element) -> list[etree._Element]:
    """What a random question has that its draw does not say: a plugin’s own."""
    node = tree_for("", "questions.xml").node(OLD_PATH)
    known = {*node.leaves, *node.children, *_OF_TYPE} if node else set()
    return [child for child in question.iterchildren(etree.Element) if child.tag not in known]


def modernise_quiz(
    activity: etree._Element,
    randoms: Mapping[str, Draw],
    extras: Mapping[str, list[etree._Element]] = MappingProxyType({}),
) -> None:
    """Make references of the slots of quiz.xml, in place.

    `randoms` are the random questions by their ids, `extras` what else they had, which their slots keep.
    """
    context = activity.get("contextid") or ""
    listed = (activity.findtext("quiz/questions") or "").split(",")
    for slot in activity.iterfind("quiz/question_instances/question_instance"):
        question = take_leaf(slot, "questionid") or take_leaf(slot, "question")
        _place_old_slot(slot, question, listed)
        drawn = randoms.get(question) or _drawn_from(slot)
        number = slot.get("id") or ""
        tags = _take_tags(slot)
        if drawn is not None:
            slot.append(_set_reference(number, context, replace(drawn, tags=tags)))
            slot.extend(deepcopy(extras.get(question, [])))
        elif question:
            slot.append(_reference(number, context, question))
        for name in ("questioncategoryid", "includingsubcategories"):
            take_leaf(slot, name)


def modernise_module(module: etree._Element, dialect: int) -> None:
    """Have module.xml say that the quiz has references, or no Moodle looks for them (restore_quiz_stepslib.php)."""
    module.set("version", str(max(dialect, FIRST_MODERN)))


def _place_old_slot(slot: etree._Element, question: str, listed: list[str]) -> None:
    """Before Moodle 2.7 a list of the quiz, with a 0 for each new page, said in which order the questions come."""
    if slot.find("slot") is not None or question not in listed:
        return
    place = listed.index(question)
    before = listed[:place]
    add_leaf(slot, "slot", str(len([one for one in before if one != "0"]) + 1))
    add_leaf(slot, "page", str(before.count("0") + 1))
    add_leaf(slot, "requireprevious", "0")
    if grade := take_leaf(slot, "grade"):
        add_leaf(slot, "maxmark", grade)


def _drawn_from(slot: etree._Element) -> Draw | None:
    """What a random slot of Moodle 3 draws from, where the bank does not say it."""
    category = leaf_text(slot, "questioncategoryid")
    if not category or category == "0":
        return None
    return Draw(category, subcategories=leaf_text(slot, "includingsubcategories") == "1")


def _take_tags(slot: etree._Element) -> tuple[tuple[str, str], ...]:
    """Remove the tags that a random slot of Moodle 3.5 and newer asks for; returns their ids and names."""
    tags = slot.find("tags")
    if tags is None:
        return ()
    slot.remove(tags)
    return tuple((tag.findtext("tagid") or "", tag.findtext("tagname") or "") for tag in tags.iterfind("tag"))


def _reference(number: str, context: str, entry: str) -> etree._Element:
    reference = etree.Element("question_reference", {"id": number})
    _place(reference, context)
    add_leaf(reference, "questionbankentryid", entry)
    add_leaf(reference, "version", None)
    return reference


def _set_reference(number: str, context: str, drawn: Draw) -> etree._Element:
    reference = etree.Element("question_set_reference", {"id": number})
    _place(reference, context)
    add_leaf(reference, "questionscontextid", drawn.context or context)
    add_leaf(reference, "filtercondition", condition_of(drawn))
    return reference


def _place(reference: etree._Element, context: str) -> None:
    add_leaf(reference, "usingcontextid", context)
    add_leaf(reference, "component", "mod_quiz")
    add_leaf(reference, "questionarea", "slot")
