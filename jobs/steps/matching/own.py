"""What comes into the course that it was taken from: only what is in it gets new ids, all else is there already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.ids.own_ids import own_ids
from jobs.archive.xml import unpack
from jobs.steps.batch import BODIES
from jobs.steps.composing.rendering import FETCH
from jobs.steps.matching.matches import Matches
from jobs.steps.trees_of import trees_of
from webapp.models import Activity, Block, CourseFile, Document, Record, Section

Own = tuple[str | None, int]


@dataclass
class OwnMatches(Matches):
    """Knows what comes in by its ids; what these refer to beyond that keeps the id that it has."""

    own: frozenset[Own] = field(default_factory=frozenset)

    @cached_property
    def lowest(self) -> int:
        return min((number for _, number in self.own if number), default=0)

    @cached_property
    def highest(self) -> int:
        return max((number for _, number in self.own), default=0)

    def new(self, kind: str | None, number: int, offset: int) -> int:
        """The id that something gets in the course; the lowest becomes `offset`."""
        if kind is not None and (kind, number) not in self.own:
            return number
        return number - self.lowest + offset


def own_matches(session: Session, version_id: int, home: int | None) -> OwnMatches:
    """Read what is in a version; `home` is the id of a section that is only the place of what comes in."""
    here = (
        *_rows(session, version_id),
        *_in_documents(session, version_id),
        *_in_records(session, version_id),
    )
    matches = OwnMatches(own=frozenset(here) - {("course_section", home)})
    if home is not None:
        matches.known["course_section", home] = home
    return matches


def _rows(session: Session, version_id: int) -> Iterator[Own]:
    for row in session.scalars(sa.select(Section).where(Section.version_id == version_id)):
        yield "course_section", row.moodle_id
    for activity in session.scalars(sa.select(Activity).where(Activity.version_id == version_id)):
        yield "course_module", activity.moodle_id
        yield "context", activity.context_id
        yield activity.type, activity.instance_id
    for directory in session.scalars(sa.select(Block.directory).where(Block.version_id == version_id)):
        yield "block", int(directory.rpartition("_")[2])
    for number in session.scalars(sa.select(CourseFile.moodle_id).where(CourseFile.version_id == version_id)):
        yield "file", number


def _in_documents(session: Session, version_id: int) -> Iterator[Own]:
    trees = trees_of(session, version_id)
    # What inforef.xml lists by ids is elsewhere.
    there = (Document.version_id == version_id) & (Document.name != "inforef.xml")
    asked = sa.select(Document.id, Document.skeleton).where(there)
    for number, skeleton in session.execute(asked.execution_options(yield_per=FETCH)):
        root = unpack(skeleton)
        yield from own_ids(root, str(root.tag), trees[number])


def _in_records(session: Session, version_id: int) -> Iterator[Own]:
    trees = trees_of(session, version_id)
    asked = sa.select(Record.document_id, Record.path, Record.body).join(Document)
    asked = asked.where(Document.version_id == version_id)
    for document_id, path, body in session.execute(asked.execution_options(yield_per=BODIES)):
        yield from own_ids(unpack(body), path, trees[document_id])
