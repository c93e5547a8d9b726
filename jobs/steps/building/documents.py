"""Takes one XML document of an archive apart into rows of the version that is being built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from lxml import etree

from jobs.archive.containers.streams import Readable
from jobs.archive.dates import DateShift, shift_dates
from jobs.archive.ids.numbers import whole_number
from jobs.archive.ids.refs import highest_id
from jobs.archive.limits import DEFAULT_LIMITS
from jobs.archive.persons.people import is_user_data, without_people
from jobs.archive.trees import Tree, tree_for
from jobs.archive.xml import Record, Skeleton, pack, split
from jobs.problems import ArchiveProblem
from jobs.steps.batch import Batch, DocumentDraft
from jobs.steps.building.owners import Owner, Owners
from jobs.steps.personal_files import ids_in
from jobs.steps.pruning import Sieve, sift
from jobs.steps.root_documents import kept_name
from webapp.content import columns
from webapp.models import Activity, Section

ENROLMENT = "enrolments/enrols/enrol/user_enrolments/enrolment"


@dataclass
class CourseFacts:
    """What course.xml says that belongs to the course itself or to its version."""

    course: dict[str, Any] = field(default_factory=dict)
    version: dict[str, Any] = field(default_factory=dict)


@dataclass
class Intake:
    """Takes documents in, one after the other."""

    batch: Batch
    owners: Owners
    people: bool
    #: By how much the dates of the course move; None if they stay.
    shift: DateShift | None = None
    facts: CourseFacts = field(default_factory=CourseFacts)
    #: The largest id met so far; new things get higher ones.
    highest: int = 0
    #: The ids of those who are enrolled, as far as enrolments.xml has been read.
    enrolled: set[int] = field(default_factory=set)
    #: The ids of what was left out as somebody's, by folder.
    gone: dict[str, set[tuple[str, int]]] = field(default_factory=dict)
    #: What of the archive is wanted; None for all of it.
    sieve: Sieve | None = None
    #: The pieces of the record that is being read: their places, and whether they are somebody's.
    _pieces: set[tuple[int, bool]] = field(default_factory=set)
    _positions: int = 0

    def take_in(self, name: str, stream: Readable) -> None:
        """Write the document's records and skeleton. Raises ArchiveProblem if it is damaged."""
        directory, _, filename = name.rpartition("/")
        owner = self.owners.of(directory)
        if owner is None and self.owners.part is not None and (kept := kept_name(name)):
            owner, filename = self.owners.part, kept
        tree = tree_for(directory, filename)
        draft = DocumentDraft(
            owner=owner.columns if owner else {}, name=filename if owner else name, position=self._next()
        )
        self.batch.document(draft)
        self._pieces.clear()
        # No enumerate, which would hold on to a record that is done with.
        positions = count()
        for part in self.parts(name, stream, tree):
            if isinstance(part, Record):
                self._record(draft, part, next(positions), tree)
            else:
                self._take_columns(owner, filename, part.element)
                draft.skeleton = pack(part.element)
                self.batch.document(draft)
            # A large one is out of memory before it is written, and so before the next is read.
            del part
            self.batch.flush_if_full()

    def parts(self, name: str, stream: Readable, tree: Tree) -> Iterator[Record | Skeleton]:
        """The document's parts, without what is left out and without people where these are, with their dates moved
        where they move; watches the ids that go by.
        """

        def is_taken(part: Record | Skeleton) -> bool:
            path = part.path if isinstance(part, Record) else str(part.element.tag)
            self.highest = max(self.highest, highest_id(part.element))
            if self.sieve and not sift(self.sieve, name, path, part.element):
                return False
            if not self.people and self._without_people(name, part.element, path, tree) is None:
                return False
            if self.shift:
                shift_dates(part.element, path, tree, self.shift)
            return True

        try:
            # Of what nobody has declared, only all of a record tells whether it is somebody's and stays out.
            is_piece = tree.is_piece if self.people or tree.is_declared else None
            yield from filter(is_taken, split(stream, tree.is_record, DEFAULT_LIMITS, is_piece))
        except ArchiveProblem as problem:
            raise ArchiveProblem(f"{problem} ({name})", entry=name, limit=problem.limit) from problem

    def _without_people(
        self, name: str, element: etree._Element, path: str, tree: Tree
    ) -> etree._Element | None:
        """Take people out, and of what nobody has declared remember the ids that went: files may be theirs."""
        before = set() if tree.is_declared else ids_in(element)
        kept = without_people(element, path, tree)
        if before and (gone := before - (set() if kept is None else ids_in(kept))):
            self.gone.setdefault(name.rpartition("/")[0], set()).update(gone)
        return kept

    def _record(self, draft: DocumentDraft, record: Record, position: int, tree: Tree) -> None:
        if record.path == ENROLMENT and (person := whole_number(record.element.findtext("userid"))):
            self.enrolled.add(person)
        self.batch.record(
            draft,
            {
                "slot": record.slot,
                "position": position,
                "path": record.path,
                "moodle_id": whole_number(record.element.get("id")),
                "user_data": self._is_users(draft, record, tree),
                "body": pack(record.element),
            },
        )
        self.batch.run.checkpoint()

    def _is_users(self, draft: DocumentDraft, record: Record, tree: Tree) -> bool:
        """Whether a record is somebody's: then all pieces of it are, and one that is makes the record so."""
        is_users = is_user_data(record.element, record.path, tree)
        if record.is_piece:
            self._pieces.add((record.slot, is_users))
            return is_users
        is_users |= any(one for _slot, one in self._pieces)
        if is_users and (others := {slot for slot, one in self._pieces if not one}):
            self.batch.make_users(draft, others)
        self._pieces.clear()
        return is_users

    def _take_columns(self, owner: Owner | None, filename: str, root: etree._Element) -> None:
        if filename == "course.xml" and owner is None:
            self.facts.course = columns.take_columns(root, columns.COURSE)
            self.facts.version = columns.take_columns(root, columns.COURSE_VERSION)
            for name, text in (("moodle_id", root.get("id")), ("context_id", root.get("contextid"))):
                if number := whole_number(text):
                    self.facts.version[name] = number
        elif owner and owner.section_id and filename == "section.xml":
            self.batch.update(Section, owner.section_id, columns.take_columns(root, columns.SECTION))
        elif owner and owner.activity_id and filename == "module.xml":
            self.batch.update(Activity, owner.activity_id, columns.take_columns(root, columns.MODULE))
        elif owner and owner.activity_id and filename == f"{owner.type}.xml":
            self.batch.update(Activity, owner.activity_id, _own_columns(root, owner.type))

    def _next(self) -> int:
        self._positions += 1
        return self._positions


def _own_columns(root: etree._Element, activity_type: str) -> dict[str, Any]:
    """What an activity's own document holds for its row: <activity id moduleid modulename contextid><TYPE>…"""
    values: dict[str, Any] = {
        "instance_id": whole_number(root.get("id")) or 0,
        "context_id": whole_number(root.get("contextid")) or 0,
    }
    own = root.find(activity_type)
    if own is not None:
        values |= columns.take_columns(own, columns.activity_columns(activity_type))
    return values
