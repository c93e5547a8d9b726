"""Keeps what a manifest says beyond sections and activities, and makes the manifest of a new backup.

A course is written back in the dialect it came in: the leaves its Moodle wrote, in their
order, with its version. For a course made here it is that of `jobs.steps.own_dialect`.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any

from flask import current_app

from jobs.archive.manifest import ActivityEntry, CourseEntry, Manifest, SectionEntry, Setting
from jobs.archive.manifest.settings import PEOPLE_SETTINGS, ROOT_SETTINGS
from jobs.steps.own_dialect import dialect_for
from jobs.steps.selecting.parts import Selection
from webapp.models import Activity, Course, Section, utc_now


def kept_of(manifest: Manifest) -> dict[str, Any]:
    """What of a manifest is kept with the version, as plain data."""
    entries: list[SectionEntry | ActivityEntry] = [*manifest.sections, *manifest.activities]
    return {
        "information": manifest.information,
        "details": manifest.details,
        "course": asdict(manifest.course) if manifest.course else None,
        "root_settings": {one.name: one.value for one in manifest.settings if one.level == "root"},
        "settings": {one.name: one.value for one in manifest.settings if one.level != "root"},
        "others": {one.directory: one.others for one in entries if one.others},
    }


def make_manifest(course: Course, selection: Selection, *, filename: str, with_people: bool) -> Manifest:
    """The manifest of a backup of the selection. Of what stays out it says nothing: a setting of a section or an
    activity that is not listed stops Moodle's reader (Moodle 4.5 backup/util/helper/backup_general_helper).
    """
    kept = selection.version.manifest
    manifest = Manifest(
        information=_information(course, selection, filename),
        backup_id=secrets.token_hex(16),
        # A section that was restored as a course is one.
        details=(kept.get("details") or _details()) | {"type": selection.scope},
    )
    if selection.scope == "course":
        manifest.course = CourseEntry(selection.version.moodle_id, course.fullname, "course")
    others, homes = kept.get("others", {}), selection.section_ids
    manifest.sections = [_section(section, others) for section in selection.sections]
    manifest.activities = [_activity(one, homes[one.section_id], others) for one in selection.activities]
    manifest.settings = _settings(selection, kept, filename, with_people)
    return manifest


def _information(course: Course, selection: Selection, filename: str) -> dict[str, str]:
    version = selection.version
    came_with = version.manifest.get("information") or _made_here(selection)
    now = {
        "name": filename,
        "backup_date": str(int(utc_now().timestamp())),
        "include_files": str(int(selection.files)),
        "original_course_id": str(version.moodle_id),
        "original_course_format": version.format,
        "original_course_fullname": course.fullname,
        "original_course_shortname": course.shortname,
        "original_course_startdate": str(course.start_date),
        "original_course_enddate": str(course.end_date),
        "original_course_contextid": str(version.context_id),
    }
    if selection.anonymise or not selection.people:
        now["mnet_remoteusers"] = "0"
    return {leaf: now.get(leaf, value) for leaf, value in came_with.items()}


def _made_here(selection: Selection) -> dict[str, str]:
    site = current_app.config["BASE_URL"]
    return {
        "name": "", **dialect_for(selection).information, "backup_date": "", "mnet_remoteusers": "0",
        "include_files": "1", "include_file_references_to_external_content": "0", "original_wwwroot": site,
        "original_site_identifier_hash": current_app.config["SITE_HASH"], "original_course_id": "",
        "original_course_format": "", "original_course_fullname": "", "original_course_shortname": "",
        "original_course_startdate": "", "original_course_enddate": "", "original_course_contextid": "",
        "original_system_contextid": "1",
    }  # fmt: skip


def _details() -> dict[str, str]:
    return {"type": "course", "format": "moodle2", "interactive": "1", "mode": "10", "execution": "1",
            "executiontime": "0"}  # fmt: skip


def _section(section: Section, others: dict[str, dict[str, str]]) -> SectionEntry:
    return SectionEntry(
        id=section.moodle_id, title=section.title, directory=section.directory,
        parentcmid=section.parent_cmid, modname=section.parent_module, others=others.get(section.directory, {}),
    )  # fmt: skip


def _activity(activity: Activity, section_id: int, others: dict[str, dict[str, str]]) -> ActivityEntry:
    return ActivityEntry(
        moduleid=activity.moodle_id, sectionid=section_id, modulename=activity.type,
        title=activity.title, directory=activity.directory,
        insubsection=activity.in_subsection, others=others.get(activity.directory, {}),
    )  # fmt: skip


def _settings(selection: Selection, kept: dict[str, Any], filename: str, with_people: bool) -> list[Setting]:
    root = root_settings(selection, with_people) | {"filename": filename}
    settings = [Setting("root", name, value) for name, value in root.items()]
    said = kept.get("settings", {})
    parts: list[Section | Activity] = [*selection.sections, *selection.activities]
    for one in parts:
        settings.extend(_choices(one, said, with_people))
    return settings


def root_settings(selection: Selection, with_people: bool) -> dict[str, str]:
    """What a backup says of itself as a whole: which kinds of things go along."""
    unknown = dialect_for(selection).unknown_settings
    own = {name: value for name, value in ROOT_SETTINGS.items() if name not in unknown}
    root = dict(selection.version.manifest.get("root_settings") or own)
    root["files"] = str(int(selection.files))
    if selection.scope != "course":
        root.pop("imscc11", None)  # Moodle 4.5 backup_root_task: of a whole course only
    if not with_people:
        root |= {name: "0" for name in PEOPLE_SETTINGS if name in root}
    root |= {name: "0" for name in selection.without.kinds if name in root}
    if selection.anonymise and with_people:
        root["anonymize"] = "1"
    return root


def _choices(one: Section | Activity, said: dict[str, str], with_people: bool) -> list[Setting]:
    key = one.directory.rpartition("/")[2]
    userinfo = said.get(f"{key}_userinfo", "1") if with_people else "0"
    level = "section" if isinstance(one, Section) else "activity"
    place = {level: key}
    return [
        Setting(level, f"{key}_included", "1", **place),
        Setting(level, f"{key}_userinfo", userinfo, **place),
    ]
