"""Opens a question of the bank to be edited.

A question is changed where it stands, in the version of its entry that was looked at. Moodle 4 would make a version
of its own instead. But a version says who made it and when, and whoever edits here may be nobody of the archive's
people; and a quiz that asks for a certain version would go on asking for the old one, where the teacher means to
put right what pupils see. Attempts keep in themselves what was asked, answered and given for it
(activity/quiz/attempts), so results stay as they were; the page says so where there are any.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from lxml import etree

from jobs.steps.selecting.bank import ENTRY, LONE_QUESTION
from webapp.content.elements import Place, open_element
from webapp.courses.bank.lookup import WITHIN_ENTRY, QuestionBank
from webapp.courses.editing.questions import QUESTION
from webapp.courses.editing.sheet import Sheet, SheetReader
from webapp.courses.viewers.documents import MOST_READ
from webapp.courses.viewers.leaves import leaf
from webapp.extensions import db
from webapp.models import Course, Document, Record

_ATTEMPT = "activity/quiz/attempts/attempt"


@dataclass(frozen=True)
class OpenQuestion:
    place: Place
    element: etree._Element
    sheet: Sheet

    @property
    def name(self) -> str:
        return leaf(self.element, "name")

    @property
    def identity(self) -> dict[str, str]:
        """What makes it another question than the one it was, for a Moodle that still has that one.

        A restore takes a question for one that is there by its stamp; before Moodle 4.0 by its stamp and `version`,
        which is a code of the same make.
        """
        name = "version" if self.element.find("version") is not None else "stamp"
        return {name: f"coursekeep+{datetime.now(UTC):%y%m%d%H%M%S}+{secrets.token_hex(3)}"}


def open_question(course: Course, record_id: int, question_id: int) -> OpenQuestion | None:
    """A question by our number of the record that it is in, and its own of the archive.

    None if there is none, or nothing to edit: one that stands for others, or is written in another one's text.
    """
    for path in (f"{ENTRY}/{WITHIN_ENTRY}", LONE_QUESTION):
        place = Place("questions.xml", path, moodle_id=question_id, record_id=record_id)
        opened = open_element(course.version_id, place)
        if opened is not None:
            break
    else:
        return None
    element = opened.element
    if leaf(element, "qtype") == "random" or leaf(element, "parent") not in ("", "0"):
        return None
    context_id = QuestionBank(course).context_of(opened.slot)
    sheet = SheetReader(course, context_id, place.tree).read(element, path, QUESTION.contents(element))
    return OpenQuestion(place, element, sheet)


def was_answered(course: Course, question_id: int) -> bool:
    """Whether an attempt at a quiz of the course holds the question. Of very many attempts not all are read."""
    quizzes = sa.select(Document.id).where(
        Document.version_id == course.version_id, Document.name == "quiz.xml"
    )
    attempts = sa.select(Record.body).where(Record.document_id.in_(quizzes), Record.path == _ATTEMPT)
    read = attempts.order_by(Record.id).limit(MOST_READ).subquery()
    held = f"<questionid>{question_id}</questionid>".encode()
    found = sa.select(sa.func.count()).select_from(read).where(sa.func.instr(read.c.body, held) > 0)
    return bool(db.session.scalar(found))
