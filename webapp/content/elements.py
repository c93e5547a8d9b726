"""Finds one element in the documents of a course, and changes leaves in it; everything else stays as it is kept.

An element stands in the skeleton of its document, or in one of the document's records (jobs.archive.xml).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa
from lxml import etree

from jobs.archive.trees import Tree, tree_for
from jobs.archive.xml import pack, rows_of, set_text, text_of, unpack
from webapp.content.documents import set_leaf
from webapp.content.drafts import Draft
from webapp.content.edit import ContentChanged, Edit, edit
from webapp.content.files import FilePlace
from webapp.content.lookups import find_document
from webapp.content.pieces import keep_whole, whole
from webapp.extensions import db
from webapp.models import Activity, Course, Document, Record, User


@dataclass(frozen=True)
class Place:
    """Where an element stands: in which document, and the tags from its root ("activity/book/chapters/chapter")."""

    document: str
    path: str
    #: Whose document it is; None: the course's.
    activity: Activity | None = None
    #: The archive's id of the element; 0 for one that is there once.
    moodle_id: int = 0
    #: The record that it is in, where the element's own id does not say.
    record_id: int = 0

    @property
    def tree(self) -> Tree:
        directory = self.activity.directory if self.activity else ""
        return tree_for(directory, self.document)


@dataclass(frozen=True)
class Pictured:
    """A text whose pasted pictures become files of an area."""

    draft: Draft
    files: FilePlace


@dataclass(frozen=True)
class Change:
    """What a leaf of an element is to say from now on."""

    #: The way from the element to the leaf: "answers/answer[2]/fraction".
    leaf: str
    #: What it said when the person read it; None is the archive's null.
    before: str | None
    after: str | Pictured
    #: The leaf that says in which format the text is, and the format that it has now.
    format_leaf: str = ""
    format: int = 0


#: What else has to happen where an element is changed: told the edit, the element, what is to change and who changes
#: it, it returns what is to change then.
Prepare = Callable[[Edit, etree._Element, list[Change], str], list[Change]]


class Opened:
    """An element with what it is kept in."""

    def __init__(
        self, document: Document, kept_in: Document | Record, root: etree._Element, element: etree._Element
    ) -> None:
        self._document = document
        self._kept_in = kept_in
        self._root = root
        self.element = element

    @property
    def slot(self) -> int:
        """The gap of the document that the element's record fills; 0 for an element of the skeleton."""
        return self._kept_in.slot if isinstance(self._kept_in, Record) else 0

    def in_place(self) -> etree._Element:
        """The element among those around it in its document, which say where its files lie; a copy, to be read."""
        if not self.slot:
            return self.element
        way = etree.ElementTree(self._root).getelementpath(self.element)
        record = deepcopy(self._root)
        for gap in unpack(self._document.skeleton).iter(etree.ProcessingInstruction):
            around = gap.getparent()
            if around is not None and rows_of(gap) == self.slot:
                around.append(record)
        found = record.find(way)
        return record if found is None else found

    def keep(self) -> None:
        if isinstance(self._kept_in, Record):
            keep_whole(self._kept_in, self._root)
        else:
            self._kept_in.skeleton = pack(self._root)


def open_element(version_id: int, place: Place) -> Opened | None:
    """The element at a place; None if there is none."""
    document = find_document(version_id, place.document, activity=place.activity)
    if document is None:
        return None
    record_path = _record_path(place)
    kept_in = _record(document, record_path, place) if record_path else document
    if kept_in is None:
        return None
    root = whole(document.id, kept_in.body) if isinstance(kept_in, Record) else unpack(kept_in.skeleton)
    way = place.path.removeprefix(record_path or str(root.tag)).lstrip("/")
    found = root.iterfind(way) if way else iter([root])
    for element in found:
        if not place.moodle_id or element.get("id") == str(place.moodle_id):
            return Opened(document, kept_in, root, element)
    return None


def own_place(activity: Activity) -> Place:
    """Where the type's own element is in an activity's document."""
    return Place(f"{activity.type}.xml", f"activity/{activity.type}", activity)


def change_element(
    course: Course,
    place: Place,
    changes: Iterable[Change],
    by: User,
    also: Mapping[str, str] | None = None,
    prepare: Prepare | None = None,
) -> None:
    """Change leaves of an element; with them those of its own leaves that are in `also`, whatever they say.

    Raises ContentChanged if the element is gone, or a leaf says something else than when it was read.
    """
    author = by.name
    with edit(course) as change:
        if place.activity is not None:
            change.own(place.activity)
        rewrite_element(change, place, changes, author, also or {}, prepare)


def rewrite_element(
    change: Edit,
    place: Place,
    changes: Iterable[Change],
    author: str,
    also: Mapping[str, str] = MappingProxyType({}),
    prepare: Prepare | None = None,
) -> None:
    """The same within an edit; does nothing where there are no changes."""
    changes = list(changes)
    opened = open_element(change.version.id, place) if changes else None
    if opened is None:
        if changes:
            raise ContentChanged
        return
    if prepare is not None:
        changes = prepare(change, opened.element, changes, author)
    for one in changes:
        _rewrite_leaf(change, opened.element, one, author)
    for name, value in also.items():
        set_leaf(opened.element, name, value)
    opened.keep()


def _rewrite_leaf(change: Edit, element: etree._Element, one: Change, author: str) -> None:
    leaf = element.find(one.leaf)
    if leaf is None or text_of(leaf) != one.before:
        raise ContentChanged
    after = one.after
    set_text(leaf, after if isinstance(after, str) else after.draft.named(change, after.files, author))
    format_leaf = element.find(one.format_leaf) if one.format_leaf else None
    if format_leaf is not None:
        set_text(format_leaf, str(one.format))
    _note_change(leaf, change.now)


def _note_change(leaf: etree._Element, now: int) -> None:
    """Say when in the nearest element around the leaf that says so, as Moodle does."""
    for around in leaf.iterancestors():
        if around.find("timemodified") is not None:
            set_leaf(around, "timemodified", str(now))
            return


def _record_path(place: Place) -> str:
    """The path of the record that the element is in, or is itself; empty where it is in the skeleton."""
    tags = place.path.split("/")
    paths = ("/".join(tags[:count]) for count in range(2, len(tags) + 1))
    return next((path for path in paths if place.tree.is_record(path)), "")


def _record(document: Document, path: str, place: Place) -> Record | None:
    found = sa.select(Record).where(Record.document_id == document.id, Record.path == path)
    wanted = Record.id == place.record_id if place.record_id else Record.moodle_id == place.moodle_id
    return db.session.scalars(found.where(wanted).limit(1)).first()
