"""What of an archive a restore takes in where not all of it is wanted: by the same rules as what goes into a backup."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from jobs.archive.file_areas import is_of_bank
from jobs.archive.ids.numbers import whole
from jobs.archive.manifest import Manifest
from jobs.archive.survey.ties import Ties
from jobs.archive.trees import tree_for
from jobs.language import gettext as _
from jobs.problems import JobProblem
from jobs.steps.composing.areas import Area, areas_in, is_listed
from jobs.steps.matching.questions import QUESTIONS
from jobs.steps.matching.sides import ArchiveSide, origin_of_archive
from jobs.steps.selecting.bank import (
    ENTRY,
    LONE_QUESTION,
    PLACES,
    Bank,
    Chosen,
    Entry,
    categories_in,
    choose,
    entry_in,
)
from jobs.steps.selecting.left_out import Gap
from jobs.steps.selecting.optional import ACTIVITIES, KINDS, Without

FILES = "files.xml"
_BANK_REFERENCES = {
    "inforef/question_categoryref/question_category": "question_category",
    "inforef/question_bank_entryref/question_bank_entry": "question_bank_entry",
}


class _Place(NamedTuple):
    context_id: int
    component: str
    filearea: str
    itemid: int


@dataclass(frozen=True)
class _BankChoice:
    """What of the question bank comes, and in which contexts it is chosen from."""

    chosen: Chosen
    contexts: Collection[int | None]
    areas: frozenset[Area]

    def has_file(self, place: _Place) -> bool:
        if not is_of_bank(place.component) or place.context_id not in self.contexts:
            return True
        return is_listed(place, self.areas, self.chosen.questions)

    def keeps(self, path: str, element: etree._Element) -> bool:
        """Whether an element of questions.xml or of the course's inforef.xml comes."""
        if (kind := _BANK_REFERENCES.get(path)) is None:
            return self.chosen.keeps(path, element)
        number = whole(element.findtext("id"))
        return number in self.chosen.of({kind: [number]})[kind]


@dataclass(frozen=True)
class ArchiveSelection:
    """What was chosen of an archive, as its manifest lists it."""

    #: It lists what comes, and no more.
    manifest: Manifest
    without: Without
    #: The folders of activities and sections that stay out, the contexts of these activities with their blocks, and
    #: the ids of these sections.
    absent_folders: frozenset[str]
    absent_contexts: frozenset[int]
    absent_sections: frozenset[int]
    gap: Gap
    bank: _BankChoice | None = None

    def takes(self, name: str) -> bool:
        """Whether the document with this name in the archive comes, be it only in part."""
        directory, _, filename = name.rpartition("/")
        if folder_of(directory) in self.absent_folders:
            return False
        if "/blocks/" in directory and "blocks" in self.without.kinds:
            return False
        return not self.without.drops(directory, filename) and self.gap.takes(name)

    def keeps(self, name: str, path: str, element: etree._Element) -> bool:
        """Whether an element of it comes; takes out of that what does not."""
        if not self.without.keeps(path):
            return False
        if name == FILES:
            return path != "files/file" or self._has_file(element)
        if name in (QUESTIONS, "course/inforef.xml"):
            return self.bank is None or self.bank.keeps(path, element)
        return self.gap.takes_element(path, element)

    def _has_file(self, element: etree._Element) -> bool:
        place = _Place(
            whole(element.findtext("contextid")), element.findtext("component") or "",
            element.findtext("filearea") or "", whole(element.findtext("itemid")),
        )  # fmt: skip
        is_asked = self.bank is not None and is_of_bank(place.component)
        if (place.context_id in self.absent_contexts and not is_asked) or self.without.has_file(place):
            return False
        if (place.component, place.filearea) == ("course", "section"):
            return place.itemid not in self.absent_sections
        return self.bank is None or self.bank.has_file(place)


def folder_of(directory: str) -> str:
    """The folder of the section or activity that a folder belongs to: of a block, what it stands beside."""
    return "/".join(directory.split("/")[:2])


