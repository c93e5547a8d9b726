"""Brings questions and quiz slots from before Moodle 4.0 into the form that Moodle 4 reads.

Moodle 4.0 put versions between a category and its questions, and made of a slot a reference to one of them
(question/classes/local/bank, mod/quiz/db/upgrade.php). Its restore does the same for older backups.
"""

from dataclasses import dataclass

from lxml import etree

from jobs.archive.xml import set_text, text_of

#: The first version of the format with entries and versions: Moodle 4.0.
FIRST = 2022_04_19_00
OLD_PATH = "question_categories/question_category/questions/question"
PATH = "question_categories/question_category/question_bank_entries/question_bank_entry"
# Leaves of a question that its entry or its version holds now, or nothing.
_MOVED = ("version", "hidden", "idnumber")


@dataclass(frozen=True)
class RandomQuestion:
    """What stood in the bank for “any question of this category”."""

    category: str
    context: str
    subcategories: bool


def is_old(bank: etree._Element) -> bool:
    """Whether the categories hold their questions directly."""
    return bank.find("question_category/questions") is not None


def modernise_bank(bank: etree._Element) -> None:
    """Rename the places of questions, in place; the questions themselves are `entry_of`’s."""
    for container in bank.iterfind("question_category/questions"):
        container.tag = "question_bank_entries"


def random_question(question: etree._Element, category: etree._Element) -> RandomQuestion | None:
    """What a random question draws from; None if it is a question like others."""
    if question.findtext("qtype") != "random":
        return None
    return RandomQuestion(
        category=category.get("id") or "",
        context=category.findtext("contextid") or "",
        subcategories=question.findtext("questiontext") == "1",
    )


def entry_of(question: etree._Element, category: str) -> etree._Element:
    """The entry of the bank that holds this question as its only version, under the same number."""
    number = question.get("id") or ""
    hidden = question.findtext("hidden") == "1"
    entry = etree.Element("question_bank_entry", {"id": number})
    _leaf(entry, "questioncategoryid", category)
    _leaf(entry, "idnumber", _text(question, "idnumber"))
    _leaf(entry, "ownerid", _text(question, "createdby"))
    versions = etree.SubElement(
        etree.SubElement(entry, "question_version"), "question_versions", {"id": number}
    )
    _leaf(versions, "version", "1")
    _leaf(versions, "status", "hidden" if hidden else "ready")
    for name in _MOVED:
        for leaf in question.findall(name):
            question.remove(leaf)
    etree.SubElement(versions, "questions").append(question)
    return entry


def modernise_quiz(activity: etree._Element, randoms: dict[str, RandomQuestion]) -> None:
    """Make references of the slots of quiz.xml, in place; `randoms` are the random questions by their ids."""
    context = activity.get("contextid") or ""
    listed = (activity.findtext("quiz/questions") or "").split(",")
    for slot in activity.iterfind("quiz/question_instances/question_instance"):
        question = _take(slot, "questionid") or _take(slot, "question")
        _place_old_slot(slot, question, listed)
        drawn = randoms.get(question) or _drawn_from(slot)
        number = slot.get("id") or ""
        if drawn is not None:
            slot.append(_set_reference(number, context, drawn))
        elif question:
            slot.append(_reference(number, context, question))
        for name in ("questioncategoryid", "includingsubcategories"):
            _take(slot, name)


def _place_old_slot(slot: etree._Element, question: str, listed: list[str]) -> None:
    """Before Moodle 2.7 a list of the quiz, with a 0 for each new page, said in which order the questions come."""
    if slot.find("slot") is not None or question not in listed:
        return
    place = listed.index(question)
    before = listed[:place]
    _leaf(slot, "slot", str(len([one for one in before if one != "0"]) + 1))
    _leaf(slot, "page", str(before.count("0") + 1))
    _leaf(slot, "requireprevious", "0")
    if grade := _take(slot, "grade"):
        _leaf(slot, "maxmark", grade)


def _drawn_from(slot: etree._Element) -> RandomQuestion | None:
    """What a random slot of Moodle 3 draws from, where the bank does not say it."""
    category = _text(slot, "questioncategoryid")
    if not category or category == "0":
        return None
    return RandomQuestion(category, "", _text(slot, "includingsubcategories") == "1")


def _reference(number: str, context: str, entry: str) -> etree._Element:
    reference = etree.Element("question_reference", {"id": number})
    _place(reference, context)
    _leaf(reference, "questionbankentryid", entry)
    _leaf(reference, "version", None)
    return reference


def _set_reference(number: str, context: str, drawn: RandomQuestion) -> etree._Element:
    reference = etree.Element("question_set_reference", {"id": number})
    _place(reference, context)
    _leaf(reference, "questionscontextid", drawn.context or context)
    deep = int(drawn.subcategories)
    _leaf(
        reference,
        "filtercondition",
        f'{{"questioncategoryid":"{drawn.category}","includingsubcategories":"{deep}"}}',
    )
    return reference


def _place(reference: etree._Element, context: str) -> None:
    _leaf(reference, "usingcontextid", context)
    _leaf(reference, "component", "mod_quiz")
    _leaf(reference, "questionarea", "slot")


def _leaf(parent: etree._Element, name: str, text: str | None) -> None:
    set_text(etree.SubElement(parent, name), text)


def _text(element: etree._Element, name: str) -> str | None:
    leaf = element.find(name)
    return None if leaf is None else text_of(leaf)


def _take(element: etree._Element, name: str) -> str:
    """Remove a leaf; returns what it held."""
    leaf = element.find(name)
    if leaf is None:
        return ""
    element.remove(leaf)
    return text_of(leaf) or ""
