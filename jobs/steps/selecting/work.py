"""Whose work goes along with a part of a course, and whose stays where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.ids.numbers import whole
from jobs.archive.persons.ownership import ON_THE_SIDE, Parting, named_in
from jobs.archive.trees import Tree, tree_for
from jobs.archive.xml import unpack
from jobs.steps.batch import BODIES
from jobs.steps.selecting.parts import Selection, documents_of
from jobs.steps.trees_of import places_of
from webapp.models import Block, CourseVersion, Document, Person, Record

#: Their ids in users.xml.
People = frozenset[int]
Checkpoint = Callable[[], None]


@dataclass(frozen=True)
class Work:
    """What people did in what was selected: who did it, and what takes out the work of those who stay behind."""

    #: Whose work goes along, though not what hangs on somebody else’s that stays; and whose stays altogether.
    comes: People
    stays: People
    #: All who are named in what goes along, as those are who graded it.
    named: People
    parting: Parting


def read_work(
    session: Session, selection: Selection, there: People, checkpoint: Checkpoint, *, everybody: bool
) -> Work:
    """Read what people did. What those did who are `there` goes along; with `everybody`, what all did.

    `checkpoint` is called for each record, and may raise to end it.
    """
    reading, groups = _Reading(session, selection, checkpoint), _groups(session, selection.version)
    coming = there | reading.go_through(Parting(groups=groups)).kept if everybody else there
    parting, size = Parting(reading.people - coming, groups), -1
    # What hangs on something that is taken out may stand before it.
    while parting.size > size:
        size, parting.kept, parting.taken = parting.size, set(), set()
        reading.go_through(parting)
    comes = reading.people & parting.kept
    parting.members = comes
    stays = (reading.people & parting.taken) - comes
    return Work(comes, stays, reading.people & reading.named, parting)


class _Reading:
    """Goes through the documents of what was selected, as often as is asked for."""

    def __init__(self, session: Session, selection: Selection, checkpoint: Checkpoint) -> None:
        self._session, self._selection, self._checkpoint = session, selection, checkpoint
        asked = sa.select(Person.moodle_id).where(Person.version_id == selection.version.id)
        self.people: People = frozenset(session.scalars(asked))
        #: Whom what was left in names.
        self.named: set[int] = set()
        self._places = places_of(session, selection.version.id)

    def go_through(self, parting: Parting) -> Parting:
        self.named = set()
        for element, path, tree, directory, name in self._all():
            if parting.take_out(element, path, tree, directory, name):
                self.named |= named_in(element, path, tree)
            self._checkpoint()
        return parting

    def _all(self) -> Iterator[tuple[etree._Element, str, Tree, str, str]]:
        # The blocks of the course page stay there, also where all else of a course is moved.
        in_activities = sa.select(Block.id).where(Block.activity_id.is_not(None))
        owned = (Document.activity_id, Document.section_id)
        there = documents_of(self._selection) & (
            sa.or_(*(one.is_not(None) for one in owned)) | Document.block_id.in_(in_activities)
        )
        there &= Document.name.not_in((*ON_THE_SIDE, "inforef.xml"))
        documents = self._session.execute(
            sa.select(Document.id, Document.name, Document.skeleton).where(there)
        )
        for number, name, skeleton in documents.all():
            directory = self._places[number][0]
            tree, root = tree_for(directory, name), unpack(skeleton)
            yield root, str(root.tag), tree, directory, name
            asked = sa.select(Record.path, Record.body).where(Record.document_id == number)
            for path, body in self._session.execute(asked.execution_options(yield_per=BODIES)):
                yield unpack(body), path, tree, directory, name


def _groups(session: Session, version: CourseVersion) -> dict[int, People]:
    """The members of the groups of a course."""
    asked = sa.select(Record.moodle_id, Record.body).join(Document, Record.document_id == Document.id)
    asked = asked.where(
        Document.version_id == version.id, Document.name == "groups.xml", Record.path == "groups/group"
    )
    return {
        number: frozenset(_members(unpack(body)))
        for number, body in session.execute(asked.execution_options(yield_per=BODIES))
        if number
    }


def _members(group: etree._Element) -> Iterator[int]:
    for leaf in group.iterfind("group_members/group_member/userid"):
        if number := whole(leaf.text):
            yield number
