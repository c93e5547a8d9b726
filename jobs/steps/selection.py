"""Which parts of a course go into a backup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.models import Activity, CourseFile, CourseVersion, Document, Record, Section


@dataclass(frozen=True)
class Selection:
    """What was chosen, as rows of the moment that the backup sees."""

    version: CourseVersion
    sections: list[Section]
    activities: list[Activity]
    #: The contexts of activities that stay out, and the ids of sections that do.
    absent_contexts: frozenset[int]
    absent_sections: frozenset[int]
    people: bool
    files: bool

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the course was left out; the gradebook is only then true."""
        return not self.absent_contexts and not self.absent_sections

    def has_file(self, row: CourseFile) -> bool:
        """Whether a row of files.xml goes along."""
        if row.context_id in self.absent_contexts or (row.user_data and not self.people):
            return False
        in_section = row.component == "course" and row.filearea == "section"
        return not (in_section and row.itemid in self.absent_sections)


def select(session: Session, version: CourseVersion, options: dict[str, Any]) -> Selection:
    """Read the person's choice; an activity goes with its section."""
    leave_out = options.get("leave_out") or {}
    no_sections, no_activities = set(leave_out.get("sections", ())), set(leave_out.get("activities", ()))
    sections = _in_order(session, Section, version)
    activities = _in_order(session, Activity, version)
    absent = [section for section in sections if section.moodle_id in no_sections]
    absent_rows = {section.id for section in absent}
    out = [a for a in activities if a.moodle_id in no_activities or a.section_id in absent_rows]
    gone = {activity.id for activity in out}
    return Selection(
        version=version,
        sections=[section for section in sections if section.id not in absent_rows],
        activities=[activity for activity in activities if activity.id not in gone],
        absent_contexts=frozenset(activity.context_id for activity in out),
        absent_sections=frozenset(section.moodle_id for section in absent),
        people=bool(options.get("people", False)),
        files=bool(options.get("files", True)),
    )


def _in_order(session: Session, table: type[Any], version: CourseVersion) -> list[Any]:
    # One order for the whole course, as the manifest has it; a section's own follows from it.
    asked = sa.select(table).where(table.version_id == version.id)
    return list(session.scalars(asked.order_by(table.position, table.id)))


def rendered_bytes(session: Session, version: CourseVersion) -> int:
    """How much there is to read for the course's documents, in bytes; for the bar."""
    skeletons = sa.select(sa.func.coalesce(sa.func.sum(sa.func.length(Document.skeleton)), 0))
    records = sa.select(sa.func.coalesce(sa.func.sum(sa.func.length(Record.body)), 0))
    total = session.execute(skeletons.where(Document.version_id == version.id)).scalar_one()
    return int(total) + int(session.execute(records.where(Record.version_id == version.id)).scalar_one())
