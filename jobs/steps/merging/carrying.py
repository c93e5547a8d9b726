"""Carries what nobody has declared from a document that comes in to the one that the course has, and takes it back.

Of two things that are the same the course keeps its own; but what no declaration knows may say something that the
course does not know either, so it goes along.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.trees import Node, Tree
from jobs.archive.xml import is_leaf, pack, unpack
from jobs.steps.matching.questions import QUESTIONS
from webapp.models import Document, Record

#: Where something was added: the tag and id of each element on the way down to it, or in the end "@name".
Place = list[Any]


@dataclass(frozen=True)
class Carrying:
    """One document of the course, `into`, and the one that comes in; ids below `first_id` are the course's."""

    session: Session
    into: Document
    incoming: Document
    tree: Tree
    first_id: int

    def carry(self, incoming: etree._Element) -> list[list[Any]]:
        """Add to the course's document; `incoming` is the other's skeleton, without what is not taken.

        Returns what `take_back` has to know.
        """
        root = unpack(self.into.skeleton)
        places = list(_carried(incoming, root, self.tree.root, []))
        added = []
        for record in self._matched():
            path, source = record.path, unpack(record.body)
            node, own = self.tree.node(path), self._own(record)
            if own is not None:
                element = unpack(own.body)
                if found := list(_carried(source, element, node, [])):
                    own.body = pack(element)
                    added += [["record", own.id, place] for place in found]
            elif (inline := _find(root, way := _way(path, source))) is not None:
                places += _carried(source, inline, node, way)
        self.into.skeleton = pack(root)
        return [*(["document", self.into.id, place] for place in places), *added]

    def _matched(self) -> Iterator[Record]:
        """The records that come in and that the course has; what people do is as the course has it."""
        if self.into.name == QUESTIONS:
            return  # those that are the same are of the same elements
        mine = (Record.document_id == self.incoming.id) & Record.user_data.is_(False)
        yield from self.session.scalars(sa.select(Record).where(mine, Record.moodle_id < self.first_id))

    def _own(self, record: Record) -> Record | None:
        same = (Record.path == record.path) & (Record.moodle_id == record.moodle_id)
        mine = sa.select(Record).where(Record.document_id == self.into.id, same)
        return self.session.scalars(mine).first()


def take_back(session: Session, added: list[list[Any]]) -> None:
    """Take out again what was carried over, where it is still there."""
    for kind, number, place in reversed(added):
        row: Any = session.get(Document if kind == "document" else Record, number)
        if row is None:
            continue
        root = unpack(row.skeleton if kind == "document" else row.body)
        _remove(root, place)
        if kind == "document":
            row.skeleton = pack(root)
        else:
            row.body = pack(root)


def _carried(source: etree._Element, goal: etree._Element, node: Node | None, way: Place) -> Iterator[Place]:
    """Add to an element, and to what it has of the other's elements, what is not declared and not there."""
    for name, value in source.items():
        if goal.get(name) is None:
            goal.set(name, value)
            yield [*way, f"@{name!s}"]
    for child in source.iterchildren(etree.Element):
        known = node.children.get(child.tag) if node else None
        same = _same(child, goal)
        if known is None and (node is None or child.tag not in node.leaves):
            yield from _add(child, same, goal, way)
        elif known is not None and same is not None:
            yield from _carried(child, same, known, [*way, _step(child)])


def _add(
    child: etree._Element, same: etree._Element | None, goal: etree._Element, way: Place
) -> Iterator[Place]:
    if same is not None and not is_leaf(child) and not is_leaf(same):
        yield from _carried(child, same, None, [*way, _step(child)])
    elif pack(child) not in map(pack, goal.iterchildren(child.tag)):
        later = {one.tag for one in child.itersiblings()}
        place = next((place for place, one in enumerate(goal) if one.tag in later), len(goal))
        goal.insert(place, unpack(pack(child)))
        yield [*way, _step(child)]


def _same(child: etree._Element, goal: etree._Element) -> etree._Element | None:
    return next((one for one in goal.iterchildren(child.tag) if one.get("id") == child.get("id")), None)


def _step(element: etree._Element) -> list[str | None]:
    return [str(element.tag), element.get("id")]


def _way(path: str, record: etree._Element) -> Place:
    """The way to a record that a document holds itself, from its root."""
    return [*([tag, None] for tag in path.split("/")[1:-1]), _step(record)]


def _find(root: etree._Element, way: Place) -> etree._Element | None:
    """The last element on the way: what is added stands behind its likes."""
    element: etree._Element | None = root
    for tag, number in way:
        likes = element.iterchildren(tag) if element is not None else ()
        element = next((one for one in reversed(list(likes)) if one.get("id") == number), None)
    return element


def _remove(root: etree._Element, place: Place) -> None:
    *way, last = place
    if isinstance(last, str):
        owner = _find(root, way)
        if owner is not None and (name := last.removeprefix("@")) in owner.attrib:
            del owner.attrib[name]
        return
    element = _find(root, place)
    parent = element.getparent() if element is not None else None
    if element is not None and parent is not None:
        parent.remove(element)
