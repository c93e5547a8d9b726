"""What may stay out of a backup by kind, and where it lies in an archive.

The kinds are named as the settings at the root of a Moodle 4.5 manifest, which say of each whether it goes along;
a Moodle asks for no document of a kind that is off (seen with 4.5.5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.xml import unpack
from jobs.steps.documents import whole_number
from webapp.models import CourseFile, CourseVersion, Document


@dataclass(frozen=True)
class Kind:
    """The documents of a kind, by their names, and its files: pairs of component and area, "" for all areas."""

    documents: frozenset[str] = frozenset()
    files: frozenset[tuple[str, str]] = frozenset()


def _kind(*documents: str, files: Iterable[tuple[str, str]] = ()) -> Kind:
    return Kind(frozenset(documents), frozenset(files))


KINDS: dict[str, Kind] = {
    #: Each in a folder of its own, with files under a context of its own.
    "blocks": _kind(),
    "filters": _kind("filters.xml"),
    "comments": _kind("comments.xml"),
    "badges": _kind("badges.xml", files=[("badges", "")]),
    "calendarevents": _kind("calendar.xml", files=[("calendar", "")]),
    "logs": _kind("logs.xml", "logstores.xml", "loglastaccess.xml"),
    "grade_histories": _kind("grade_history.xml"),
    "competencies": _kind("competencies.xml"),
    "contentbankcontent": _kind("contentbank.xml", files=[("contentbank", "")]),
    "xapistate": _kind("xapistate.xml"),
    "legacyfiles": _kind(files=[("course", "legacy")]),
}


@dataclass(frozen=True)
class Without:
    """The kinds that stay out of one backup, and the contexts of its blocks if these do."""

    kinds: frozenset[str] = frozenset()
    block_contexts: frozenset[int] = frozenset()

    def drops(self, document: str) -> bool:
        """Whether a document with this name, without its folder, stays out."""
        return any(document in KINDS[kind].documents for kind in self.kinds)

    def has_files(self) -> sa.ColumnElement[bool]:
        """Whether a row of files belongs to what stays out."""
        areas = [area for kind in self.kinds for area in KINDS[kind].files]
        found = [
            (CourseFile.component == component) & ((CourseFile.filearea == area) if area else sa.true())
            for component, area in areas
        ]
        return sa.or_(sa.false(), CourseFile.context_id.in_(self.block_contexts), *found)

    def has_file(self, row: CourseFile) -> bool:
        """The same of a row that is loaded."""
        places = {(row.component, row.filearea), (row.component, "")}
        return row.context_id in self.block_contexts or any(places & KINDS[kind].files for kind in self.kinds)


def without(session: Session, version: CourseVersion, options: dict[str, Any]) -> Without:
    """What the options leave out by kind, of what the dialect of the course can do without.

    Where its Moodle did not know a setting, it asks for the documents all the same.
    """
    kinds = frozenset(options.get("without", ())) & KINDS.keys()
    if said := version.manifest.get("root_settings"):
        kinds &= said.keys()
    return Without(kinds, _block_contexts(session, version) if "blocks" in kinds else frozenset())


def _block_contexts(session: Session, version: CourseVersion) -> frozenset[int]:
    of_blocks = (Document.block_id.is_not(None)) & (Document.name == "block.xml")
    asked = sa.select(Document.skeleton).where(Document.version_id == version.id, of_blocks)
    numbers = (whole_number(unpack(skeleton).get("contextid")) for skeleton in session.scalars(asked))
    return frozenset(number for number in numbers if number)
