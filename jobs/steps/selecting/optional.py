"""What may stay out of a backup by kind, and where it lies in an archive.

The kinds are named as the settings at the root of a Moodle 4.5 manifest, which say of each whether it goes along;
a Moodle asks for no document of a kind that is off (seen with 4.5.5).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.ids.numbers import whole_number
from jobs.archive.xml import unpack
from webapp.models import Block, CourseFile, CourseVersion, Document


class FilePlace(Protocol):
    """Where a file lies, as its row says."""

    @property
    def context_id(self) -> int: ...

    @property
    def component(self) -> str: ...

    @property
    def filearea(self) -> str: ...

    @property
    def itemid(self) -> int: ...


@dataclass(frozen=True)
class Kind:
    """Where a kind lies."""

    #: Documents by their names, wherever they are.
    documents: frozenset[str] = frozenset()
    #: Documents that are of this kind in the folders of activities alone.
    of_activities: frozenset[str] = frozenset()
    #: Elements within other documents, by their paths.
    elements: frozenset[str] = frozenset()
    #: Pairs of component and area; "" for all areas.
    files: frozenset[tuple[str, str]] = frozenset()
    #: What stands of it in inforef.xml.
    references: frozenset[str] = frozenset()


def _kind(
    *documents: str,
    of_activities: Iterable[str] = (),
    elements: Iterable[str] = (),
    files: Iterable[tuple[str, str]] = (),
    references: Iterable[str] = (),
) -> Kind:
    lists = (documents, of_activities, elements, files, references)
    return Kind(*map(frozenset, lists))  # type: ignore[arg-type]


ACTIVITIES = "activities"

KINDS: dict[str, Kind] = {
    #: Who has which role; in users.xml also what roles may do with a person.
    "role_assignments": _kind(
        elements=[
            "roles/role_assignments/assignment",
            "users/user/roles/role_assignments/assignment",
            "users/user/roles/role_overrides/override",
        ]
    ),
    #: `jobs.steps.selecting.parts` leaves all of them out, with the sections that open from them.
    ACTIVITIES: _kind(),
    #: Each in a folder of its own, with files under a context of its own.
    "blocks": _kind(),
    "filters": _kind("filters.xml"),
    "comments": _kind("comments.xml"),
    "badges": _kind("badges.xml", files=[("badges", "")]),
    "calendarevents": _kind("calendar.xml", files=[("calendar", "")]),
    #: Who has completed what; what counts as completed stays.
    "userscompletion": _kind(
        of_activities=["completion.xml"],
        elements=[
            "course_completion/course_completions",
            "course_completion/course_completion_criteria/course_completion_crit_completions"
            "/course_completion_crit_compl",
        ],
    ),
    "logs": _kind("logs.xml", "logstores.xml", "loglastaccess.xml"),
    "grade_histories": _kind("grade_history.xml"),
    #: `jobs.steps.composing.courses` takes what activities ask, and the banks that are their own.
    "questionbank": _kind(),
    "groups": _kind(
        elements=[
            "groups/group",
            "groups/groupcustomfields/groupcustomfield",
            "groups/groupings/grouping",
            "groups/groupings/groupingcustomfields/groupingcustomfield",
            "inforef/groupref/group",
            "inforef/groupingref/grouping",
        ],
        files=[("group", ""), ("grouping", "")],
        references=["group", "grouping"],
    ),
    "competencies": _kind("competencies.xml"),
    #: Of the course and its groups, whose fields admins add. Those of people are theirs.
    "customfield": _kind(
        elements=[
            "course/customfields/customfield",
            "groups/groupcustomfields/groupcustomfield",
            "groups/groupings/groupingcustomfields/groupingcustomfield",
        ]
    ),
    "contentbankcontent": _kind("contentbank.xml", files=[("contentbank", "")]),
    "xapistate": _kind("xapistate.xml"),
    "legacyfiles": _kind(files=[("course", "legacy")]),
}


@dataclass(frozen=True)
class Without:
    """The kinds that stay out of one backup, and the contexts of the blocks that do."""

    kinds: frozenset[str] = frozenset()
    block_contexts: frozenset[int] = frozenset()

    def drops(self, directory: str, document: str) -> bool:
        """Whether the document with this name in this folder stays out."""
        own = directory.startswith("activities/")
        kinds = [KINDS[kind] for kind in self.kinds]
        return any(document in one.documents or (own and document in one.of_activities) for one in kinds)

    def keeps(self, path: str, _element: etree._Element | None = None) -> bool:
        """Whether the elements at this path of a document stay in it."""
        return path not in self._elements

    @cached_property
    def _elements(self) -> frozenset[str]:
        return frozenset[str]().union(*(KINDS[kind].elements for kind in self.kinds))

    @cached_property
    def references(self) -> frozenset[str]:
        """What stays out of every inforef.xml."""
        return frozenset[str]().union(*(KINDS[kind].references for kind in self.kinds))

    def has_files(self) -> sa.ColumnElement[bool]:
        """Whether a row of files belongs to what stays out."""
        areas = [area for kind in self.kinds for area in KINDS[kind].files]
        found = [
            (CourseFile.component == component) & ((CourseFile.filearea == area) if area else sa.true())
            for component, area in areas
        ]
        return sa.or_(sa.false(), CourseFile.context_id.in_(self.block_contexts), *found)

    def has_file(self, row: FilePlace) -> bool:
        """The same of one file."""
        places = {(row.component, row.filearea), (row.component, "")}
        return row.context_id in self.block_contexts or any(places & KINDS[kind].files for kind in self.kinds)


def without(
    session: Session, version: CourseVersion, options: dict[str, Any], absent: Collection[int] = ()
) -> Without:
    """What the options leave out by kind, of what the dialect of the course can do without.

    Where its Moodle did not know a setting, it asks for the documents all the same. With activities that are
    `absent`, by their rows, go the blocks beside them.
    """
    kinds = frozenset(options.get("without", ())) & KINDS.keys()
    if said := version.manifest.get("root_settings"):
        kinds &= said.keys()
    of_absent = Block.activity_id.in_(list(absent))
    return Without(kinds, _block_contexts(session, version, sa.true() if "blocks" in kinds else of_absent))


def _block_contexts(
    session: Session, version: CourseVersion, which: sa.ColumnElement[bool]
) -> frozenset[int]:
    asked = sa.select(Document.skeleton).join(Block, Document.block_id == Block.id)
    asked = asked.where(Document.version_id == version.id, Document.name == "block.xml", which)
    numbers = (whole_number(unpack(skeleton).get("contextid")) for skeleton in session.scalars(asked))
    return frozenset(number for number in numbers if number)
