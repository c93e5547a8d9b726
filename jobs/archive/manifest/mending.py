"""Makes a manifest whole by what the folders of its archive say.

What could be read of a damaged one stays; folders that it does not name are added behind those that it does, and
what it no longer says of the backup is told by the documents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from jobs.archive.manifest.folders import ActivityFolder, Folders, SectionFolder
from jobs.archive.manifest.model import (
    ActivityEntry,
    CourseEntry,
    Manifest,
    SectionEntry,
    Setting,
    whole_number,
)
from jobs.archive.manifest.releases import FIRST_WITH_SUBSECTIONS, release_of
from jobs.archive.manifest.settings import PEOPLE_SETTINGS, ROOT_SETTINGS

_KINDS = ("course", "section", "activity")
#: What else a manifest says of where a backup is from, and what stands there if nobody knows any more.
_INFORMATION = {
    "name": "backup.mbz", "moodle_version": "", "moodle_release": "", "backup_version": "", "backup_release": "",
    "backup_date": "0", "mnet_remoteusers": "0", "include_files": "1",
    "include_file_references_to_external_content": "0", "original_wwwroot": "", "original_site_identifier_hash": "",
    "original_course_id": "0", "original_course_format": "topics", "original_course_fullname": "",
    "original_course_shortname": "", "original_course_startdate": "0", "original_course_enddate": "0",
    "original_course_contextid": "0", "original_system_contextid": "1",
}  # fmt: skip
_OF_COURSE = {
    "original_course_id": "@id", "original_course_format": "format", "original_course_fullname": "fullname",
    "original_course_shortname": "shortname", "original_course_startdate": "startdate",
    "original_course_enddate": "enddate", "original_course_contextid": "@contextid",
}  # fmt: skip
_DETAILS = {
    "type": "",
    "format": "moodle2",
    "interactive": "1",
    "mode": "10",
    "execution": "1",
    "executiontime": "0",
}

#: Settings that ask for documents, and the first version of a backup that has them.
_SINCE = {"competencies": 2016052300, "contentbankcontent": 2020061500, "xapistate": 2023042400}


def unlisted(manifest: Manifest, folders: Folders) -> list[str]:
    """The folders that a manifest does not name, and that say what they are."""
    listed = {one.directory for one in manifest.sections} | {one.directory for one in manifest.activities}
    return sorted((folders.sections.keys() | folders.activities.keys()) - listed)


def add_unlisted(manifest: Manifest, folders: Folders) -> None:
    """Have a manifest name every folder, in place."""
    missing = set(unlisted(manifest, folders))
    with_subsections = whole_number(manifest.information, "backup_version", 0) >= FIRST_WITH_SUBSECTIONS
    openers = {one.instance: one for one in folders.activities.values() if one.type == "subsection"}
    opened = {one.id for one in folders.sections.values() if one.opener in openers}
    sections = [one for directory, one in folders.sections.items() if directory in missing]
    for section in sorted(sections, key=lambda one: (one.id in opened, one.number)):
        opener = openers.get(section.opener)
        manifest.sections.append(_section_entry(section, opener, with_subsections=with_subsections))
    subsections = {one.id for one in manifest.sections if one.parentcmid}
    for activity in _in_order(folders, [one for key, one in folders.activities.items() if key in missing]):
        inside = ("1" if activity.section in subsections else "") if with_subsections else None
        manifest.activities.append(
            ActivityEntry(
                activity.id, activity.section, activity.type, activity.title or activity.type,
                f"activities/{activity.type}_{activity.id}", inside,
            )
        )  # fmt: skip


def mend(manifest: Manifest, folders: Folders) -> bool:
    """Make a damaged manifest whole, in place; false if there is nothing in the archive to make it of."""
    _drop_misplaced(manifest)
    if not (folders.sections or folders.activities or folders.course):
        return False
    version, release = _release(manifest, folders)
    of_course = {name: folders.course.get(leaf, "") for name, leaf in _OF_COURSE.items()}
    said = _INFORMATION | {name: text for name, text in of_course.items() if text}
    said |= {"moodle_version": str(version), "moodle_release": release, "backup_release": release}
    manifest.information = said | manifest.information | {"backup_version": str(version)}
    manifest.details = _DETAILS | manifest.details
    manifest.details["format"] = "moodle2"
    if manifest.kind not in _KINDS:
        manifest.details["type"] = _kind(manifest, folders)
    add_unlisted(manifest, folders)
    house(manifest)
    if manifest.kind == "course" and manifest.course is None:
        information = manifest.information
        number = whole_number(information, "original_course_id", 0)
        manifest.course = CourseEntry(number, information["original_course_fullname"])
    if manifest.setting("users") is None:
        manifest.settings[:0] = _settings(version, with_people=folders.with_people)
    return True


def _drop_misplaced(manifest: Manifest) -> None:
    """Leave out entries whose folder is not the one that Moodle would give, and those that came before."""
    sections: dict[str, SectionEntry] = {}
    for section in manifest.sections:
        if section.directory == f"sections/section_{section.id}":
            sections.setdefault(section.directory, section)
    activities: dict[str, ActivityEntry] = {}
    for activity in manifest.activities:
        if activity.directory == f"activities/{activity.modulename}_{activity.moduleid}":
            activities.setdefault(activity.directory, activity)
    manifest.sections, manifest.activities = list(sections.values()), list(activities.values())


def _release(manifest: Manifest, folders: Folders) -> tuple[int, str]:
    """The version of the backup, or, where it is lost, that of most of its activities."""
    if version := whole_number(manifest.information, "backup_version", 0):
        return version, manifest.backup_release or release_of(version)[1]
    branches = Counter(release_of(one.version) for one in folders.activities.values() if one.version)
    return branches.most_common(1)[0][0] if branches else release_of(FIRST_WITH_SUBSECTIONS)


def _kind(manifest: Manifest, folders: Folders) -> str:
    if folders.course or manifest.course is not None:
        return "course"
    return "section" if any(not one.opener for one in folders.sections.values()) else "activity"


def house(manifest: Manifest) -> bool:
    """Have sections for the activities of a backup that lists none, in place; false if none is missing."""
    if manifest.kind == "activity" or manifest.sections or not manifest.activities:
        return False
    homes = dict.fromkeys(one.sectionid for one in manifest.activities)
    manifest.sections = [
        SectionEntry(number, str(place), f"sections/section_{number}") for place, number in enumerate(homes)
    ]
    return True


def _section_entry(
    section: SectionFolder, opener: ActivityFolder | None, *, with_subsections: bool
) -> SectionEntry:
    title, directory = section.name or str(section.number), f"sections/section_{section.id}"
    if not with_subsections:
        return SectionEntry(section.id, title, directory)
    parent, kind = (str(opener.id), opener.type) if opener else ("", "")
    return SectionEntry(section.id, title, directory, parent, kind)


def _in_order(folders: Folders, activities: Iterable[ActivityFolder]) -> list[ActivityFolder]:
    """The activities as their sections list them, section by section."""
    sections = sorted(folders.sections.values(), key=lambda one: one.number)
    listed = [number for section in sections for number in section.sequence]
    places = {number: place for place, number in enumerate(listed)}
    return sorted(activities, key=lambda one: (places.get(str(one.id), len(places)), one.id))


def _settings(version: int, *, with_people: bool) -> list[Setting]:
    values = {name: value for name, value in ROOT_SETTINGS.items() if _SINCE.get(name, 0) <= version}
    if not with_people:
        values |= dict.fromkeys(PEOPLE_SETTINGS, "0")
    return [Setting("root", name, value) for name, value in values.items()]
