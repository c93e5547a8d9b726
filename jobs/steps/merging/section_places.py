"""Into which sections of a course those that come in go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.ids.numbers import whole_number
from jobs.archive.xml import unpack
from webapp.models import Activity, Document, Section


@dataclass(frozen=True)
class Spot:
    """What of a section decides where it goes. Its `id` is any that its side knows it by."""

    id: int
    moodle_id: int
    number: int | None
    is_subsection: bool = False
    is_empty: bool = False


@dataclass
class SectionPlaces:
    """Section that comes in -> section of the course; what is not here becomes a section of its own."""

    goes_to: dict[int, Spot] = field(default_factory=dict)

    def known(self, incoming: Iterable[Spot]) -> dict[tuple[str, int], int]:
        """The ids of sections as `Matches.known` has them."""
        return {
            ("course_section", one.moodle_id): self.goes_to[one.id].moodle_id
            for one in incoming
            if one.id in self.goes_to
        }


def choose_places(
    incoming: list[Spot], there: list[Spot], *, chosen: int | None, append: bool
) -> SectionPlaces:
    """Say where sections go: into the `chosen` one of the course (by id), else by number, or behind the others.

    Subsections are always new; so are all with `append`, but for an empty one on top.
    """
    places = SectionPlaces()
    by_number: dict[int | None, Spot] = {}
    for spot in there:
        if not spot.is_subsection:
            by_number.setdefault(spot.number, spot)
    goal = next((spot for spot in there if spot.id == chosen), None) if chosen else None
    for spot in incoming:
        same = goal or by_number.get(spot.number if spot.number is not None else 0)
        stays_apart = append and goal is None and not (spot.number == 0 and spot.is_empty)
        if same is not None and not spot.is_subsection and not stays_apart:
            places.goes_to[spot.id] = same
    return places


def spots_of(session: Session, version_id: int) -> list[Spot]:
    """The sections of a version in their order."""
    filled = set(session.scalars(sa.select(Activity.section_id).where(Activity.version_id == version_id)))
    found = sa.select(Section).where(Section.version_id == version_id).order_by(Section.position, Section.id)
    return [
        Spot(
            id=row.id,
            moodle_id=row.moodle_id,
            number=row.number if row.number is not None else _number_by_activity(session, row.id),
            is_subsection=bool(row.parent_cmid),
            is_empty=row.id not in filled and not row.summary,
        )
        for row in session.scalars(found)
    ]


def _number_by_activity(session: Session, section_id: int) -> int | None:
    """In a backup of one activity only the activity says in which section it stood."""
    found = (
        sa.select(Document.skeleton)
        .join(Activity, Document.activity_id == Activity.id)
        .where(Activity.section_id == section_id, Document.name == "module.xml")
    )
    skeleton = session.scalars(found.limit(1)).first()
    return whole_number(unpack(skeleton).findtext("sectionnumber")) if skeleton else None
