"""The question bank of a course: its categories, and the questions of a category or of a quiz."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

import sqlalchemy as sa
from lxml import etree
from markupsafe import Markup

from jobs.archive.trees import tree_for
from jobs.archive.xml import unpack
from jobs.steps.selecting.bank import ENTRY, LONE_QUESTION, PLACES
from webapp.content.lookups import find_document
from webapp.courses.bank.categories import Category, categories_of
from webapp.courses.bank.reading import read_question, state_of
from webapp.courses.bank.source import Question, Write
from webapp.courses.bank.types import TYPES
from webapp.courses.texts import Texts, embedded_address
from webapp.courses.viewers.documents import MOST_READ, Area
from webapp.courses.viewers.leaves import id_of, number
from webapp.extensions import db
from webapp.models import Course, CourseFile, Record
from webapp.reading import Branch, Reader

#: Questions on one page.
ROWS = 50
#: Where in an entry a question stands.
WITHIN_ENTRY = "question_version/question_versions/questions/question"


class QuestionBank:
    """Reads the questions of a course for somebody who may see what is right."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._document = find_document(course.version_id, "questions.xml")
        self._texts = Texts(course)
        self._count = 0

    @cached_property
    def categories(self) -> dict[int, Category]:
        return categories_of(self._document) if self._document else {}

    @cached_property
    def _by_slot(self) -> dict[int, Category]:
        return {slot: one for one in self.categories.values() for slot in one.slots}

    def category_of(self, question: Question) -> Category | None:
        return self._by_slot.get(question.slot)

    def context_of(self, slot: int) -> int:
        """The context that the files of the questions in a gap of the document belong to."""
        category = self._by_slot.get(slot)
        return category.context_id if category else 0

    def page_of(self, category: Category, page: int) -> list[Question]:
        """A page of the questions of a category, in the archive's order."""
        found = self._found(PLACES).where(Record.slot.in_(category.slots))
        order = (Record.slot, Record.position, Record.id)
        return self._read(found.order_by(*order).limit(ROWS).offset((page - 1) * ROWS))

    def entries(self, versions: dict[int, int]) -> dict[int, Question]:
        """Questions by the entry of the bank, each in this version of it; 0 for the newest."""
        read: dict[int, Question] = {}
        for some in _chunks(versions):
            found = self._found((ENTRY,)).where(Record.moodle_id.in_(some))
            for held in db.session.execute(found):
                entry = unpack(held.body)
                if question := self._question(entry, held, versions[id_of(entry)]):
                    read[id_of(entry)] = question
        self._complete(read.values())
        return read

    def questions(self, ids: Collection[int]) -> dict[int, Question]:
        """Questions by their own ids, as Moodle before 4.0 refers to them."""
        read: dict[int, Question] = {}
        for some in _chunks(ids):
            questions = self._read(self._found((LONE_QUESTION,)).where(Record.moodle_id.in_(some)))
            read |= {question.id: question for question in questions}
        return read

    def info(self, category: Category) -> Markup:
        """What the category says of itself."""
        return self._writer(category.context_id)(category.info, category.info_format or 1, None)

    def _found(self, paths: Iterable[str]) -> sa.Select[int, int, str, bytes]:
        document_id = self._document.id if self._document else None
        asked = sa.select(Record.id, Record.slot, Record.path, Record.body)
        return asked.where(Record.document_id == document_id, Record.path.in_(paths))

    def _read(self, found: sa.Select[int, int, str, bytes]) -> list[Question]:
        rows = db.session.execute(found)
        read = [self._question(unpack(held.body), held) for held in rows]
        questions = [question for question in read if question is not None]
        self._complete(questions)
        return questions

    def _question(
        self, element: etree._Element, kept: sa.Row[int, int, str, bytes], version: int = 0
    ) -> Question | None:
        path, context_id = kept.path, self.context_of(kept.slot)
        write = self._writer(context_id)
        if path == LONE_QUESTION:
            question = read_question(element, write)
        else:
            chosen, held = _version_of(element, version)
            if held is None:
                return None
            element, path = held, f"{ENTRY}/{WITHIN_ENTRY}"
            question = read_question(element, write)
            question.state = state_of(chosen)
        question.context_id = context_id
        question.slot, question.record_id = kept.slot, kept.id
        if question.type not in TYPES:
            question.rest = self._rest(element, path, write)
        return question

    def _complete(self, questions: Iterable[Question]) -> None:
        """Find what lies elsewhere: the parts of questions, and their pictures."""
        for question in list(questions):
            if question.part_ids:
                parts = self._parts(question)
                question.parts = [parts[one] for one in question.part_ids if one in parts]
            if question.picture_at is not None:
                question.picture = self._picture(question.context_id, question.picture_at)

    def _parts(self, whole: Question) -> dict[int, Question]:
        """The parts of a question stand in its category; an entry does not say which questions it holds."""
        wanted, parts = set(whole.part_ids), dict[int, Question]()
        found = self._found(PLACES).where(Record.slot == whole.slot).order_by(Record.position)
        rows = db.session.execute(found.limit(MOST_READ).execution_options(yield_per=200))
        for held in rows:
            if not any(b'<question id="%d"' % one in held.body for one in wanted):
                continue
            entry = unpack(held.body)
            ids = {id_of(one) for one in entry.iter("question")} & wanted
            version = _version_with(entry, ids)
            if ids and (part := self._question(entry, held, version)):
                parts[part.id] = part
            if parts.keys() == wanted:
                break
        rows.close()
        return parts

    def _picture(self, context_id: int, area: Area) -> str | None:
        component, name, item = area
        found = sa.select(CourseFile).where(
            CourseFile.version_id == self._course.version_id,
            CourseFile.context_id == context_id,
            CourseFile.component == component,
            CourseFile.filearea == name,
            CourseFile.itemid == item,
            CourseFile.filename != ".",
        )
        row = db.session.scalars(found.limit(1)).first()
        if row is None:
            return None
        return embedded_address(self._course, context_id, *area)(f"{row.filepath}{row.filename}")

    def _rest(self, element: etree._Element, path: str, write: Write) -> Branch:
        """What is kept of a type that is not known here."""
        reader = Reader(
            tree_for("", "questions.xml"), lambda html, format, area, _key: write(html, format, area), {}
        )
        rest = Branch("")
        for own in element.iterchildren(etree.Element):
            if str(own.tag).startswith("plugin_qtype_"):
                rest.inside.append(reader.read(own, f"{path}/{own.tag}"))
        return rest

    def _writer(self, context_id: int) -> Write:
        def write(html: str, format: int, area: Area | None) -> Markup:
            self._count += 1
            return self._texts.within(context_id, html, format, area, f"q{self._count}")

        return write


def _version_of(entry: etree._Element, wanted: int) -> tuple[etree._Element, etree._Element | None]:
    """The version of an entry that is wanted, or the newest; with the question that it holds."""
    versions = list(entry.iterfind("question_version/question_versions"))
    chosen = max(
        versions, key=lambda one: (number(one, "version") == wanted, number(one, "version")), default=entry
    )
    return chosen, chosen.find("questions/question")


def _version_with(entry: etree._Element, ids: Collection[int]) -> int:
    """The version of an entry that holds one of these questions."""
    for version in entry.iterfind("question_version/question_versions"):
        if any(id_of(one) in ids for one in version.iterfind("questions/question")):
            return number(version, "version")
    return 0


def _chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    wanted = sorted(set(ids))
    return (wanted[start : start + 500] for start in range(0, len(wanted), 500))
