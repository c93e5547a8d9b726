"""Brings the questions and quizzes of a version that comes in into the form of the course, if that is newer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from lxml import etree

from jobs.archive.modern_questions import (
    OLD_PATH,
    PATH,
    RandomQuestion,
    entry_of,
    is_old,
    modernise_bank,
    modernise_quiz,
    random_question,
)
from jobs.archive.xml import pack, unpack
from jobs.archive.xml.leaves import target
from jobs.progress import Run
from jobs.steps.batch import ROWS
from jobs.steps.question_matching import QUESTIONS
from jobs.steps.sides import Origin, Part, Participant, Side, course_document
from webapp.database import separate_write, snapshot
from webapp.models import Document, Record


@dataclass
class Bank:
    """The categories of a question bank in the old form, by the places of their questions."""

    _categories: dict[int, etree._Element] = field(default_factory=dict)
    randoms: dict[str, RandomQuestion] = field(default_factory=dict)

    @classmethod
    def of(cls, skeleton: etree._Element) -> Bank:
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
            self.randoms[question.get("id") or ""] = drawn
            return None
        return entry_of(question, category.get("id") or "")


def modernise(run: Run, version_id: int) -> None:
    """Write the question bank and the quizzes of a version anew, in batches; nothing to do for a newer one."""
    with snapshot() as session:
        document = course_document(session, version_id, QUESTIONS)
        skeleton = unpack(document.skeleton) if document else None
        number = document.id if document else 0
    if skeleton is None or not is_old(skeleton):
        return
    bank = Bank.of(skeleton)
    _rewrite_questions(run, number, bank)
    modernise_bank(skeleton)
    with separate_write() as session:
        run.hold(session)
        session.execute(sa.update(Document).where(Document.id == number).values(skeleton=pack(skeleton)))
        quizzes = sa.select(Document).where(Document.version_id == version_id, Document.name == "quiz.xml")
        for quiz in session.scalars(quizzes).all():
            root = unpack(quiz.skeleton)
            modernise_quiz(root, bank.randoms)
            quiz.skeleton = pack(root)


def _rewrite_questions(run: Run, document_id: int, bank: Bank) -> None:
    last: int | None = 0
    while last is not None:
        last = _rewrite_some(run, document_id, last, bank)
        run.checkpoint()


def _rewrite_some(run: Run, document_id: int, after: int, bank: Bank) -> int | None:
    """Write the next questions as entries; returns the last of them, None if there were none."""
    with separate_write() as session:
        run.hold(session)
        asked = sa.select(Record).where(Record.document_id == document_id, Record.id > after)
        rows = session.scalars(asked.order_by(Record.id).limit(ROWS)).all()
        last = rows[-1].id if rows else None
        for row in rows:
            entry = bank.entry(row.slot, unpack(row.body)) if row.path == OLD_PATH else None
            if entry is not None:
                row.body, row.path = pack(entry), PATH
            elif row.path == OLD_PATH:
                session.delete(row)
    return last


@dataclass(frozen=True)
class ModernSide:
    """Another side with its question bank in the new form."""

    side: Side

    @property
    def origin(self) -> Origin:
        return self.side.origin

    def names(self) -> list[str]:
        return self.side.names()

    def people(self) -> Iterator[Participant]:
        return self.side.people()

    def skeleton(self, name: str) -> etree._Element | None:
        skeleton = self.side.skeleton(name)
        if skeleton is not None and name == QUESTIONS:
            modernise_bank(skeleton)
        return skeleton

    def records(self, name: str) -> Iterator[Part]:
        skeleton = self.side.skeleton(name) if name == QUESTIONS else None
        bank = Bank.of(skeleton) if skeleton is not None else Bank()
        for part in self.side.records(name):
            if name != QUESTIONS or part.path != OLD_PATH:
                yield part
            elif (entry := bank.entry(part.slot, part.element)) is not None:
                yield Part(part.slot, PATH, entry)