def select_from(
    folder: Path, manifest: Manifest, found: Mapping[str, Any], options: Mapping[str, Any]
) -> ArchiveSelection | None:
    """What the options of a restore leave of an archive; None where that is all of it.

    `folder` holds what `jobs.steps.spooling.lay_out` has laid out of it, and `found` is what its survey found.
    `leave_out` of the options names "sections" and "activities" by their ids in the archive, and `without` kinds
    of `jobs.steps.selecting.optional.KINDS`. Raises JobProblem where nothing would be left.
    """
    kinds = frozenset(options.get("without") or ()) & KINDS.keys()
    if manifest.kind != "course":
        kinds -= {ACTIVITIES}  # who brings a part wants the activities in it
    sections, activities = _absent(manifest, options.get("leave_out") or {}, kinds)
    if not (kinds or sections or activities):
        return None
    if not found.get("ties"):
        raise JobProblem(_("This file was read before parts of it could be left out. Restore it anew."))
    ties, kept = Ties.from_json(found["ties"]), _listing(manifest, sections, activities)
    if not (kept.activities if manifest.kind == "activity" else kept.sections):
        raise JobProblem(_("Nothing of the file would be left. Choose at least one section."))
    gone = directories_of(manifest) - directories_of(kept)
    selection = ArchiveSelection(
        kept, Without(kinds, _block_contexts(ties) if "blocks" in kinds else frozenset()), frozenset(gone),
        absent_contexts=frozenset(number for one, number in ties.contexts.items() if folder_of(one) in gone),
        absent_sections=frozenset(sections),
        gap=Gap(bool(activities), any(one in gone for one in ties.grade_items)),
    )  # fmt: skip
    return replace(selection, bank=_choose_questions(folder, selection, ties, bool(options.get("people"))))


def _absent(
    manifest: Manifest, leave_out: Mapping[str, Any], kinds: frozenset[str]
) -> tuple[set[int], set[int]]:
    """The ids of sections and activities that stay out: what is in one that is left out goes with it."""
    sections = {one.id for one in manifest.sections} & set(leave_out.get("sections", ()))
    activities = {one.moduleid for one in manifest.activities}
    if ACTIVITIES not in kinds:
        activities &= set(leave_out.get("activities", ()))
    grown = -1
    while grown != len(sections) + len(activities):
        grown = len(sections) + len(activities)
        activities |= {one.moduleid for one in manifest.activities if one.sectionid in sections}
        sections |= {one.id for one in manifest.sections if whole(one.parentcmid) in activities}
    return sections, activities


def _listing(manifest: Manifest, sections: set[int], activities: set[int]) -> Manifest:
    kept_sections = [one for one in manifest.sections if one.id not in sections]
    kept_activities = [one for one in manifest.activities if one.moduleid not in activities]
    kept = replace(manifest, sections=kept_sections, activities=kept_activities)
    there = {directory.rpartition("/")[2] for directory in directories_of(kept)}
    kept.settings = [
        one for one in manifest.settings if one.level == "root" or (one.section or one.activity) in there
    ]
    return kept


def directories_of(manifest: Manifest) -> set[str]:
    """The folders of the sections and activities that a manifest lists."""
    return {one.directory for one in manifest.sections} | {one.directory for one in manifest.activities}


def _block_contexts(ties: Ties) -> frozenset[int]:
    return frozenset(number for folder, number in ties.contexts.items() if "/blocks/" in folder)


def _choose_questions(
    folder: Path, selection: ArchiveSelection, ties: Ties, people: bool
) -> _BankChoice | None:
    """What of the bank comes; None if all of it does."""
    side = ArchiveSide(folder, origin_of_archive(selection.manifest), with_people=True)
    bank, entries = read_bank_of(side)
    contexts = {one.context for one in bank.categories.values()}
    of_choice = contexts & selection.absent_contexts
    if "questionbank" in selection.without.kinds:
        of_choice = contexts - {ties.contexts.get(one.directory) for one in selection.manifest.activities}
    if not of_choice:
        return None
    chosen = choose(entries, bank, _asked(selection, ties, people), contexts - of_choice)
    tree = tree_for("", QUESTIONS)
    areas = {
        area for one in side.records(QUESTIONS) if chosen.keeps(one.path, one.element)
        for area in areas_in(one.element, one.path, tree)
    }  # fmt: skip
    return _BankChoice(chosen, of_choice | selection.absent_contexts, frozenset(areas))


def read_bank_of(side: ArchiveSide) -> tuple[Bank, list[Entry]]:
    """The question bank of an archive, and its entries."""
    root = side.skeleton(QUESTIONS)
    bank = Bank(None, *categories_in(root)) if root is not None else Bank()
    questions = (one for one in side.records(QUESTIONS) if one.path in PLACES)
    found = (entry_in(bank, one.path, one.slot, one.element) for one in questions)
    entries = [one for one in found if one is not None]
    homes = {path: {one.place[1]: one.category for one in entries if one.place[0] == path} for path in PLACES}
    return replace(bank, entries=homes[ENTRY], lone_questions=homes[LONE_QUESTION]), entries


def _asked(selection: ArchiveSelection, ties: Ties, people: bool) -> Mapping[str, set[int]]:
    """What the activities that come ask for of the bank."""
    asked: dict[str, set[int]] = defaultdict(set)
    for by_folder in (ties.asks, *([ties.peoples] if people else [])):
        for folder, references in by_folder.items():
            if folder not in selection.absent_folders:
                for kind, number in references:
                    asked[kind].add(number)
    return asked
