"""The two lists of an archive whose rows are kept apart: its people, and its files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.containers.streams import Writable
from jobs.archive.trees import tree_for
from jobs.archive.xml import fill, unpack, write_document
from jobs.steps.composing.rendering import FETCH, References, Rendering
from jobs.steps.selecting.parts import Selection
from webapp.content.columns import FILE, PERSON, column_texts
from webapp.models import Course, CourseFile, Document, Person

#: Whose files they are: ("context", 71), or ("section", 31) for what lies in the text of a section.
FileOwner = tuple[str, int]


@dataclass
class FileList:
    """What files.xml came to hold: the contents that go along, and the ones that are not there."""

    contents: dict[str, int] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
    #: The ids of each owner's files, for its inforef.xml.
    by_owner: dict[FileOwner, list[int]] = field(default_factory=dict)
    #: Names of files whose bytes are missing or damaged.
    unsound: list[str] = field(default_factory=list)
    unsound_hashes: set[str] = field(default_factory=set)
    count: int = 0

    def note(self, row: CourseFile) -> None:
        self.rows.add(row.moodle_id)
        in_section = row.component == "course" and row.filearea == "section"
        owner: FileOwner = ("section", row.itemid) if in_section else ("context", row.context_id)
        if row.moodle_id:
            self.by_owner.setdefault(owner, []).append(row.moodle_id)
        if row.is_folder:
            return
        self.count += not row.alias
        if row.is_sound:
            self.contents[row.contenthash] = row.filesize
        elif not row.alias:  # its content lies elsewhere, and only goes along where it came along
            self.unsound.append(row.filename)
            self.unsound_hashes.add(row.contenthash)

    def note_missing(self, session: Session, course_id: int | None, content_hash: str) -> None:
        """A content that rows list has gone from the store; say by which names the course lists it."""
        listed = sa.select(CourseFile.filename).join(Course, Course.version_id == CourseFile.version_id)
        mine = (Course.id == course_id) & (CourseFile.stored_hash == content_hash)
        self.unsound += sorted(set(session.scalars(listed.where(mine)))) or [content_hash]
        self.unsound_hashes.add(content_hash)


def write_files(
    rendering: Rendering,
    selection: Selection,
    out: Writable,
    keep: Callable[[CourseFile], bool] | None = None,
) -> FileList:
    """Write files.xml, with the files that `keep` says yes to, or else all that are selected; returns those."""
    has_file = keep or selection.has_file
    listed = FileList()
    tree = tree_for("", "files.xml")

    def rows() -> Iterator[tuple[str, etree._Element]]:
        asked = sa.select(CourseFile).where(CourseFile.version_id == selection.version.id)
        asked = asked.order_by(CourseFile.position, CourseFile.id).execution_options(yield_per=FETCH)
        for row in rendering.session.scalars(asked):
            if has_file(row) and not rendering.withholds(row):
                listed.note(row)
                element = _filled(row.body, column_texts(row, FILE))
                if rendering.anonymiser and row.user_data:
                    rendering.anonymiser.rename(element)
                yield "files/file", element

    all_rows = rendering.prepared(rows(), tree, References())
    write_document(out, _skeleton(rendering, selection, "files"), lambda _slot: all_rows)
    return listed


def write_people(
    rendering: Rendering,
    selection: Selection,
    out: Writable,
    keep: Callable[[Person, etree._Element], bool] | None = None,
    references: References | None = None,
) -> set[int]:
    """Write users.xml, with the people that `keep` says yes to, or else all; returns their ids.

    What they refer to is noted in `references`.
    """
    tree = tree_for("", "users.xml")
    listed: set[int] = set()

    def rows() -> Iterator[tuple[str, etree._Element]]:
        for row in _people(rendering, selection):
            element = _filled(row.body, column_texts(row, PERSON))
            if keep is None or keep(row, element):
                listed.add(row.moodle_id)
                yield "users/user", element

    all_rows = rendering.prepared(rows(), tree, references or References())
    write_document(out, _skeleton(rendering, selection, "users"), lambda _slot: all_rows)
    return listed


def _people(rendering: Rendering, selection: Selection) -> Iterator[Person]:
    asked = sa.select(Person).where(Person.version_id == selection.version.id)
    if rendering.anonymiser is None:
        in_order = asked.order_by(Person.position, Person.id).execution_options(yield_per=FETCH)
        yield from rendering.session.scalars(in_order)
        return
    # In their new order: the old one would tell who is who.
    order = rendering.anonymiser.order
    for start in range(0, len(order), FETCH):
        numbers = order[start : start + FETCH]
        rows = rendering.session.scalars(asked.where(Person.moodle_id.in_(numbers)))
        found = {row.moodle_id: row for row in rows}
        yield from (found[number] for number in numbers if number in found)


def _filled(body: bytes, texts: dict[str, str | None]) -> etree._Element:
    element = unpack(body)
    fill(element, texts)
    return element


def _skeleton(rendering: Rendering, selection: Selection, root: str) -> etree._Element:
    """The list's own element as it came, or a plain one; all rows go into its first gap."""
    asked = sa.select(Document.skeleton).where(
        Document.version_id == selection.version.id, Document.name == f"{root}.xml",
        Document.section_id.is_(None), Document.activity_id.is_(None), Document.block_id.is_(None),
    )  # fmt: skip
    kept = rendering.session.scalars(asked).first()
    skeleton = unpack(kept) if kept else etree.Element(root)
    if not any(isinstance(node, etree._ProcessingInstruction) for node in skeleton):
        skeleton.append(etree.ProcessingInstruction("rows", "1"))
    return skeleton
