"""The groups of a course and the groupings that hold some of them, as groups.xml has them.

Each group is a record with its members in it, each grouping one with the ids of its groups. People stand in them by
the ids that they have in the archive.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from jobs.archive.xml import text_of, unpack
from webapp.content.lookups import records_of_course
from webapp.extensions import db
from webapp.models import Record

DOCUMENT = "groups.xml"
GROUP = "groups/group"
GROUPING = "groups/groupings/grouping"


@dataclass(frozen=True)
class Group:
    moodle_id: int
    name: str
    #: The archive's ids of the people in it.
    members: frozenset[int]


@dataclass(frozen=True)
class Grouping:
    moodle_id: int
    name: str
    #: The ids of the groups in it.
    groups: frozenset[int]


def groups_of(version_id: int) -> list[Group]:
    """All groups of a version of a course, by name."""
    found = (
        Group(moodle_id, _name(one), _numbers(one, "group_members/group_member/userid"))
        for moodle_id, one in _elements(version_id, GROUP)
    )
    return sorted(found, key=lambda one: (one.name.casefold(), one.moodle_id))


def groupings_of(version_id: int) -> list[Grouping]:
    """All groupings of a version of a course, by name."""
    found = (
        Grouping(moodle_id, _name(one), _numbers(one, "grouping_groups/grouping_group/groupid"))
        for moodle_id, one in _elements(version_id, GROUPING)
    )
    return sorted(found, key=lambda one: (one.name.casefold(), one.moodle_id))


def _elements(version_id: int, path: str) -> list[tuple[int, etree._Element]]:
    rows = records_of_course(version_id, DOCUMENT, path).with_only_columns(Record.moodle_id, Record.body)
    return [(moodle_id, unpack(body)) for moodle_id, body in db.session.execute(rows) if moodle_id]


def _name(element: etree._Element) -> str:
    leaf = element.find("name")
    return (text_of(leaf) or "").strip() if leaf is not None else ""


def _numbers(element: etree._Element, path: str) -> frozenset[int]:
    texts = (leaf.text or "" for leaf in element.iterfind(path))
    return frozenset(int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19)
