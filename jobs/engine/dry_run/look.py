"""What an answer to a restore is looked at with: the archive, the course, and how the two compare."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from jobs.archive.dates import DateShift
from jobs.archive.manifest import Manifest
from jobs.archive.questions.banks import Folding
from jobs.engine.merge import place_sections
from jobs.steps.building.accounts import Accounts, accounts_of
from jobs.steps.matching.matches import Matches, match
from jobs.steps.matching.question_forms import ModernSide, OldSide, Turn, has_tops, turn_for
from jobs.steps.matching.sides import ArchiveSide, NoSide, Participant, Side, VersionSide, origin_of_version
from jobs.steps.merging.fitting import dialect_of
from jobs.steps.merging.folding import folding_for
from jobs.steps.merging.section_places import SectionPlaces, Spot, spots_of
from jobs.steps.placing import Placement
from webapp.models import Course


@dataclass(frozen=True)
class Look:
    """One look at what an answer leads to; what is worked out stays."""

    session: Session
    placement: Placement
    manifest: Manifest
    #: What the survey of the archive found, as JSON.
    found: dict[str, Any]
    #: The archive as the answer takes it in: without people, or with its dates moved, where that was chosen.
    side: ArchiveSide
    spots: list[Spot]
    shift: DateShift | None

    @cached_property
    def course(self) -> Course | None:
        """The course that it goes into; None for a new one."""
        course_id = self.placement.course_id
        return self.session.get_one(Course, course_id) if course_id is not None else None

    @property
    def target(self) -> str:
        if self.course is None:
            return "new"
        return "merge" if self.placement.adds else "replace"

    @property
    def is_joined(self) -> bool:
        """Whether it is added to what a course has."""
        return self.target == "merge"

    @cached_property
    def plain_side(self) -> ArchiveSide:
        """The archive with the dates that stand in it."""
        return replace(self.side, shift=None)

    @cached_property
    def ours(self) -> VersionSide | None:
        """What the course holds now."""
        if self.course is None:
            return None
        return VersionSide(self.session, self.course.version_id, origin_of_version(self.course.version))

    @cached_property
    def people(self) -> list[Participant]:
        return list(self.side.people())

    @cached_property
    def accounts(self) -> Accounts:
        return accounts_of(self.session, self.placement.same_people)

    @cached_property
    def matches(self) -> Matches:
        """What is there already; nothing is where a course is made, or loses what it has."""
        there: Side = self.ours if self.ours and self.is_joined else NoSide()
        return match(self.theirs, there, self.placement.same_people, is_turned=self._turn != Turn.NONE)

    @cached_property
    def goals(self) -> SectionPlaces:
        """Which sections go into sections of the course; the others become sections of their own."""
        if not self.is_joined or self.course is None:
            return SectionPlaces()
        there = spots_of(self.session, self.course.version_id)
        return place_sections(self.placement, self.manifest.kind, self.spots, there, is_new=False)

    @cached_property
    def theirs(self) -> ArchiveSide | ModernSide | OldSide:
        """What comes in, in the form that it would have in the course."""
        side = replace(self.side, folding=self.folding)
        if self.ours is None or self.course is None or self._turn == Turn.NONE:
            return side
        dialect = dialect_of(self.course.version)
        if self._turn == Turn.MODERNISE:
            return ModernSide(side)
        return OldSide(side, dialect, has_tops(self.ours, dialect))

    @cached_property
    def folding(self) -> Folding | None:
        """Which question banks become part of the course's own."""
        return folding_for(self.manifest, self.course.version) if self.course and self.is_joined else None

    @cached_property
    def _turn(self) -> Turn:
        if not self.is_joined or self.course is None:
            return Turn.NONE
        return turn_for(self.manifest.backup_version, dialect_of(self.course.version))
