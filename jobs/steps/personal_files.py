"""Whose a file is where its area does not tell: the record that it belongs to does.

A workshop keeps its examples and what people handed in under the same names, a calendar the dates of all and
of one; and of a plugin nobody has said what its areas are for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.file_areas import Area, holds_user_data, is_declared, shared_areas
from jobs.archive.ids.numbers import is_whole
from jobs.archive.ids.person_names import names_person
from jobs.archive.persons.people import without_people
from jobs.archive.trees import Tree, tree_for
from jobs.archive.xml import unpack
from jobs.steps.batch import BODIES
from webapp.models import Activity, Document, Record

_DATES = tree_for("course", "calendar.xml")


@dataclass
class _Items:
    """What of one activity stays when people are left out, and what goes."""

    by_area: dict[Area, set[int]] = field(default_factory=dict)
    staying: set[tuple[str, int]] = field(default_factory=set)
    going: set[tuple[str, int]] = field(default_factory=set)
    #: Who is named in what goes.
    people: set[str] = field(default_factory=set)


@dataclass
class PersonalFiles:
    """Answers about the files of one version; what an activity holds is read once, when a file asks for it.

    `gone` are the ids of what was somebody's and is not in the version any more, by folder.
    """

    session: Session
    version_id: int
    gone: Mapping[str, set[tuple[str, int]]] = field(default_factory=dict)
    _items: dict[int, _Items] = field(default_factory=dict)

    def is_users(
        self, component: str, filearea: str, itemid: int, context_id: int, uploader: Callable[[], str | None]
    ) -> bool:
        """Whether the file is somebody's, and stays out when people do. `uploader` tells who brought it."""
        area = (component, filearea)
        if holds_user_data(*area):
            return True
        if area in shared_areas():
            return itemid not in self._of(context_id).by_area.get(area, ())
        if is_declared(*area) or not itemid or filearea == "intro":
            return False
        items = self._of(context_id)
        if itemid not in {number for _, number in items.going}:
            return False
        # Ids of several tables may be the same; then the person who brought the file decides.
        return uploader() in items.people or itemid not in {number for _, number in items.staying}

    def _of(self, context_id: int) -> _Items:
        if context_id not in self._items:
            self._items[context_id] = self._read(context_id)
        return self._items[context_id]

    def _read(self, context_id: int) -> _Items:
        items = _Items()
        here = sa.select(Activity.type, Activity.directory, Document.id, Document.skeleton)
        here = here.join(Document, Document.activity_id == Activity.id)
        here = here.where(Activity.version_id == self.version_id, Activity.context_id == context_id)
        for kind, directory, document_id, skeleton in self.session.execute(
            here.where(Document.name == Activity.type + ".xml")
        ).all():
            items.going |= self.gone.get(directory, set())
            tree = tree_for(directory, f"{kind}.xml")
            root = unpack(skeleton)
            _take(root, str(root.tag), tree, items)
            for path, element, is_users in self._records(document_id):
                _take(element, path, tree, items, is_users=is_users)
        self._read_dates(context_id, items)
        return items

    def _read_dates(self, context_id: int, items: _Items) -> None:
        """Note the dates that stay, of the activity or the course whose context it is: files lie in their texts."""
        of_activity = sa.select(Document.id).join(Activity, Document.activity_id == Activity.id)
        of_activity = of_activity.where(Activity.context_id == context_id, Document.name == "calendar.xml")
        of_course = sa.select(Document.id).where(Document.name == "course/calendar.xml")
        for asked in (of_activity, of_course):
            documents = self.session.scalars(asked.where(Document.version_id == self.version_id)).all()
            for path, element, _is_users in chain.from_iterable(map(self._records, documents)):
                if without_people(element, path, _DATES) is not None:
                    _take_areas(element, path, _DATES, items)

    def _records(self, document_id: int) -> Iterator[tuple[str, etree._Element, bool]]:
        asked = sa.select(Record.path, Record.body, Record.user_data).where(Record.document_id == document_id)
        for path, body, is_users in self.session.execute(asked.execution_options(yield_per=BODIES)):
            yield path, unpack(body), is_users


def _take(element: etree._Element, path: str, tree: Tree, items: _Items, *, is_users: bool = False) -> None:
    before, people = ids_in(element), set(_people(element))
    kept = None if is_users else without_people(element, path, tree)
    after = set() if kept is None else ids_in(kept)
    items.staying |= after
    items.going |= before - after
    if before - after:
        items.people |= people
    if kept is not None:
        _take_areas(kept, path, tree, items)


def _take_areas(element: etree._Element, path: str, tree: Tree, items: _Items) -> None:
    node = tree.node(path)
    if node is None:
        return
    number = element.get("id") or ""
    embedded = [leaf.embeds for leaf in node.leaves.values() if leaf.embeds]
    for area in (*node.files, *embedded):
        if area.itemid == "id" and is_whole(number):
            items.by_area.setdefault((area.component, area.area), set()).add(int(number))
    for child in element.iterchildren(etree.Element):
        _take_areas(child, f"{path}/{child.tag}", tree, items)


def ids_in(element: etree._Element) -> set[tuple[str, int]]:
    """Return the ids of the elements, each with the name of its kind."""
    numbers = ((str(one.tag), one.get("id") or "") for one in element.iter(etree.Element))
    return {(tag, int(number)) for tag, number in numbers if is_whole(number)}


def _people(element: etree._Element) -> Iterator[str]:
    return (one.text for one in element.iter(etree.Element) if one.text and names_person(str(one.tag)))
