"""Composes the backup of one section or of one activity.

Its folders come first, and tell what they refer to; the lists at the root then hold that, and no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from jobs.archive.ids.numbers import whole_number
from jobs.archive.trees import tree_for
from jobs.steps.composing.areas import areas_in, is_listed
from jobs.steps.composing.completing import at_root
from jobs.steps.composing.courses import Composition, Ids, Pending
from jobs.steps.composing.listing import FileOwner, write_files, write_people
from jobs.steps.composing.rendering import References
from jobs.steps.pruning import Keep
from jobs.steps.root_documents import root_name
from jobs.steps.selecting.bank import Chosen, choose, entries_of
from webapp.models import CourseFile, Document, Person

#: What goes along of the lists at the root: by the path of an element, where its id stands, and the kind of
#: that. Nothing asks for a badge: as in Moodle 4.5, those stay with the course.
LISTED = {
    "groups/group": ("id", "group"),
    "groups/groupcustomfields/groupcustomfield": ("groupid", "group"),
    "groups/groupings/grouping": ("id", "grouping"),
    "groups/groupings/groupingcustomfields/groupingcustomfield": ("groupingid", "grouping"),
    "scales_definition/scale": ("id", "scale"),
    "outcomes_definition/outcome": ("id", "outcome"),
    "roles_definition/role": ("id", "role"),
    "badges/badge": ("id", "badge"),
    "course_completion/course_completions": ("userid", "user"),
    "course_completion/course_completion_criteria/course_completion_crit_completions"
    "/course_completion_crit_compl": ("userid", "user"),
}


@dataclass
class PartComposition(Composition):
    """The documents of a section or an activity, and of the lists at the root what these need."""

    _picked: Chosen = field(default_factory=Chosen)
    #: Where the files lie that go along.
    _contexts: set[int] = field(default_factory=set)
    _roots: dict[str, Document] = field(default_factory=dict)

    def compose(self) -> None:
        """Write every document but the manifest."""
        for section in self.selection.sections:
            self._section(section)
        for activity in self.selection.activities:
            self._activity(activity)
        self._lists()
        with self.spool.document("files.xml") as out:
            self.files = write_files(self.rendering, self.selection, out, self._has_file)
        for one in self._pending:
            self._write_inforef(one.directory, one.ids | self._picked.of(one.ids), one.owner)

    def _lists(self) -> None:
        """Write the lists at the root, each before those that it asks for something of."""
        rows = self._documents(section_id=None, activity_id=None, block_id=None)
        self._roots = {document.name: document for document in rows}
        contexts = {activity.context_id for activity in self.selection.activities}
        self._picked = self._pick(self.needed, contexts)
        self._root("questions.xml", self._picked.keeps, References())
        self.needed["scale"] |= self._list("outcomes.xml").ids["scale"]
        self._list("scales.xml")
        self.needed["user"] |= self._list("groups.xml").ids["user"]
        if self.has_people:
            self._list_people()
        self._list("roles.xml")
        self._list("badges.xml")
        self._complete("", self._roots, at_root())
        self._shared()
        if self.selection.scope == "activity":
            # Moodle 4.5 has it in the backup of an activity, and not in that of a section.
            self.needed["user"] = self.people
            self._list("completion.xml")

    def _place(self, directory: str, name: str) -> str:
        part = self.selection.part
        at_root = root_name(name) if part is not None and directory == part.directory else None
        return at_root or super()._place(directory, name)

    def _pick(self, needed: Ids, contexts: set[int]) -> Chosen:
        bank = self.related.bank
        return choose(entries_of(self.session, bank), bank, needed, contexts)

    def _inforef(
        self, directory: str, kept: Document | None, references: References, owner: FileOwner
    ) -> None:
        """Note what the folder points to; it is written once all of that is known."""
        ids = self._completed(kept, references, owner)
        self._pending.append(Pending(directory, ids, owner))
        self._need(directory, ids, references)
        if owner[0] == "context":
            self._contexts.add(owner[1])

    def _shared(self) -> None:
        """Write what activities of one type share: it lies beside their folders, and its name begins with the type."""
        for name, document in self._roots.items():
            directory, _, filename = name.rpartition("/")
            if directory == "activities" and any(filename.startswith(f"{one}_") for one in self._types):
                self._write(document, directory, References(), {})

    @cached_property
    def _types(self) -> set[str]:
        return {activity.type for activity in self.selection.activities}

    def _list(self, name: str) -> References:
        """Write of a list at the root what is needed; returns what that asks for in turn."""
        noted = References()

        def keep(path: str, element: etree._Element) -> bool:
            place, kind = LISTED.get(path, ("", ""))
            number = whole_number(element.get(place) or element.findtext(place)) if place else None
            return not place or number in self.needed[kind]

        self._root(name, keep, noted)
        return noted

    def _root(self, name: str, keep: Keep, noted: References) -> None:
        if name not in self._roots:
            return
        tree = tree_for("", name)

        def keeps(path: str, element: etree._Element) -> bool:
            if not keep(path, element):
                return False
            self._areas.update(areas_in(element, path, tree))
            return True

        self._write(self._roots[name], "", noted, {}, keeps)

    def _list_people(self) -> None:
        noted = References()

        def keep(row: Person, element: etree._Element) -> bool:
            if row.moodle_id not in self.needed["user"]:
                return False
            self._contexts.add(whole_number(element.get("contextid")) or 0)
            return True

        with self.spool.document("users.xml") as out:
            self.people = write_people(self.rendering, self.selection, out, keep, noted)
        self.needed["role"] |= noted.ids["role"]

    def _has_file(self, row: CourseFile) -> bool:
        if not self.selection.has_file(row):
            return False
        if (row.component, row.filearea) == ("course", "section"):
            return True
        # Of what its type shares, the files lie in the context of the site.
        is_shared = row.component.removeprefix("mod_") in self._types and row.component.startswith("mod_")
        # A course format lays what it has of a section in the context of the course.
        of_format = row.component.startswith("format_") and row.moodle_id in self.needed["file"]
        return (
            is_shared
            or of_format
            or row.context_id in self._contexts
            or is_listed(row, self._areas, self._picked.questions)
        )


@dataclass
class LoneComposition(PartComposition):
    """The documents of a section or an activity, and of the lists at the root what is in none but these.

    Enough for the course that it comes from: that has all the rest.
    """

    def _lists(self) -> None:
        rows = self._documents(section_id=None, activity_id=None, block_id=None)
        self._roots = {document.name: document for document in rows}
        contexts = {activity.context_id for activity in self.selection.activities}
        self._picked = self._pick({}, contexts)
        if self._picked.categories:
            self._root("questions.xml", self._picked.keeps, References())
