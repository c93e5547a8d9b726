"""The groups of a course and the groupings that hold some of them, as groups.xml has them.

Each group is a record with its members in it, each grouping one with the ids of its groups. People stand in them by
the ids that they have in the archive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import unescape

from jobs.archive.xml.leaves import NULL
from webapp.content.lookups import records_of_course
from webapp.extensions import db
from webapp.models import Record

DOCUMENT = "groups.xml"
GROUP = "groups/group"
GROUPING = "groups/groupings/grouping"

#: Records are kept as `jobs.archive.xml.pack` writes them, so names and ids are picked out without building trees:
#: a group may have thousands of people in it.
_NAME = re.compile(rb"<name>([^<]*)</name>")
_USER = re.compile(rb"<userid>([0-9]{1,18})</userid>")
_GROUP = re.compile(rb"<groupid>([0-9]{1,18})</groupid>")


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
        Group(moodle_id, _name(body), _numbers(body, _USER)) for moodle_id, body in _bodies(version_id, GROUP)
    )
    return sorted(found, key=lambda one: (one.name.casefold(), one.moodle_id))


def groupings_of(version_id: int) -> list[Grouping]:
    """All groupings of a version of a course, by name."""
    found = (
        Grouping(moodle_id, _name(body), _numbers(body, _GROUP))
        for moodle_id, body in _bodies(version_id, GROUPING)
    )
    return sorted(found, key=lambda one: (one.name.casefold(), one.moodle_id))


def _bodies(version_id: int, path: str) -> Iterator[tuple[int, bytes]]:
    rows = records_of_course(version_id, DOCUMENT, path).with_only_columns(Record.moodle_id, Record.body)
    return ((row[0], row[1]) for row in db.session.execute(rows) if row[0])


def _name(body: bytes) -> str:
    found = _NAME.search(body)
    name = unescape(found[1].decode()).strip() if found else ""
    return "" if name == NULL else name


def _numbers(body: bytes, leaf: re.Pattern[bytes]) -> frozenset[int]:
    return frozenset(map(int, leaf.findall(body)))
