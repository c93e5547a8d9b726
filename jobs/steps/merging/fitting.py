"""Makes a version that comes in fit the course that it goes into: the names of its parts, the documents it needs."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.ids.numbers import whole
from jobs.archive.xml import pack
from jobs.progress import Run
from jobs.steps.matching.matches import Matches
from webapp.content.shapes import activity_rest
from webapp.database import separate_write
from webapp.models import Activity, CourseVersion, Document

#: What every Moodle asks for in the folder of an activity, and since which version (moodle-observed: it stops
#: midway through a restore without).
_NEEDED = {"roles.xml": 0, "grades.xml": 0, "filters.xml": 0, "comments.xml": 0, "calendar.xml": 0,
           "grade_history.xml": 2014111000, "competencies.xml": 2016120500, "xapistate.xml": 2023042400}  # fmt: skip
#: Moodle 4.5, in which courses made here are written once something is added to them (`jobs.steps.own_dialect`).
_OURS = 2024100700
_SETTING = re.compile(r"(?P<name>\w+)_(?P<id>[0-9]{1,16})_(?P<what>included|userinfo)")
_FOLDER = re.compile(r"(?P<folder>activities|sections)/(?P<name>\w+)_(?P<id>[0-9]{1,16})")


def fit_manifest(manifest: dict[str, Any], matches: Matches, offset: int) -> dict[str, Any]:
    """The kept manifest with its settings under the names that the parts have from now on."""

    def renamed(name: str, number: str) -> str:
        kind = "course_section" if name == "section" else "course_module"
        return f"{name}_{matches.new(kind, int(number), offset)}"

    settings, others = {}, {}
    for key, value in manifest.get("settings", {}).items():
        found = _SETTING.fullmatch(key)
        if found and not _stays(found, matches):
            settings[f"{renamed(found['name'], found['id'])}_{found['what']}"] = value
    for key, value in manifest.get("others", {}).items():
        found = _FOLDER.fullmatch(key)
        if found and not _stays(found, matches):
            others[f"{found['folder']}/{renamed(found['name'], found['id'])}"] = value
    return manifest | {"settings": settings, "others": others}


def _stays(found: re.Match[str], matches: Matches) -> bool:
    """Whether it is about a section that goes into one of the course, which has settings of its own."""
    return found["name"] == "section" and ("course_section", int(found["id"])) in matches.known


def dialect_of(version: CourseVersion) -> int:
    """The version of Moodle's backups in which the course is written."""
    written = (version.manifest.get("information") or {}).get("backup_version", "")
    return whole(written, _OURS)


def complete_activities(run: Run, version_id: int, dialect: int) -> None:
    """Give activities the documents that a Moodle of the course's dialect asks for, empty."""
    needed = [name for name, since in _NEEDED.items() if since <= dialect]
    rest = activity_rest()
    with separate_write() as session:
        run.hold(session)
        for activity_id in session.scalars(
            sa.select(Activity.id).where(Activity.version_id == version_id)
        ).all():
            there = _names(session, activity_id)
            session.add_all(
                Document(version_id=version_id, activity_id=activity_id, name=name, position=len(there) + place,
                         skeleton=pack(rest[name]))
                for place, name in enumerate(needed) if name not in there
            )  # fmt: skip


def _names(session: Session, activity_id: int) -> set[str]:
    return set(session.scalars(sa.select(Document.name).where(Document.activity_id == activity_id)))
