"""Puts the documents of a course as a whole together with those that come in, within one transaction.

An element with an id that both have is the same one; what it holds goes into what it holds here. Leaves that are
there stay as they are. Records are moved, not copied, and stand behind those that are there.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.trees import Node
from jobs.archive.xml import is_leaf, pack, unpack
from jobs.archive.xml.leaves import target
from webapp.models import Document, Record


@dataclass
class Graft:
    """One document of the course, `into`, and the one that comes in."""

    session: Session
    into: Document
    incoming: Document
    #: The declaration of the root, for the order of what is in it.
    node: Node | None
    #: Ids below this are of things that the course has already.
    first_id: int
    _slots: dict[int, int] = field(default_factory=dict)
    _used: dict[int, set[str]] = field(default_factory=dict)
    _last: int = 0

    def join(self, incoming: etree._Element) -> None:
        """Write the course's document anew; `incoming` is the other's skeleton, without what is not taken."""
        root = unpack(self.into.skeleton)
        self._used = _paths(self.session, self.into.id)
        coming = _paths(self.session, self.incoming.id)
        self._last = max((int(place.text or 0) for place in _places(root)), default=0)
        self._join(incoming, root, self.node, coming)
        self.into.skeleton = pack(root)
        self._move_records()

    def _join(
        self, source: etree._Element, goal: etree._Element, node: Node | None, coming: dict[int, set[str]]
    ) -> None:
        for child in source:
            known = node.children.get(child.tag) if node and isinstance(child.tag, str) else None
            if target(child) == "rows":
                slot = int(child.text or 0)
                if coming.get(slot):
                    self._slots[slot] = self._slot_in(goal, node, coming[slot])
            elif known is None or (is_leaf(child) and not child.get("id")):
                continue  # it stays as it is; what nobody has declared is carried over by `jobs.steps.merging.carrying`
            elif (same := _same(child, goal)) is not None:
                self._join(child, same, known, coming)
            else:
                self._add(child, goal, node)

    def _add(self, child: etree._Element, goal: etree._Element, node: Node | None) -> None:
        """Put a copy of an element behind its likes, with places of its own for its records."""
        copy = unpack(pack(child))
        for place in _places(copy):
            self._slots[int(place.text or 0)] = self._next_slot()
            place.text = str(self._last)
        goal.insert(_position(goal, str(child.tag), node), copy)

    def _slot_in(self, goal: etree._Element, node: Node | None, paths: set[str]) -> int:
        """The place for records of these paths in an element; a new one if there is none."""
        for place in goal:
            if target(place) == "rows" and self._used.get(int(place.text or 0), paths) & paths:
                return int(place.text or 0)
        tag = next(iter(paths)).rpartition("/")[2]
        place = etree.ProcessingInstruction("rows", str(self._next_slot()))
        goal.insert(_position(goal, tag, node), place)
        return self._last

    def _next_slot(self) -> int:
        self._last += 1
        return self._last

    def _move_records(self) -> None:
        """Move the records that are new; those that the course has are left with the other version."""
        behind = sa.select(sa.func.coalesce(sa.func.max(Record.position), 0) + 1)
        ahead = self.session.scalars(behind.where(Record.document_id == self.into.id)).one()
        for slot, new_slot in self._slots.items():
            new = (Record.document_id == self.incoming.id) & (Record.slot == slot)
            new &= Record.moodle_id.is_(None) | (Record.moodle_id >= self.first_id)
            self.session.execute(
                sa.update(Record).where(new).values(
                    version_id=self.into.version_id, document_id=self.into.id, slot=new_slot,
                    position=Record.position + ahead,
                ),
                execution_options={"synchronize_session": False},
            )  # fmt: skip


def _paths(session: Session, document_id: int) -> dict[int, set[str]]:
    """Which records stand in which place of a document, by their paths."""
    found: dict[int, set[str]] = {}
    asked = sa.select(Record.slot, Record.path).where(Record.document_id == document_id).distinct()
    for slot, path in session.execute(asked):
        found.setdefault(slot, set()).add(path)
    return found


def _places(element: etree._Element) -> list[etree._Element]:
    return [one for one in element.iter(etree.ProcessingInstruction) if target(one) == "rows"]


def _same(child: etree._Element, goal: etree._Element) -> etree._Element | None:
    """The element that a child goes into: with its id, or, if it has none, its only like."""
    return next((one for one in goal.iterchildren(child.tag) if one.get("id") == child.get("id")), None)


def _position(goal: etree._Element, tag: str, node: Node | None) -> int:
    """Where another of these stands: before the first element that the declaration has after it."""
    order = list(node.children) if node else []
    if tag not in order:
        return len(goal)
    later = set(order[order.index(tag) + 1 :])
    return next((place for place, one in enumerate(goal) if one.tag in later), len(goal))
