"""What in an archive needs something else of it: said before a restore that leaves this out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from jobs.archive.manifest import ActivityEntry, Manifest, SectionEntry
from jobs.archive.survey.ties import Ties
from jobs.language import gettext as _
from jobs.steps.matching.sides import ArchiveSide
from jobs.steps.selecting import needs
from jobs.steps.selecting.needs import Absent, Part, Reference
from jobs.steps.sifting.selection import ArchiveSelection


def dependants(
    side: ArchiveSide, manifest: Manifest, ties: Ties, selection: ArchiveSelection, *, people: bool
) -> list[str]:
    """Say in a sentence each what is no longer right in a course of which this much is restored.

    `side` and `manifest` are the archive with all that is in it.
    """
    rest, kinds = _Rest(side, manifest, ties, selection), selection.without.kinds
    found = needs.sentences(rest) if selection.absent_folders else []
    if people and "role_assignments" in kinds and rest.has("course/roles.xml", "assignment"):
        found.append(_("People come without their roles."))
    completion = people and "userscompletion" in kinds
    return found + needs.closed(rest, groups="groups" in kinds, completion=completion)


@dataclass(frozen=True)
class _Rest:
    """What is chosen of an archive; see `jobs.steps.selecting.needs.Rest`."""

    side: ArchiveSide
    manifest: Manifest
    ties: Ties
    selection: ArchiveSelection

    @cached_property
    def absent(self) -> Absent:
        gone, absent = (
            self.selection.absent_folders,
            Absent(has_activities=self.selection.gap.lacks_activities),
        )
        for section in self.manifest.sections:
            if section.directory in gone:
                absent.names["course_section", section.id] = str(_part(section))
        for one in self.manifest.activities:
            if one.directory in gone:
                self._name(absent, one)
        return absent

    def _name(self, absent: Absent, activity: ActivityEntry) -> None:
        folder, name = activity.directory, str(_part(activity))
        for kind, number in (
            ("course_module", activity.moduleid),
            ("context", self.ties.contexts.get(folder, 0)),
            (activity.modulename, self.ties.instances.get(folder, 0)),
            *(("grade_item", item) for item in self.ties.grade_items.get(folder, ())),
        ):
            absent.names[kind, number] = name
        absent.graded.extend([name] if folder in self.ties.grade_items else [])

    def has(self, name: str, *tags: str) -> bool:
        skeleton = self.side.skeleton(name)
        if skeleton is not None and next(skeleton.iter(*tags), None) is not None:
            return True
        return any(next(one.element.iter(*tags), None) is not None for one in self.side.records(name))

    def restrictions(self) -> Iterator[tuple[Part, Reference]]:
        return self._of_parts(self.ties.restrictions)

    def links(self) -> Iterator[tuple[str, Reference]]:
        for reference in self.ties.links.get("course", ()):
            yield _("The summary of the course"), reference
        for part, reference in self._of_parts(self.ties.links):
            yield part.subject, reference

    def _of_parts(self, by_folder: Mapping[str, list[Reference]]) -> Iterator[tuple[Part, Reference]]:
        """What stands with the parts that come, in their order."""
        kept = self.selection.manifest
        parts: list[SectionEntry | ActivityEntry] = [*kept.sections, *kept.activities]
        for one in parts:
            for reference in by_folder.get(one.directory, ()):
                yield _part(one), reference


def _part(one: SectionEntry | ActivityEntry) -> Part:
    if isinstance(one, SectionEntry):
        return Part(one.title, is_section=True)
    return Part(one.title or one.modulename)
