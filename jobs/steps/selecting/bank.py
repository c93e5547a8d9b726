"""The question bank of a version: which category each question is in, and what of it a part of the course needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.ids.numbers import whole_number
from jobs.archive.ids.refs import QUESTION, WITH_SUBCATEGORIES
from jobs.archive.xml import unpack
from jobs.steps.batch import BODIES
from webapp.models import CourseVersion, Document, Record

CATEGORY = "question_categories/question_category"
#: Where questions stand: in the layout since Moodle 4.0, and in the one before.
ENTRY = f"{CATEGORY}/question_bank_entries/question_bank_entry"
LONE_QUESTION = f"{CATEGORY}/questions/question"
PLACES = (ENTRY, LONE_QUESTION)

Place = tuple[str, int]


@dataclass(frozen=True)
class Category:
    parent: int
    context: int | None


@dataclass(frozen=True)
class Entry:
    """An entry with its versions, or before Moodle 4.0 a question."""

    place: Place
    category: int
    questions: frozenset[int]
    #: The questions of which its own are parts.
    wholes: frozenset[int]
    #: It stands for any question of its category (before Moodle 4.0), and of those below.
    draws: bool
    draws_below: bool


@dataclass
class Chosen:
    """What of the bank goes along."""

    categories: set[int] = field(default_factory=set)
    places: set[Place] = field(default_factory=set)
    questions: set[int] = field(default_factory=set)

    def keeps(self, path: str, element: etree._Element) -> bool:
        """Whether an element of questions.xml goes along."""
        if path == CATEGORY:
            return whole_number(element.get("id")) in self.categories
        return path not in PLACES or (path, whole_number(element.get("id"))) in self.places

    def of(self, ids: Mapping[str, Collection[int]]) -> dict[str, set[int]]:
        """What of an inforef.xml’s ids goes along, by the kinds that the bank has."""
        entries = {number for path, number in self.places if path == ENTRY}
        there = {"question_category": self.categories, "question_bank_entry": entries}
        return {kind: found.intersection(ids.get(kind, ())) for kind, found in there.items()}


@dataclass(frozen=True)
class Bank:
    """The categories, and where each entry stands."""

    document_id: int | None = None
    categories: dict[int, Category] = field(default_factory=dict)
    #: The category by the gap in the document that its questions fill.
    by_slot: dict[int, int] = field(default_factory=dict)
    #: The category of each entry, and before Moodle 4.0 of each question.
    entries: dict[int, int] = field(default_factory=dict)
    lone_questions: dict[int, int] = field(default_factory=dict)

    def above(self, number: int) -> Iterator[int]:
        """The category and those above it, up to the top of its context."""
        seen: set[int] = set()
        while number in self.categories and number not in seen:
            seen.add(number)
            yield number
            number = self.categories[number].parent

    def within(self, number: int) -> set[int]:
        """The category and those below it."""
        return {one for one in self.categories if number in self.above(one)}


def read_bank(session: Session, version: CourseVersion) -> Bank:
    """Read the categories of the version, and which entry is in which."""
    document = bank_document(session, version.id)
    if document is None:
        return Bank()
    categories, by_slot = categories_in(unpack(document.skeleton))
    asked = sa.select(Record.path, Record.moodle_id, Record.slot).where(Record.document_id == document.id)
    homes: dict[str, dict[int, int]] = {ENTRY: {}, LONE_QUESTION: {}}
    for path, number, slot in session.execute(asked.where(Record.path.in_(PLACES))):
        if number and slot in by_slot:
            homes[path][number] = by_slot[slot]
    return Bank(document.id, categories, by_slot, homes[ENTRY], homes[LONE_QUESTION])


def bank_document(session: Session, version_id: int) -> Document | None:
    """The questions.xml of a version; None if it has none."""
    banks = sa.select(Document).where(Document.version_id == version_id, Document.name == "questions.xml")
    return session.scalars(banks).first()


def is_top(category: etree._Element) -> bool:
    """Whether it is the one at the top of its context (Moodle 3.5 and newer)."""
    return category.findtext("parent") == "0" and category.findtext("name") == "top"


def categories_in(root: etree._Element) -> tuple[dict[int, Category], dict[int, int]]:
    """The categories of a questions.xml, and which of them each gap in it belongs to."""
    categories: dict[int, Category] = {}
    by_slot: dict[int, int] = {}
    for element in root.iterchildren("question_category"):
        number = whole_number(element.get("id"))
        if number is not None:
            parent, context = element.findtext("parent"), element.findtext("contextid")
            categories[number] = Category(whole_number(parent) or 0, whole_number(context))
            by_slot |= dict.fromkeys(_slots(element), number)
    return categories, by_slot


def choose(
    entries: Iterable[Entry],
    bank: Bank,
    wanted: Mapping[str, Collection[int]],
    contexts: Collection[int | None],
) -> Chosen:
    """What a part of the course needs: what its documents refer to, and the whole bank of its own contexts.

    A category that questions are drawn from goes along whole; the others with the entries that are asked
    for. What a question consists of goes with it, and each category with those above it.
    """
    needs = _Needs(bank, set(), {(ENTRY, number) for number in wanted.get("question_bank_entry", ())})
    needs.whole |= {number for number, one in bank.categories.items() if one.context in contexts}
    needs.whole |= set(wanted.get("question_category", ())) & bank.categories.keys()
    needs.questions |= set(wanted.get(QUESTION, ()))
    for number in wanted.get(WITH_SUBCATEGORIES, ()):
        needs.whole |= bank.within(number)
    chosen, left = Chosen(), list(entries)
    while found := [entry for entry in left if needs.has(entry)]:
        for entry in found:
            needs.follow(entry)
            chosen.places.add(entry.place)
            chosen.questions |= entry.questions
            chosen.categories.update(bank.above(entry.category))
        left = [entry for entry in left if entry.place not in chosen.places]
    for number in needs.whole:
        chosen.categories.update(bank.above(number))
    return chosen


@dataclass
class _Needs:
    """What has been asked for so far, and what that leads to."""

    bank: Bank
    whole: set[int]
    fixed: set[Place]
    questions: set[int] = field(default_factory=set)

    def has(self, entry: Entry) -> bool:
        asked_for = entry.category in self.whole or entry.place in self.fixed
        return asked_for or bool((entry.questions | entry.wholes) & self.questions)

    def follow(self, entry: Entry) -> None:
        self.questions |= entry.questions
        if entry.draws:
            self.whole |= self.bank.within(entry.category) if entry.draws_below else {entry.category}


def entries_of(session: Session, bank: Bank) -> Iterator[Entry]:
    """The entries of a bank that `read_bank` has read."""
    asked = sa.select(Record.path, Record.slot, Record.body).where(
        Record.document_id == bank.document_id, Record.path.in_(PLACES)
    )
    for path, slot, body in session.execute(asked.execution_options(yield_per=BODIES)):
        if (entry := entry_in(bank, path, slot, unpack(body))) is not None:
            yield entry


def entry_in(bank: Bank, path: str, slot: int, element: etree._Element) -> Entry | None:
    """What a record of questions.xml says of an entry; None if it stands in no category."""
    number = whole_number(element.get("id"))
    if number is None or slot not in bank.by_slot:
        return None
    own = [element] if path == LONE_QUESTION else list(element.iterfind(".//questions/question"))
    return Entry(
        (path, number),
        bank.by_slot[slot],
        _numbers(one.get("id") for one in own),
        _numbers(one.findtext("parent") for one in own),
        draws=any(one.findtext("qtype") == "random" for one in own),
        # Moodle 3.x question/type/random: its text says whether subcategories count.
        draws_below=any(one.findtext("questiontext") == "1" for one in own),
    )


def _numbers(texts: Iterator[str | None]) -> frozenset[int]:
    return frozenset(number for text in texts if (number := whole_number(text)))


def _slots(element: etree._Element) -> list[int]:
    return [int(gap.text or 0) for gap in element.iter(etree.ProcessingInstruction)]
