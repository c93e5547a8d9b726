"""Writes the question bank and the quizzes of a version that comes in anew, in the form that its course has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.questions import OLD_PATH, PATH
from jobs.archive.questions.losses import Loss
from jobs.archive.questions.modern import is_old, modernise_bank, modernise_module, modernise_quiz
from jobs.archive.questions.old import OldBank, age_bank
from jobs.archive.questions.old_quiz import QuizAging, age_module
from jobs.archive.xml import pack, rows_slot, unpack
from jobs.progress import Run
from jobs.steps.batch import ROWS
from jobs.steps.building.versions import Built
from jobs.steps.matching.question_forms import ModernBank
from jobs.steps.matching.questions import QUESTIONS
from jobs.steps.matching.sides import course_document
from webapp.database import separate_write, snapshot
from webapp.models import Document, Record

#: What becomes of a record: new ones in its place, or None where it stays as it is.
_Anew = Callable[[Record], list[etree._Element] | None]


@dataclass(frozen=True)
class _Bank:
    """questions.xml of a version."""

    document_id: int
    skeleton: etree._Element


def modernise(run: Run, built: Built, dialect: int) -> None:
    """Bring questions and quizzes from before Moodle 4 into its form; nothing to do where they have it."""
    bank = _bank_of(built.version_id)
    if bank is None or not is_old(bank.skeleton):
        return
    known = ModernBank.of(bank.skeleton)

    def entry(row: Record) -> list[etree._Element] | None:
        if row.path != OLD_PATH:
            return None
        made = known.entry(row.slot, unpack(row.body))
        return [] if made is None else [made]

    _rewrite(run, bank, PATH, entry)
    modernise_bank(bank.skeleton)
    with separate_write() as session:
        run.hold(session)
        _keep(session, bank)
        for quiz, module in _quizzes(session, built.version_id):
            modernise_quiz(quiz.root, known.randoms, known.extras)
            modernise_module(module.root, dialect)


def age(run: Run, built: Built, dialect: int, *, with_tops: bool) -> Counter[Loss]:
    """Bring questions and quizzes of Moodle 4 into the form from before it; returns what that can’t say."""
    bank = _bank_of(built.version_id)
    if bank is None or is_old(bank.skeleton):
        return Counter()
    known = OldBank.of(bank.skeleton)
    _rewrite(run, bank, OLD_PATH, lambda row: known.questions_of(unpack(row.body)) or None
             if row.path == PATH else None)  # fmt: skip

    def new_id() -> int:
        built.intake.highest += 1
        return built.intake.highest

    aging = QuizAging(known, dialect, new_id)
    age_bank(bank.skeleton, with_tops=True)
    with separate_write() as session:
        run.hold(session)
        for quiz, module in _quizzes(session, built.version_id):
            aging.age(quiz.root)
            age_module(module.root, quiz.root, dialect)
        _add_randoms(session, built.version_id, bank, aging.randoms)
        age_bank(bank.skeleton, with_tops=with_tops)
        _keep(session, bank)
    return known.losses


def _bank_of(version_id: int) -> _Bank | None:
    with snapshot() as session:
        document = course_document(session, version_id, QUESTIONS)
        return _Bank(document.id, unpack(document.skeleton)) if document else None


def _keep(session: Session, bank: _Bank) -> None:
    values = {"skeleton": pack(bank.skeleton)}
    session.execute(sa.update(Document).where(Document.id == bank.document_id).values(values))


def _rewrite(run: Run, bank: _Bank, path: str, anew: _Anew) -> None:
    """Write the records of the bank anew, in batches; new ones have `path`."""
    last: int | None = 0
    end = _last_record(bank)
    while last is not None and last < end:
        last = _rewrite_some(run, bank, (last, end), path, anew)
        run.checkpoint()


def _last_record(bank: _Bank) -> int:
    with snapshot() as session:
        asked = sa.select(sa.func.max(Record.id)).where(Record.document_id == bank.document_id)
        return session.scalars(asked).one() or 0


def _rewrite_some(run: Run, bank: _Bank, between: tuple[int, int], path: str, anew: _Anew) -> int | None:
    """Write the next records; returns the last of them, None if there were none."""
    after, end = between
    with separate_write() as session:
        run.hold(session)
        asked = sa.select(Record).where(
            Record.document_id == bank.document_id, Record.id > after, Record.id <= end
        )
        rows = session.scalars(asked.order_by(Record.id).limit(ROWS)).all()
        for row in rows:
            elements = anew(row)
            if elements is None:
                continue
            session.add_all(_copies(row, path, elements[1:]))
            if elements:
                row.body, row.path, row.moodle_id = pack(elements[0]), path, _id(elements[0])
            else:
                session.delete(row)
        return rows[-1].id if rows else None


def _copies(row: Record, path: str, elements: Iterable[etree._Element]) -> Iterator[Record]:
    """More records for the place of one; they stand behind it, for they are written later."""
    for element in elements:
        yield Record(
            version_id=row.version_id, document_id=row.document_id, slot=row.slot, position=row.position,
            path=path, moodle_id=_id(element), user_data=row.user_data, body=pack(element),
        )  # fmt: skip


def _id(element: etree._Element) -> int:
    return int(element.get("id") or 0)


@dataclass
class _Opened:
    """A document that is being changed."""

    document: Document
    root: etree._Element


def _quizzes(session: Session, version_id: int) -> Iterator[tuple[_Opened, _Opened]]:
    """quiz.xml and module.xml of each quiz; what was done to them is kept when the next one is asked for."""
    asked = sa.select(Document).where(Document.version_id == version_id, Document.name == "quiz.xml")
    for quiz in session.scalars(asked.order_by(Document.position)).all():
        beside = sa.select(Document).where(
            Document.activity_id == quiz.activity_id, Document.name == "module.xml"
        )
        module = session.scalars(beside).first()
        if quiz.activity_id is None or module is None:
            continue
        opened = [_Opened(one, unpack(one.skeleton)) for one in (quiz, module)]
        yield opened[0], opened[1]
        for one in opened:
            one.document.skeleton = pack(one.root)


def _add_randoms(
    session: Session, version_id: int, bank: _Bank, randoms: list[tuple[str, etree._Element]]
) -> None:
    """Put what random slots draw from into their categories, behind the questions."""
    categories = {one.get("id"): one for one in bank.skeleton.iterfind("question_category")}
    behind = sa.select(sa.func.coalesce(sa.func.max(Record.position), 0) + 1)
    position = session.scalars(behind.where(Record.document_id == bank.document_id)).one()
    for ahead, (category, question) in enumerate(randoms):
        container = categories[category].find("questions")
        if container is None:
            container = etree.SubElement(categories[category], "questions")
        session.add(
            Record(
                version_id=version_id, document_id=bank.document_id, slot=rows_slot(container),
                position=position + ahead, path=OLD_PATH, moodle_id=_id(question), body=pack(question),
            )
        )  # fmt: skip
