"""Puts documents together again from their rows, and writes them for the archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.containers.streams import Writable
from jobs.archive.ids.refs import references_in
from jobs.archive.persons.anonymise import Anonymiser
from jobs.archive.persons.ownership import Parting
from jobs.archive.persons.people import without_people
from jobs.archive.trees import Tree, tree_for
from jobs.archive.xml import fill, unpack, write_document
from jobs.steps.batch import BODIES
from jobs.steps.personal_files import PersonalFiles
from jobs.steps.pruning import Keep, prune
from webapp.models import CourseFile, Document, Record

#: So many records are fetched from the database at a time.
FETCH = 200


@dataclass
class References:
    """What the documents of one folder point to, by kind: what its inforef.xml has to list."""

    ids: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def note(self, kind: str, number: int) -> None:
        self.ids[kind].add(number)


@dataclass(frozen=True)
class Rendering:
    """How documents are to be written: with people, without or under other names; watched by `advance`."""

    session: Session
    people: bool
    advance: Callable[[int], None]
    personal: PersonalFiles
    anonymiser: Anonymiser | None = None
    #: Says which elements stay out of every backup of this kind; None if none do.
    keeps: Keep | None = None
    #: Takes out the work of those whose stays behind.
    parting: Parting | None = None

    def document(
        self,
        document: Document,
        directory: str,
        out: Writable,
        references: References,
        values: Mapping[str, Mapping[str, str | None]],
        keep: Keep | None = None,
    ) -> None:
        """Write one document; `values` are the columns' texts by the path of the element that has the slots.

        With `keep`, what it says no to stays out.
        """
        name = document.name.rpartition("/")[2]
        tree, skeleton = tree_for(directory, name), unpack(document.skeleton)
        for path, texts in values.items():
            root, _, below = path.partition("/")
            element = skeleton.find(below or ".") if root == skeleton.tag else None
            if element is not None:
                fill(element, texts)
        self.advance(len(document.skeleton))
        for keeps in filter(None, (keep, self.keeps)):
            prune(skeleton, str(skeleton.tag), keeps)
        if not self.people:
            without_people(skeleton, str(skeleton.tag), tree)
        if self.parting:
            self.parting.take_out(skeleton, str(skeleton.tag), tree, directory, name)
        self._finish(skeleton, str(skeleton.tag), tree, references)

        def rows(slot: int) -> Iterator[etree._Element]:
            records = self._records(document.id, slot)
            kept = (one for one in records if keep(*one)) if keep else records
            if parting := self.parting:
                kept = (one for one in kept if parting.take_out(one[1], one[0], tree, directory, name))
            return self.prepared(kept, tree, references)

        write_document(out, skeleton, rows)

    def prepared(
        self, rows: Iterable[tuple[str, etree._Element]], tree: Tree, references: References
    ) -> Iterator[etree._Element]:
        """Records as they go out: without people where they stay out, their references noted by the old ids."""
        for path, element in rows:
            if self.keeps and not prune(element, path, self.keeps):
                continue
            if not self.people and without_people(element, path, tree) is None:
                continue
            self._finish(element, path, tree, references)
            yield element

    def withholds(self, row: CourseFile) -> bool:
        """Whether a file stays out because it is somebody's."""
        if self.anonymiser is not None:
            return row.component == "user"
        return not self.people and self.personal.is_users(
            row.component, row.filearea, row.itemid, row.context_id,
            uploader=lambda: unpack(row.body).findtext("userid"),
        )  # fmt: skip

    def _records(self, document_id: int, slot: int) -> Iterator[tuple[str, etree._Element]]:
        place = (Record.document_id == document_id) & (Record.slot == slot)
        if not self.people:
            place &= Record.user_data.is_(False)
        asked = sa.select(Record.path, Record.body).where(place).order_by(Record.position, Record.id)
        for path, body in self.session.execute(asked.execution_options(yield_per=BODIES)):
            self.advance(len(body))
            yield path, unpack(body)

    def _finish(self, element: etree._Element, path: str, tree: Tree, references: References) -> None:
        for kind, number in references_in(element, path, tree):
            references.note(kind, number)
        if self.anonymiser is not None:
            self.anonymiser.apply(element, path, tree)
