"""Composes all XML documents of a backup, folder by folder, as one moment of the course."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.containers.spool import Spool
from jobs.archive.file_areas import is_of_bank
from jobs.archive.ids.numbers import whole_number
from jobs.archive.ids.refs import write_inforef
from jobs.archive.persons.people import drops_document
from jobs.archive.trees import CORE_ACTIVITY_TYPES, tree_for
from jobs.archive.xml import unpack, write_document
from jobs.steps.composing.areas import Area, areas_in, is_listed
from jobs.steps.composing.completing import Documents, at_root, of_activity, of_block, of_course, of_section
from jobs.steps.composing.listing import FileList, FileOwner, write_files, write_people
from jobs.steps.composing.related import Related
from jobs.steps.composing.rendering import References, Rendering
from jobs.steps.manifests import root_settings
from jobs.steps.pruning import Keep
from jobs.steps.selecting.bank import Chosen, choose, entries_of
from jobs.steps.selecting.left_out import Gap, graded
from jobs.steps.selecting.parts import Selection, with_texts
from webapp.content import columns
from webapp.models import Activity, Block, Course, CourseFile, Document, Person, Section

#: Written from rows or anew, not from their document.
APART = frozenset({"files.xml", "users.xml", "inforef.xml"})

#: What stands in inforef.xml of the question bank.
OF_BANK = ("question_category", "question_bank_entry")

Ids = dict[str, set[int]]
Values = Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True)
class Pending:
    """An inforef.xml that waits for the lists of people and files."""

    directory: str
    ids: Ids
    owner: FileOwner


@dataclass
class Composition:
    """The documents of one backup on their way into the spool."""

    session: Session
    course: Course
    selection: Selection
    spool: Spool
    rendering: Rendering
    files: FileList = field(default_factory=FileList)
    people: set[int] = field(default_factory=set)
    #: What the folders ask for of the lists at the root.
    needed: Ids = field(default_factory=lambda: defaultdict(set))
    related: Related = field(init=False)
    _pending: list[Pending] = field(default_factory=list)
    #: Where the files lie of what goes along of the lists at the root.
    _areas: set[Area] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.related = Related(self.session, self.selection.version)

    def compose(self) -> None:
        """Write every document but the manifest."""
        if self.has_people:
            with self.spool.document("users.xml") as out:
                self.people = write_people(self.rendering, self.selection, out)
        for section in self.selection.sections:
            self._section(section)
        for activity in self.selection.activities:
            self._activity(activity)
        self._course()
        with self.spool.document("files.xml") as out:
            self.files = write_files(self.rendering, self.selection, out, self._has_file)
        for one in self._pending:
            self._write_inforef(one.directory, one.ids, one.owner)

    def _has_file(self, row: CourseFile) -> bool:
        """Whether a row of files.xml goes along: those of questions go with these."""
        if not self.selection.has_file(row):
            return False
        bound = self._contexts_of_choice | self.selection.absent_contexts
        if not is_of_bank(row.component) or row.context_id not in bound:
            return True
        return self._chosen is not None and is_listed(row, self._areas, self._chosen.questions)

    def _course(self) -> None:
        version = self.selection.version
        documents = self._documents(section_id=None, activity_id=None, block_id=None)
        course_texts = columns.column_texts(self.course, columns.COURSE)
        course_texts |= columns.column_texts(version, columns.COURSE_VERSION)
        references, inforef = References(), None
        for document in documents:
            directory, _, name = document.name.rpartition("/")
            if directory == "course" and name == "inforef.xml":
                inforef = document
            elif not _is_apart(directory, name) and self._gap.takes(document.name):
                noted = references if directory == "course" else References()
                self._write(document, directory, noted, {"course": course_texts}, self._keep(document.name))
        there = {document.name for document in documents}
        self._complete("", there, at_root())
        self._complete("course", {name.removeprefix("course/") for name in there}, of_course(self._settings))
        self._inforef("course", inforef, references, ("context", version.context_id))
        self._blocks("course", None)

    def _keep(self, name: str) -> Keep | None:
        """What stays out of a document of the course as a whole: what only absent activities need."""
        if name == "questions.xml":
            return self._keeps_question if self._chosen else None
        return self._gap.takes_element if self.selection.contexts_without else None

    @cached_property
    def _gap(self) -> Gap:
        absent = self.selection.absent_activities
        return Gap(bool(absent), bool(graded(self.session, absent)), self.selection.deleted)

    def _keeps_question(self, path: str, element: etree._Element) -> bool:
        if self._chosen is None or not self._chosen.keeps(path, element):
            return False
        self._areas.update(areas_in(element, path, tree_for("", "questions.xml")))
        return True

    @cached_property
    def _chosen(self) -> Chosen | None:
        """What of the question bank goes along; None if all of it does."""
        if not self._contexts_of_choice:
            return None
        contexts = {one.context for one in self.related.bank.categories.values()}
        bank = self.related.bank
        entries = entries_of(self.session, bank)
        return choose(entries, bank, self.needed, contexts - self._contexts_of_choice)

    @cached_property
    def _contexts_of_choice(self) -> set[int | None]:
        """Of which contexts the bank goes along only as far as something asks for it."""
        contexts = {one.context for one in self.related.bank.categories.values()}
        if "questionbank" in self.selection.without.kinds:
            return contexts - {one.context_id for one in self.selection.activities}
        return contexts & self.selection.contexts_without

    def _section(self, section: Section) -> None:
        documents = self._documents(section_id=section.id)
        with with_texts(self.session, section):
            texts = columns.column_texts(section, columns.SECTION)
        self._folder(section.directory, documents, {"section": texts}, ("section", section.moodle_id))
        self._complete(section.directory, {one.name for one in documents}, of_section(section))

    def _activity(self, activity: Activity) -> None:
        with with_texts(self.session, activity):
            own = columns.column_texts(activity, columns.activity_columns(activity.type))
        values = {
            "module": columns.column_texts(activity, columns.MODULE),
            f"activity/{activity.type}": own,
        }
        documents = self._documents(activity_id=activity.id)
        self._folder(activity.directory, documents, values, ("context", activity.context_id))
        home = self.selection.section_ids[activity.section_id]
        wanted = of_activity(activity, home, self._settings)
        self._complete(activity.directory, {one.name for one in documents}, wanted)
        self._blocks(activity.directory, activity.id)

    def _blocks(self, parent: str, activity_id: int | None) -> None:
        if "blocks" in self.selection.without.kinds:
            return
        asked = sa.select(Block).where(Block.version_id == self.selection.version.id)
        asked = asked.where(Block.activity_id == activity_id).order_by(Block.position, Block.id)
        for block in self.session.scalars(asked).all():
            documents = self._documents(block_id=block.id)
            context = next((_context_of(d) for d in documents if d.name == "block.xml"), None)
            folder = f"{parent}/blocks/{block.directory}"
            self._folder(folder, documents, {}, ("context", context or 0))
            self._complete(folder, {one.name for one in documents}, of_block(self._settings))

    def _folder(self, directory: str, documents: list[Document], values: Values, owner: FileOwner) -> None:
        references, inforef = References(), None
        for document in documents:
            if document.name == "inforef.xml":
                inforef = document
            else:
                self._write(document, directory, references, values)
        self._inforef(directory, inforef, references, owner)

    def _complete(self, directory: str, there: Collection[str], wanted: Documents) -> None:
        """Write the documents that are not there and without which a Moodle would not go on."""
        for name in wanted.keys() - there:
            with self.spool.document(f"{directory}/{name}" if directory else name) as out:
                write_document(out, wanted[name], lambda _slot: iter(()))

    @cached_property
    def _settings(self) -> dict[str, str]:
        return root_settings(self.selection, self.has_people)

    def _write(
        self,
        document: Document,
        directory: str,
        references: References,
        values: Values,
        keep: Keep | None = None,
    ) -> None:
        name = document.name.rpartition("/")[2]
        if self.selection.without.drops(directory, name):
            return
        if not self.selection.people and drops_document(directory, name):
            return
        with self.spool.document(self._place(directory, name)) as out:
            self.rendering.document(document, directory, out, references, values, keep)

    def _place(self, directory: str, name: str) -> str:
        """The name in the archive of a document in this folder."""
        return f"{directory}/{name}" if directory else name

    def _inforef(
        self, directory: str, kept: Document | None, references: References, owner: FileOwner
    ) -> None:
        """Note what the folder points to: what it said when it came, and what its documents say now."""
        ids = self._completed(kept, references, owner)
        if directory.startswith("activities/"):
            self._need(directory, ids, references)
        elif directory == "course" and self._chosen:
            ids |= self._chosen.of(ids)
        self._pending.append(Pending(directory, ids, owner))

    def _completed(self, kept: Document | None, references: References, owner: FileOwner) -> Ids:
        ids = {kind: set(found) for kind, found in references.ids.items()}
        for kind, found in listed_in(kept).items():
            if kind == "user" and self.selection.parting:
                continue  # only those whom what goes along still names
            ids.setdefault(kind, set()).update(found)
        self.related.complete(ids, owner)
        return {kind: found for kind, found in ids.items() if kind not in self.selection.without.references}

    def _need(self, directory: str, ids: Ids, references: References) -> None:
        """Note what a folder asks for; of the question bank, what its documents say rather than its list.

        Of a plugin we may not know which of its leaves name questions: then its list counts.
        """
        is_known = directory.partition("/")[2].rpartition("_")[0] in CORE_ACTIVITY_TYPES
        for kind, found in ids.items():
            self.needed[kind] |= references.ids[kind] if is_known and kind in OF_BANK else found

    def _write_inforef(self, directory: str, ids: Ids, owner: FileOwner) -> None:
        ids["file"] = (ids.get("file", set()) & self.files.rows) | set(self.files.by_owner.get(owner, ()))
        # Moodle stops at a person who is named here and not in users.xml.
        ids.setdefault("user", set()).intersection_update(self.people)
        if anonymiser := self.rendering.anonymiser:
            ids["user"] = {anonymiser.number(number) for number in ids["user"]}
        with self.spool.document(f"{directory}/inforef.xml") as out:
            write_inforef(out, {kind: sorted(found) for kind, found in ids.items() if found})

    def _documents(self, **owner: int | None) -> list[Document]:
        asked = sa.select(Document).where(Document.version_id == self.selection.version.id)
        for column, value in owner.items():
            asked = asked.where(getattr(Document, column) == value)
        return list(self.session.scalars(asked.order_by(Document.position, Document.id)))

    @property
    def has_people(self) -> bool:
        """Whether the backup speaks of people: they were asked for, and the course has a list of them."""
        if not self.selection.people:
            return False
        version_id = self.selection.version.id
        there = sa.exists().where(Person.version_id == version_id)
        listed = sa.exists().where(Document.version_id == version_id, Document.name == "users.xml")
        return bool(self.session.scalar(sa.select(there | listed)))


def _is_apart(directory: str, name: str) -> bool:
    """Whether a document is one of `APART`; what a folder holds of which nobody knows what it is, is kept as it is."""
    return name in APART and directory in ("", "course")


def _context_of(document: Document) -> int | None:
    return whole_number(unpack(document.skeleton).get("contextid"))


def listed_in(inforef: Document | None) -> Ids:
    """What an inforef.xml lists, by kind: <userref><user><id>5</id></user></userref>."""
    listed: Ids = {}
    for group in unpack(inforef.skeleton) if inforef else ():
        for entry in group:
            number = whole_number(entry.findtext("id"))
            if number is not None:
                listed.setdefault(str(entry.tag), set()).add(number)
    return listed
