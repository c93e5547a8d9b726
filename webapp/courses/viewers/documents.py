"""An activity's own document as a viewer reads it: its leaves, its records by pages, its people and files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import count

import sqlalchemy as sa
from lxml import etree
from markupsafe import Markup

from jobs.archive.xml import unpack
from webapp.content.lookups import find_document
from webapp.content.pieces import Inside, whole
from webapp.courses.texts import Texts
from webapp.courses.viewers.around import Around
from webapp.courses.viewers.leaves import id_of, leaf
from webapp.courses.viewers.names import Name, Names
from webapp.extensions import db
from webapp.html import format_of
from webapp.models import Activity, Course, CourseFile, Document, Record

#: Records on one page.
ROWS = 50
#: How many records are read at most to count or to sort them; what is beyond is told, not read.
MOST_READ = 5000
#: So many bytes of a record are looked at for a leaf near its beginning.
_HEAD = 4096
#: Where the files of a text lie: component, area and item.
Area = tuple[str, str, int]


@dataclass(frozen=True)
class Asked:
    """What of an activity is asked for: a page of its list, perhaps of one thing in it."""

    page: int = 1
    #: The archive's id of a discussion, an attempt or the like.
    item: int | None = None


FIRST_PAGE = Asked()


@dataclass(frozen=True)
class Pages:
    """A list that is shown by pages: where one is in it."""

    number: int
    total: int
    rows: int = ROWS

    @property
    def first(self) -> int:
        """How many stand before this page."""
        return (self.number - 1) * self.rows

    @property
    def has_more(self) -> bool:
        return self.number * self.rows < self.total


def slots_of(container: etree._Element) -> set[int]:
    """Which slots of a skeleton stand in this element."""
    places = container.iter(etree.ProcessingInstruction)
    return {
        int(one.text or 0)
        for one in places
        if isinstance(one, etree._ProcessingInstruction) and one.target == "rows"
    }


class Source:
    """The document of one activity, read for somebody who may (or may not) see people."""

    def __init__(
        self, course: Course, activity: Activity, document: Document, asked: Asked, *, with_people: bool
    ) -> None:
        self.course = course
        self.activity = activity
        self.asked = asked
        self.with_people = with_people
        self._document = document
        self._texts = Texts(course)
        self._names = Names(course)
        self._keys = count(1)
        #: The course's scales and groups, which documents of the whole course hold.
        self.around = Around(course)

    @cached_property
    def own(self) -> etree._Element:
        """The type's element in the document without its records: activity/TYPE; of another document its root."""
        root = unpack(self._document.skeleton)
        if root.tag != "activity":
            return root
        found = root.find(self.activity.type)
        return found if found is not None else etree.Element(self.activity.type)

    def beside(self, name: str) -> Source | None:
        """Another document of the activity, such as grading.xml, for the same page."""
        document = find_document(self.course.version_id, name, activity=self.activity)
        if document is None:
            return None
        other = copy(self)
        other._document = document
        other.__dict__.pop("own", None)
        return other

    def pages(self, tail: str, *, rows: int = ROWS) -> Pages:
        """Where one is among the records "discussions/discussion"."""
        return Pages(max(1, self.asked.page), self.count(tail), rows)

    def count(self, tail: str) -> int:
        found = self._found(tail).with_only_columns(sa.func.count())
        return db.session.scalars(found).one()

    def page_of(self, tail: str, pages: Pages, *, cut: bool = False) -> Iterator[etree._Element]:
        """The records of a page in the archive's order, one after the other.

        With `cut` a large one comes as it is kept: `inside` says what is in it.
        """
        found = self._in_order(tail).limit(pages.rows).offset(pages.first)
        for body in db.session.scalars(found.execution_options(yield_per=10)):
            yield self._read(body, cut=cut)

    def all(self, tail: str, *, limit: int = MOST_READ) -> Iterator[etree._Element]:
        """The records one after the other, at most `limit` of them, without holding them all."""
        for body in db.session.scalars(self._in_order(tail).limit(limit).execution_options(yield_per=200)):
            yield self._read(body)

    def with_slots(
        self, tail: str, *, limit: int = MOST_READ, after: int = 0, cut: bool = False
    ) -> Iterator[tuple[int, etree._Element]]:
        """The records with the slots they belong into, where several elements of `own` have such."""
        found = self._in_order(tail).with_only_columns(Record.slot, Record.body).limit(limit).offset(after)
        for slot, body in db.session.execute(found.execution_options(yield_per=200)):
            yield slot, self._read(body, cut=cut)

    def heads(self, tail: str, name: str, *, limit: int = MOST_READ) -> Iterator[tuple[int, int, str]]:
        """Of each record its slot, its id and one leaf that stands near its beginning; the rest is not read."""
        beginning = sa.func.substr(Record.body, 1, _HEAD)
        found = self._in_order(tail).with_only_columns(Record.slot, Record.moodle_id, beginning).limit(limit)
        for slot, moodle_id, head in db.session.execute(found.execution_options(yield_per=200)):
            yield slot, moodle_id or 0, _leaf_near(head, name)

    def some(self, tail: str, moodle_ids: Iterable[int]) -> dict[int, etree._Element]:
        """The records with these ids of the archive, a page's worth of them."""
        found = self._found(tail).where(Record.moodle_id.in_(sorted(set(moodle_ids))))
        rows = db.session.scalars(found)
        return {id_of(element): element for element in map(self._read, rows)}

    def one(self, tail: str, moodle_id: int | None, *, cut: bool = False) -> etree._Element | None:
        """The record with this id of the archive."""
        body = db.session.scalars(self._found(tail).where(Record.moodle_id == moodle_id).limit(1)).first()
        return self._read(body, cut=cut) if body is not None else None

    def inside(self, record: etree._Element, path: str) -> Inside:
        """What repeats in a record that was asked for with `cut`, such as its "posts"."""
        return Inside(self._document.id, record.find(path))

    def slot_of(self, tail: str, moodle_id: int) -> int:
        """The slot that a record belongs into; 0 if there is no such record."""
        found = self._found(tail).with_only_columns(Record.slot).where(Record.moodle_id == moodle_id).limit(1)
        return db.session.scalars(found).first() or 0

    def person(self, moodle_id: int) -> Name:
        """Somebody of the course, whose name is looked up with all the others when the first is shown."""
        return self._names.of(moodle_id)

    def text(self, html: str, format: int = 1, area: Area | None = None, *, top: int = 4) -> Markup:
        """A text, cleaned; `area` is where its pictures lie, `top` the level that its headings begin at."""
        return self._texts.leaf(self.activity, html, format, area, f"v{next(self._keys)}", top=top)

    def html(
        self,
        element: etree._Element,
        name: str,
        component: str = "",
        area: str = "",
        itemid: int = 0,
        *,
        format: str = "",
    ) -> Markup:
        """The text in a leaf; its format stands in a leaf beside it, its pictures (if any) in a file area."""
        kind = format_of(leaf(element, format or f"{name}format"))
        return self.text(leaf(element, name), kind, (component, area, itemid))

    def files(self, component: str, area: str, itemids: Iterable[int]) -> dict[int, list[CourseFile]]:
        """The files of an area by the item they belong to."""
        wanted = sorted(set(itemids))
        by_item: dict[int, list[CourseFile]] = defaultdict(list)
        for start in range(0, len(wanted), 500):
            found = sa.select(CourseFile).where(
                CourseFile.version_id == self.course.version_id,
                CourseFile.context_id == self.activity.context_id,
                CourseFile.component == component,
                CourseFile.filearea == area,
                CourseFile.itemid.in_(wanted[start : start + 500]),
                CourseFile.filename != ".",
            )
            if not self.with_people:
                found = found.where(sa.not_(CourseFile.user_data))
            for row in db.session.scalars(found.order_by(CourseFile.filepath, CourseFile.filename)):
                by_item[row.itemid].append(row)
        return by_item

    def _read(self, body: bytes, *, cut: bool = False) -> etree._Element:
        return unpack(body) if cut else whole(self._document.id, body)

    @property
    def _path(self) -> str:
        name = str(self.own.tag)
        return f"activity/{name}" if self._document.name == f"{self.activity.type}.xml" else name

    def _in_order(self, tail: str) -> sa.Select[bytes]:
        return self._found(tail).order_by(Record.slot, Record.position, Record.id)

    def _found(self, tail: str) -> sa.Select[bytes]:
        found = sa.select(Record.body).where(
            Record.document_id == self._document.id,
            Record.path == f"{self._path}/{tail}",
        )
        # What people did is only for those who may see people, whatever a viewer asks for.
        return found if self.with_people else found.where(sa.not_(Record.user_data))


def source_of(course: Course, activity: Activity, asked: Asked, *, with_people: bool) -> Source | None:
    """What a viewer reads; None where the archive had no document of the activity's own."""
    document = find_document(course.version_id, f"{activity.type}.xml", activity=activity)
    return Source(course, activity, document, asked, with_people=with_people) if document else None


def _leaf_near(head: bytes, name: str) -> str:
    """The first leaf of this name in the beginning of a record."""
    parser = etree.XMLPullParser(("end",), tag=name, resolve_entities=False, no_network=True)
    parser.feed(head)
    found = (node for _event, node in parser.read_events() if isinstance(node, etree._Element))
    first = next(found, None)
    return (first.text or "").strip() if first is not None else ""
