"""The sections, activities and blocks of a version that is being built, found by their folder in the archive."""

from __future__ import annotations

from dataclasses import dataclass, field

from jobs.archive.manifest import Manifest, SectionEntry
from jobs.progress import Run
from webapp.database import separate_write
from webapp.models import Activity, Block, Section


@dataclass(frozen=True)
class Owner:
    """Whose documents lie in a folder: the columns of Document that say so."""

    columns: dict[str, int]
    activity_id: int | None = None
    section_id: int | None = None
    #: The activity type, where the owner is an activity.
    type: str = ""


@dataclass
class Owners:
    """Folder -> owner. What lies in no known folder belongs to the course as a whole."""

    run: Run
    version_id: int
    #: The section or activity that is all there is, where it is no course.
    part: Owner | None = None
    _by_directory: dict[str, Owner] = field(default_factory=dict)
    _blocks: int = 0

    def add(self, directory: str, owner: Owner) -> None:
        self._by_directory[directory] = owner

    def of(self, directory: str) -> Owner | None:
        """The owner of a folder; None for the course as a whole. A block is written down when it is first met."""
        if directory in self._by_directory:
            return self._by_directory[directory]
        parent, found, block = directory.rpartition("/blocks/")
        if not found or (parent != "course" and parent not in self._by_directory):
            return None
        owner = self._by_directory[directory] = self._new_block(self._by_directory.get(parent), block)
        return owner

    def _new_block(self, parent: Owner | None, directory: str) -> Owner:
        activity_id = parent.activity_id if parent else None
        with separate_write() as session:
            self.run.hold(session)
            block = Block(
                version_id=self.version_id,
                activity_id=activity_id,
                position=self._blocks,
                directory=directory,
            )
            session.add(block)
            session.flush()
            block_id = block.id
        self._blocks += 1
        return Owner({"block_id": block_id})


def make_owners(run: Run, version_id: int, manifest: Manifest) -> Owners:
    """Write down the sections and activities of the manifest, in its order."""
    entries = sections_of(manifest)
    owners = Owners(run, version_id)
    with separate_write() as session:
        run.hold(session)
        sections = [
            Section(
                version_id=version_id, moodle_id=entry.id, position=position, directory=entry.directory,
                title=entry.title, parent_cmid=entry.parentcmid, parent_module=entry.modname,
            )
            for position, entry in enumerate(entries)
        ]  # fmt: skip
        session.add_all(sections)
        session.flush()
        section_ids = {section.moodle_id: section.id for section in sections}
        activities = [
            Activity(
                # As Moodle does: what names a section that is not there goes into the first one.
                version_id=version_id, section_id=section_ids.get(entry.sectionid, sections[0].id), position=position,
                moodle_id=entry.moduleid, instance_id=0, context_id=0, directory=entry.directory,
                title=entry.title, type=entry.modulename, name=entry.title, in_subsection=entry.insubsection,
            )
            for position, entry in enumerate(manifest.activities)
        ]  # fmt: skip
        session.add_all(activities)
        session.flush()
        for section in sections:
            owners.add(section.directory, Owner({"section_id": section.id}, section_id=section.id))
        for activity in activities:
            owner = Owner({"activity_id": activity.id}, activity_id=activity.id, type=activity.type)
            owners.add(activity.directory, owner)
    if manifest.kind != "course":
        owners.part = owners.of(_part_of(manifest))
    return owners


def _part_of(manifest: Manifest) -> str:
    """The folder of what was backed up, if it is no course: what opens from it comes behind it."""
    if manifest.kind == "activity":
        return manifest.activities[0].directory
    return next((one for one in manifest.sections if not one.parentcmid), manifest.sections[0]).directory


def sections_of(manifest: Manifest) -> list[SectionEntry]:
    """The sections that the manifest lists. A backup of an activity has none but those that open from it: first
    comes the one that the activity stands in.
    """
    if manifest.kind != "activity":
        return manifest.sections
    listed = {one.id for one in manifest.sections}
    homes = [one.sectionid for one in manifest.activities if one.sectionid not in listed]
    return [*(SectionEntry(one, "", f"sections/section_{one}") for one in homes[:1]), *manifest.sections]
