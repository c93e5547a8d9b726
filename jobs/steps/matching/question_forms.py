"""In which form questions come in, in which the course has them, and a look at them in that form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import count

from lxml import etree

from jobs.archive.questions import FIRST_MODERN, OLD_PATH, PATH
from jobs.archive.questions.draws import Draw
from jobs.archive.questions.losses import Loss
from jobs.archive.questions.modern import entry_of, modernise_bank, random_question, undeclared_in
from jobs.archive.questions.old import FIRST_WITH_TOPS, OldBank, age_bank
from jobs.archive.questions.old_quiz import QuizAging
from jobs.archive.xml.leaves import target
from jobs.steps.matching.questions import QUESTIONS
from jobs.steps.matching.sides import ArchiveSide, Origin, Part, Participant, Side
from jobs.steps.selecting.bank import is_top


class Turn(Enum):
    """What has to be done to questions that come into a course."""

    NONE = "none"
    MODERNISE = "modernise"
    AGE = "age"


def turn_for(incoming: int, course: int) -> Turn:
    """What questions need that come in, by the versions of the backups in which both sides are written."""
    if incoming < FIRST_MODERN <= course:
        return Turn.MODERNISE
    return Turn.AGE if course < FIRST_MODERN <= incoming else Turn.NONE


def has_tops(side: Side, dialect: int) -> bool:
    """Whether the bank of a course has a category on top of the others."""
    bank = side.skeleton(QUESTIONS)
    there = bank is not None and any(is_top(one) for one in bank.iterfind("question_category"))
    return there or dialect >= FIRST_WITH_TOPS


@dataclass
class ModernBank:
    """The categories of a bank in the old form, by the places of their questions, and its random questions."""

    _categories: dict[int, etree._Element] = field(default_factory=dict)
    randoms: dict[str, Draw] = field(default_factory=dict)
    #: What nobody has declared of a random question: its slot keeps it.
    extras: dict[str, list[etree._Element]] = field(default_factory=dict)

    @classmethod
    def of(cls, skeleton: etree._Element) -> ModernBank:
        bank = cls()
        for category in skeleton.iterfind("question_category"):
            for place in category.iter(etree.ProcessingInstruction):
                if target(place) == "rows":
                    bank._categories[int(place.text or 0)] = category
        return bank

    def entry(self, slot: int, question: etree._Element) -> etree._Element | None:
        """The entry that a question becomes; None for a random one, which only slots tell of now."""
        category = self._categories[slot]
        drawn = random_question(question, category)
        if drawn is not None:
            number = question.get("id") or ""
            self.randoms[number] = drawn
            if extras := undeclared_in(question):
                self.extras[number] = extras
            return None
        return entry_of(question, category.get("id") or "")


@dataclass(frozen=True)
class _TurnedSide:
    """Another side with its question bank in another form."""

    side: ArchiveSide

    @property
    def origin(self) -> Origin:
        return self.side.origin

    def names(self) -> list[str]:
        return self.side.names()

    def people(self) -> Iterator[Participant]:
        return self.side.people()


@dataclass(frozen=True)
class ModernSide(_TurnedSide):
    """One that comes from before Moodle 4."""

    def skeleton(self, name: str) -> etree._Element | None:
        skeleton = self.side.skeleton(name)
        if skeleton is not None and name == QUESTIONS:
            modernise_bank(skeleton)
        return skeleton

    def records(self, name: str) -> Iterator[Part]:
        skeleton = self.side.skeleton(name) if name == QUESTIONS else None
        bank = ModernBank.of(skeleton) if skeleton is not None else ModernBank()
        for part in self.side.records(name):
            if name != QUESTIONS or part.path != OLD_PATH:
                yield part
            elif (entry := bank.entry(part.slot, part.element)) is not None:
                yield Part(part.slot, PATH, entry)


@dataclass(frozen=True)
class OldSide(_TurnedSide):
    """One that goes from Moodle 4 to an older one; what random slots need in its bank is not in it."""

    dialect: int
    with_tops: bool

    def skeleton(self, name: str) -> etree._Element | None:
        skeleton = self.side.skeleton(name)
        if skeleton is not None and name == QUESTIONS:
            age_bank(skeleton, with_tops=self.with_tops)
        return skeleton

    def records(self, name: str) -> Iterator[Part]:
        yield from self._aged(OldBank()) if name == QUESTIONS else self.side.records(name)

    def losses(self) -> Counter[Loss]:
        """What the older Moodle can’t say."""
        skeleton = self.side.skeleton(QUESTIONS)
        if skeleton is None:
            return Counter()
        bank = OldBank.of(skeleton)
        for _ in self._aged(bank):
            pass
        aging = QuizAging(bank, self.dialect, new_id=count(1).__next__)
        for quiz in self.side.quizzes():
            aging.age(quiz)
        return bank.losses

    def _aged(self, bank: OldBank) -> Iterator[Part]:
        for part in self.side.records(QUESTIONS):
            questions = bank.questions_of(part.element) if part.path == PATH else []
            yield from (Part(part.slot, OLD_PATH, one) for one in questions)
            if not questions:
                yield part
