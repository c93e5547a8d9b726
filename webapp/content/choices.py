"""What of a course can be chosen for a backup or an import: its sections and activities, with their files’ weight."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from webapp.content.headings import heading_of
from webapp.extensions import db
from webapp.models import Activity, Course, CourseFile, Person, Section


@dataclass(frozen=True)
class Weight:
    """Files, and their bytes."""

    files: int = 0
    size: int = 0

    def __add__(self, other: Weight) -> Weight:
        return Weight(self.files + other.files, self.size + other.size)


@dataclass
class ActivityChoice:
    moodle_id: int
    name: str
    type: str
    weight: Weight
    #: The section that it stands for, if it is a subsection.
    section: SectionChoice | None = None


@dataclass
class SectionChoice:
    moodle_id: int
    name: str
    activities: list[ActivityChoice] = field(default_factory=list)

    @property
    def weight(self) -> Weight:
        return sum((activity.weight for activity in self.activities), Weight())


@dataclass(frozen=True)
class Choices:
    """All there is to choose from."""

    sections: list[SectionChoice]
    #: Every activity's id, however deep it stands.
    activity_ids: list[int]
    people: int
    #: Each content counted once: what comes without people, and what comes with them beyond that.
    files: Weight
    people_files: Weight


def choices_of(course: Course) -> Choices:
    """What the course's current content offers."""
    sections, activities = _rows(Section, course), _rows(Activity, course)
    weights = _weights(course)
    offered = {row.id: SectionChoice(row.moodle_id, heading_of(row)) for row in sections}
    by_cmid: dict[str, ActivityChoice] = {}
    for row in activities:
        weight = weights.get(row.context_id, Weight())
        choice = ActivityChoice(row.moodle_id, part_name(row), row.type, weight)
        by_cmid[str(row.moodle_id)] = choice
        offered[row.section_id].activities.append(choice)
    files, people_files = _contents(course)
    return Choices(
        sections=_top_level(sections, offered, by_cmid),
        activity_ids=[row.moodle_id for row in activities],
        people=count_people(course),
        files=files,
        people_files=people_files,
    )


def activities_of(course: Course) -> list[int]:
    """The ids of all activities of a course."""
    return [row.moodle_id for row in _rows(Activity, course)]


def with_subsections(course: Course, leave_out: dict[str, list[int]]) -> dict[str, list[int]]:
    """What is left out, and the subsections that go with it: each belongs to an activity."""
    sections, activities = set(leave_out["sections"]), set(leave_out["activities"])
    rows = _rows(Section, course)
    out = {row.id for row in rows if row.moodle_id in sections}
    gone = {
        str(row.moodle_id)
        for row in _rows(Activity, course)
        if row.section_id in out or row.moodle_id in activities
    }
    sections |= {row.moodle_id for row in rows if row.parent_cmid in gone}
    return {"sections": sorted(sections), "activities": sorted(activities)}


def _top_level(
    sections: list[Section], offered: dict[int, SectionChoice], by_cmid: dict[str, ActivityChoice]
) -> list[SectionChoice]:
    """Hang the subsections under their activities; return the other sections in order."""
    top = []
    for row in sections:
        parent = by_cmid.get(row.parent_cmid) if row.parent_cmid else None
        if parent is None:
            top.append(offered[row.id])
        else:
            parent.section = offered[row.id]
    return top


def part_name(part: Section | Activity) -> str:
    """What a section or an activity is called in a sentence."""
    return heading_of(part) if isinstance(part, Section) else part.called or part.title or part.type


def count_people(course: Course) -> int:
    """How many people the course's own list has."""
    found = sa.select(sa.func.count()).where(Person.version_id == course.version_id)
    return db.session.scalars(found).one()


def _rows(table: type[Section] | type[Activity], course: Course) -> list[Any]:
    found = sa.select(table).where(table.version_id == course.version_id)
    return list(db.session.scalars(found.order_by(table.position, table.id)))


def _weights(course: Course) -> dict[int, Weight]:
    size = sa.func.sum(CourseFile.filesize)
    found = sa.select(CourseFile.context_id, sa.func.count(), size).where(_is_file(course))
    return {
        context: Weight(files, size)
        for context, files, size in db.session.execute(found.group_by(CourseFile.context_id))
    }


def _contents(course: Course) -> tuple[Weight, Weight]:
    """Each content once, as the archive holds it: those needed without people, and the others."""
    people_only = sa.func.min(sa.cast(CourseFile.user_data, sa.Integer)).label("people_only")
    size = sa.func.max(CourseFile.filesize).label("size")
    once = sa.select(people_only, size).where(_is_file(course)).group_by(CourseFile.contenthash).subquery()
    found = sa.select(once.c.people_only, sa.func.count(), sa.func.sum(once.c.size)).group_by(
        once.c.people_only
    )
    weights = {only: Weight(files, size) for only, files, size in db.session.execute(found)}
    return weights.get(0, Weight()), weights.get(1, Weight())


def _is_file(course: Course) -> sa.ColumnElement[bool]:
    return (CourseFile.version_id == course.version_id) & (CourseFile.filename != ".")
