"""What a quiz asks: its slots, each with a question or with where one is drawn from."""

from __future__ import annotations

import json
from dataclasses import dataclass

from lxml import etree

from webapp.courses.bank.lookup import QuestionBank
from webapp.courses.bank.source import Question
from webapp.courses.viewers.leaves import leaf, number, shown, whole


@dataclass(frozen=True)
class Drawn:
    """Where a question is drawn from when somebody begins."""

    category_id: int
    category: str
    below: bool
    tags: str = ""


@dataclass
class Slot:
    number: int
    page: int
    #: What people see as its number, where that is another one.
    label: str
    points: str
    question: Question | None = None
    drawn: Drawn | None = None
    #: The heading of the part of the quiz that begins here.
    heading: str = ""


def slots_of(quiz: etree._Element, bank: QuestionBank) -> list[Slot]:
    """The slots in their order: in Moodle 4, in Moodle 2.8 and later, and before."""
    instances = sorted(quiz.iterfind("question_instances/question_instance"), key=_place(quiz))
    entries, ids = dict[int, int](), set[int]()
    for one in instances:
        if entry := number(one, "question_reference/questionbankentryid"):
            entries[entry] = number(one, "question_reference/version")
        ids.add(_question_id(one))
    by_entry, by_id = bank.entries(entries), bank.questions(ids - {0})
    slots = []
    for place, one in enumerate(instances, 1):
        entry = number(one, "question_reference/questionbankentryid")
        question = by_entry.get(entry) if entry else by_id.get(_question_id(one))
        slot = Slot(
            number(one, "slot") or place,
            number(one, "page"),
            leaf(one, "displaynumber"),
            shown(leaf(one, "maxmark") or leaf(one, "grade")),
            question,
            _drawn(one, question, bank),
        )
        slots.append(slot)
    _add_headings(quiz, slots)
    return slots


def _question_id(instance: etree._Element) -> int:
    return number(instance, "questionid") or number(instance, "question")


def _place(quiz: etree._Element) -> _Order:
    # Before Moodle 2.8 the leaf questions lists the ids in their order, with 0 where a page ends.
    order = [whole(one) for one in leaf(quiz, "questions").split(",")]
    return _Order({one: place for place, one in enumerate(order) if one})


class _Order:
    def __init__(self, places: dict[int, int]) -> None:
        self._places = places

    def __call__(self, instance: etree._Element) -> tuple[int, int]:
        return number(instance, "slot"), self._places.get(_question_id(instance), 0)


def _drawn(instance: etree._Element, question: Question | None, bank: QuestionBank) -> Drawn | None:
    condition = leaf(instance, "question_set_reference/filtercondition")
    if condition:
        return _from_condition(condition, bank)
    if question is None or question.type != "random":
        return None
    # Before Moodle 3.5 only the question says where it draws from: its own category.
    own = bank.category_of(question)
    below = leaf(instance, "includingsubcategories") == "1" or question.draws_below
    return _from(number(instance, "questioncategoryid") or (own.id if own else 0), below, bank)


def _from_condition(text: str, bank: QuestionBank) -> Drawn:
    """Read a random slot's condition, as Moodle 4.3 writes it, or 4.0 to 4.2."""
    try:
        condition = json.loads(text)
    except (ValueError, RecursionError):
        condition = {}
    found = condition if isinstance(condition, dict) else {}
    filters = found.get("filter")
    category = filters.get("category") if isinstance(filters, dict) else None
    if isinstance(category, dict):
        values, options = category.get("values"), category.get("filteroptions")
        below = bool(options.get("includesubcategories")) if isinstance(options, dict) else False
        return _from(whole(str(values[0])) if isinstance(values, list) and values else 0, below, bank)
    tags = found.get("tags")
    named = ", ".join(str(one).split(",")[-1] for one in tags) if isinstance(tags, list) else ""
    below = str(found.get("includingsubcategories", "")) in ("1", "True")
    return _from(whole(str(found.get("questioncategoryid", ""))), below, bank, named)


def _from(category_id: int, below: bool, bank: QuestionBank, tags: str = "") -> Drawn:
    category = bank.categories.get(category_id)
    return Drawn(category_id if category else 0, category.name if category else "", below, tags)


def _add_headings(quiz: etree._Element, slots: list[Slot]) -> None:
    headings = {number(one, "firstslot"): leaf(one, "heading") for one in quiz.iterfind("sections/section")}
    for slot in slots:
        slot.heading = headings.get(slot.number, "")
