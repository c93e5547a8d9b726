"""The honest view of an activity type that has no page of its own: what its document and its records hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import groupby

import sqlalchemy as sa
from lxml import etree

from jobs.archive.trees import tree_for
from jobs.archive.xml import unpack
from webapp.content.lookups import find_document
from webapp.courses.texts import Texts
from webapp.extensions import db
from webapp.models import Activity, Course, Document, Person, Record
from webapp.reading import Branch, Reader, label_of, people_in

ROWS = 50
#: Types that are made to be read: everybody who sees the activity sees its texts.
READABLE = frozenset({"book"})


@dataclass(frozen=True)
class Shelf:
    """Records of one kind that stand together."""

    title: str
    branches: list[Branch]


@dataclass(frozen=True)
class View:
    """What is shown of an activity's document."""

    own: Branch
    shelves: list[Shelf]
    total: int
    number: int
    #: Whether facts are shown beside texts; pupils read texts alone.
    with_facts: bool

    @property
    def has_more(self) -> bool:
        return self.number * ROWS < self.total

    @property
    def is_empty(self) -> bool:
        return self.own.is_empty and not self.total


def view_of(course: Course, activity: Activity, page: int, *, with_people: bool) -> View | None:
    """The view for somebody who may (or may not) see people; None where there is nothing for them."""
    document = find_document(course.version_id, f"{activity.type}.xml", activity=activity)
    if document is None or not (with_people or activity.type in READABLE):
        return None
    records, total = _records(document, max(1, page), with_people=with_people)
    skeleton = unpack(document.skeleton)
    elements = [skeleton, *(element for _, element in records)]
    names = _names(course, people_in(elements)) if with_people else {}
    reader = Reader(tree_for(activity.directory, document.name), partial(Texts(course).leaf, activity), names)
    reader.learn(skeleton, str(skeleton.tag))
    own = skeleton.find(activity.type)
    branch = Branch("")
    if own is not None and page <= 1:
        branch = reader.read(own, f"activity/{activity.type}", skip=frozenset({"name", "intro"}))
    return View(branch, _shelves(reader, records), total, max(1, page), with_people)


def _shelves(reader: Reader, records: list[tuple[str, etree._Element]]) -> list[Shelf]:
    shelves = []
    for path, some in groupby(records, key=lambda record: record[0]):
        container = path.split("/")[-2]
        branches = [reader.read(element, path) for _, element in some]
        shelves.append(Shelf(label_of(container), [one for one in branches if not one.is_empty]))
    return [shelf for shelf in shelves if shelf.branches]


def _records(
    document: Document, page: int, *, with_people: bool
) -> tuple[list[tuple[str, etree._Element]], int]:
    found = sa.select(Record.path, Record.body).where(Record.document_id == document.id)
    if not with_people:
        found = found.where(sa.not_(Record.user_data))
    total = db.session.scalars(sa.select(sa.func.count()).select_from(found.subquery())).one()
    rows = found.order_by(Record.slot, Record.position, Record.id).limit(ROWS).offset((page - 1) * ROWS)
    elements = [(path, unpack(body)) for path, body in db.session.execute(rows)]
    # A chapter that its teacher has hidden is not for pupils.
    return [one for one in elements if with_people or one[1].findtext("hidden") != "1"], total


def _names(course: Course, ids: set[int]) -> dict[int, str]:
    found = sa.select(Person).where(
        Person.version_id == course.version_id, Person.moodle_id.in_(sorted(ids)[:500])
    )
    return {person.moodle_id: person.name for person in db.session.scalars(found)}
