"""Gives everything in a version that comes into a course the ids that it will have there, in bounded batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.ids.item_kinds import kind_of_items
from jobs.archive.ids.numbers import whole_number
from jobs.archive.ids.renumber import renumber
from jobs.archive.ids.tokens import renumber_tokens
from jobs.archive.trees import Tree, tree_for
from jobs.archive.xml import pack, unpack
from jobs.language import gettext as _
from jobs.progress import Run
from jobs.steps.batch import BODIES, BYTES, ROWS
from jobs.steps.matching.matches import Matches
from jobs.steps.trees_of import trees_of
from webapp.database import separate_write, snapshot
from webapp.models import Activity, Block, CourseFile, Document, Person, Record, Section

#: What a row becomes: its new columns, or None where it stays behind.
Change = dict[str, Any] | None


@dataclass
class Renumbering:
    """One version that is to go into a course."""

    run: Run
    version_id: int
    matches: Matches
    offset: int
    #: Sections of the course into whose place what comes in goes: they keep their own files.
    kept_sections: frozenset[int] = frozenset()
    _trees: dict[int, Tree] = field(default_factory=dict)
    #: By the document, where nobody has declared it: what its records are called.
    _named: dict[int, frozenset[str]] = field(default_factory=dict)

    def new(self, kind: str | None, number: int) -> int:
        return self.matches.new(kind, number, self.offset)

    def renumber(self) -> None:
        """Write all rows anew. Raises ClaimLost and what `Run.advance` raises."""
        self._walk(Section, self._section)
        self._walk(Activity, self._activity)
        self._walk(Block, self._block)
        with snapshot() as session:
            self._trees = trees_of(session, self.version_id)
            self._named = _named(session, self._trees)
        self._walk(Document, self._document)
        self._walk(Record, self._record)
        self._walk(Person, self._person)
        self._walk(CourseFile, self._file)

    def _walk(self, table: type[Any], change: Callable[[Any], Change]) -> None:
        last = 0
        while batch := self._batch(table, last):
            changes = {row.id: change(row) for row in batch}
            with separate_write() as session:
                self.run.hold(session)
                kept = [{"id": number, **values} for number, values in changes.items() if values]
                if kept:
                    session.execute(sa.update(table), kept)
                gone = [number for number, values in changes.items() if values is None]
                session.execute(sa.delete(table).where(table.id.in_(gone)))
            last = batch[-1].id
            self.run.advance(sum(_size(row) for row in batch))

    def _batch(self, table: type[Any], after: int) -> list[Any]:
        """The next rows, as many as a batch may hold."""
        with snapshot() as session:
            asked = sa.select(table).where(table.version_id == self.version_id, table.id > after)
            rows = session.scalars(asked.order_by(table.id).limit(ROWS).execution_options(yield_per=BODIES))
            batch = list(_bounded(rows))
            session.expunge_all()
            return batch

    def _section(self, row: Section) -> Change:
        known = self.matches.known.get(("course_section", row.moodle_id))
        if known is not None:
            return {"position": row.position}
        number = self.new("course_section", row.moodle_id)
        return {
            "moodle_id": number,
            "directory": f"sections/section_{number}",
            "summary": self._links(row.summary),
            "parent_cmid": self._cmid(row.parent_cmid),
        }

    def _activity(self, row: Activity) -> Change:
        number = self.new("course_module", row.moodle_id)
        return {
            "moodle_id": number,
            "instance_id": self._id(row.type, row.instance_id),
            "context_id": self._id("context", row.context_id),
            "directory": f"activities/{row.type}_{number}",
            "name": self._links(row.name),
            "intro": self._links(row.intro),
            "content": self._links(row.content),
            "external_url": self._links(row.external_url),
        }

    def _block(self, row: Block) -> Change:
        name, _underscore, number = row.directory.rpartition("_")
        return {"directory": f"{name}_{self._id('block', int(number))}"}

    def _document(self, row: Document) -> Change:
        root = unpack(row.skeleton)
        if not renumber(root, str(root.tag), self._trees[row.id], self.new):
            self.run.warn(
                _(
                    "The settings of a block of the type “%(name)s” can’t be read. They are kept as they "
                    "are, and may mean something else here. Look at the block, and set it anew if need be.",
                    name=root.findtext("blockname"),
                )
            )
        return {"skeleton": pack(root)}

    def _record(self, row: Record) -> Change:
        element = unpack(row.body)
        named = self._named.get(row.document_id, frozenset())
        renumber(element, row.path, self._trees[row.document_id], self.new, named)
        return {"body": pack(element), "moodle_id": whole_number(element.get("id"))}

    def _person(self, row: Person) -> Change:
        if ("user", row.moodle_id) in self.matches.known:
            return None
        element = unpack(row.body)
        renumber(element, "users/user", tree_for("", "users.xml"), self.new)
        username = self.matches.people.usernames.get(row.moodle_id, row.username)
        return {"moodle_id": self._id("user", row.moodle_id), "body": pack(element), "username": username}

    def _file(self, row: CourseFile) -> Change:
        if not self._takes(row):
            return None
        element = unpack(row.body)
        renumber(element, "files/file", tree_for("", "files.xml"), self.new)
        kind = kind_of_items(row.component, row.filearea)
        return {
            "moodle_id": self._id("file", row.moodle_id),
            "context_id": self._id("context", row.context_id),
            "itemid": row.itemid if kind is False else self._id(kind if isinstance(kind, str) else None, row.itemid),
            "body": pack(element),
        }  # fmt: skip

    def _takes(self, row: CourseFile) -> bool:
        """Whether a file goes with what comes in, rather than with what the course has already."""
        known, component, area = self.matches.known, row.component, row.filearea
        if component == "user":
            return ("context", row.context_id) not in known
        if component == "course" and area != "section":
            return area == "legacy"
        kind = kind_of_items(component, area)
        there = known.get((kind, row.itemid)) if isinstance(kind, str) else None
        return there is None or (kind == "course_section" and there not in self.kept_sections)

    def _id(self, kind: str | None, number: int) -> int:
        return self.new(kind, number) if number > 0 else number

    def _cmid(self, text: str | None) -> str | None:
        number = whole_number(text)
        return str(self.new("course_module", number)) if number else text

    def _links(self, text: str | None) -> str | None:
        return renumber_tokens(text, self.new) if text else text


def _named(session: Session, trees: dict[int, Tree]) -> dict[int, frozenset[str]]:
    """What the records of documents are called that nobody has declared, where these have ids."""
    strange, found = [one for one, tree in trees.items() if not tree.is_declared], dict[int, set[str]]()
    for start in range(0, len(strange), ROWS):
        some = Record.document_id.in_(strange[start : start + ROWS])
        paths = (
            sa.select(Record.document_id, Record.path).where(some, Record.moodle_id.is_not(None)).distinct()
        )
        for document_id, path in session.execute(paths):
            found.setdefault(document_id, set()).add(path.rpartition("/")[2])
    return {document_id: frozenset(names) for document_id, names in found.items()}


def _bounded(rows: Iterator[Any]) -> Iterator[Any]:
    size = 0
    for row in rows:
        yield row
        size += _size(row)
        if size >= BYTES:
            return


def _size(row: Any) -> int:
    return len(getattr(row, "body", None) or getattr(row, "skeleton", None) or b"")
