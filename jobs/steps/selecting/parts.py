"""Which parts of a course go into a backup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from jobs.archive.file_areas import is_of_bank
from jobs.archive.ids.numbers import whole
from jobs.archive.persons.ownership import Parting
from jobs.archive.xml import unpack
from jobs.language import gettext as _
from jobs.steps.selecting.optional import ACTIVITIES, Without, without
from webapp.content.files import of_bank
from webapp.content.removal import deleted_from
from webapp.models import Activity, Block, CourseFile, CourseVersion, Document, Record, Section


@dataclass(frozen=True)
class Selection:
    """What was chosen, as rows of the moment that the backup sees."""

    version: CourseVersion
    sections: list[Section]
    activities: list[Activity]
    #: The contexts of activities that stay out, and the ids of sections that do.
    absent_contexts: frozenset[int]
    absent_sections: frozenset[int]
    #: The activities that stay out, by their rows.
    absent_activities: frozenset[int]
    #: What was deleted from the course, by its course-module id: the context that it had.
    deleted: dict[int, int]
    people: bool
    files: bool
    #: Whether the people go along under other names.
    anonymise: bool
    #: The ids of all sections, by their rows: an activity names its section also where that stays out.
    section_ids: dict[int, int]
    #: The one section or activity that is backed up, if it is not the course.
    part: Section | Activity | None = None
    #: What stays out by its kind.
    without: Without = field(default_factory=Without)
    #: Takes out the work of those whose stays behind; None if that of all goes along, or of nobody.
    parting: Parting | None = None

    @property
    def scope(self) -> str:
        """What it is a backup of, in the word of the manifest."""
        if self.part is None:
            return "course"
        return "section" if isinstance(self.part, Section) else "activity"

    @property
    def contexts_without(self) -> set[int]:
        """The contexts of activities that don’t go along: left out, or deleted from the course."""
        return {*self.absent_contexts, *self.deleted.values()}

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the course was left out."""
        return not self.absent_contexts and not self.absent_sections

    def has_file(self, row: CourseFile) -> bool:
        """Whether a row of files.xml goes along."""
        if row.user_data and not self.people:
            return False
        # A question that somebody asks goes along from the bank of what does not, and its files with it.
        if row.context_id in self.absent_contexts and not is_of_bank(row.component):
            return False
        if self.without.has_file(row) or (self.parting and row.user_data and self._stays(self.parting, row)):
            return False
        in_section = row.component == "course" and row.filearea == "section"
        return not (in_section and row.itemid in self.absent_sections)

    @staticmethod
    def _stays(parting: Parting, row: CourseFile) -> bool:
        uploader = whole(unpack(row.body).findtext("userid"))
        return parting.takes_file(row.component, row.filearea, row.itemid, uploader)


#: What of a section or an activity may be large: those of a whole course may be more than memory should hold.
TEXTS: dict[type[Any], tuple[str, ...]] = {Section: ("summary",), Activity: ("intro", "content")}


def select(session: Session, version: CourseVersion, options: dict[str, Any]) -> Selection:
    """Read the person's choice; an activity goes with its section."""
    leave_out = options.get("leave_out") or {}
    no_sections, no_activities = set(leave_out.get("sections", ())), set(leave_out.get("activities", ()))
    sections = _in_order(session, Section, version)
    activities = _in_order(session, Activity, version)
    absent_rows = {section.id for section in sections if section.moodle_id in no_sections}
    if ACTIVITIES in options.get("without", ()):
        no_activities |= {activity.moodle_id for activity in activities}
        absent_rows |= {section.id for section in sections if section.parent_cmid}
    gone = {a.id for a in activities if a.moodle_id in no_activities or a.section_id in absent_rows}
    kept_sections = {section.id for section in sections} - absent_rows
    kept_activities = {activity.id for activity in activities} - gone
    found = _selection(version, sections, activities, kept_sections, kept_activities, options)
    return replace(found, without=without(session, version, options, found.absent_activities))


def select_part(
    session: Session, version: CourseVersion, scope: str, target_id: int, options: dict[str, Any]
) -> Selection | None:
    """One section with its activities, or one activity, each with what opens from it; None if it is not there.

    A subsection is an activity, and a section that names this activity (Moodle 4.5 mod_subsection).
    """
    part: Section | Activity | None
    part = session.get(Section, target_id) if scope == "section" else session.get(Activity, target_id)
    if part is None or part.version_id != version.id:
        return None
    sections = _in_order(session, Section, version)
    activities = _in_order(session, Activity, version)
    chosen_sections = {part.id} if isinstance(part, Section) else set()
    chosen = set() if isinstance(part, Section) else {part.id}
    grown = -1
    while grown != len(chosen) + len(chosen_sections):
        grown = len(chosen) + len(chosen_sections)
        chosen |= {one.id for one in activities if one.section_id in chosen_sections}
        openers = {str(one.moodle_id) for one in activities if one.id in chosen}
        chosen_sections |= {one.id for one in sections if one.parent_cmid in openers}
    found = _selection(version, sections, activities, chosen_sections, chosen, options, part)
    return replace(found, without=_without(session, version, options))


def select_only(
    session: Session, version: CourseVersion, only: dict[str, Any], options: dict[str, Any] | None = None
) -> Selection:
    """The sections and activities that are named by their ids, without people and what the options leave out.

    Each activity comes with its section, a subsection with the activity that opens it, and the other way round.
    """
    wanted_sections, wanted = set(only.get("sections", ())), set(only.get("activities", ()))
    sections = _in_order(session, Section, version)
    activities = _in_order(session, Activity, version)
    chosen = {one.id for one in activities if one.moodle_id in wanted}
    chosen_sections = {one.id for one in sections if one.moodle_id in wanted_sections}
    grown = -1
    while grown != len(chosen) + len(chosen_sections):
        grown = len(chosen) + len(chosen_sections)
        chosen_sections |= {one.section_id for one in activities if one.id in chosen}
        openers = {str(one.moodle_id) for one in activities if one.id in chosen}
        chosen_sections |= {one.id for one in sections if one.parent_cmid in openers}
        opened = {one.parent_cmid for one in sections if one.id in chosen_sections}
        chosen |= {one.id for one in activities if str(one.moodle_id) in opened}
    found = _selection(version, sections, activities, chosen_sections, chosen, {})
    return replace(found, without=_without(session, version, options or {}))


def _without(session: Session, version: CourseVersion, options: dict[str, Any]) -> Without:
    """What stays out of a part: who asks for one asks for the activities in it."""
    left_out = without(session, version, options)
    return replace(left_out, kinds=left_out.kinds - {ACTIVITIES})


def _selection(
    version: CourseVersion,
    sections: list[Section],
    activities: list[Activity],
    kept_sections: set[int],
    kept_activities: set[int],
    options: dict[str, Any],
    part: Section | Activity | None = None,
) -> Selection:
    return Selection(
        version=version,
        sections=[section for section in sections if section.id in kept_sections],
        activities=[activity for activity in activities if activity.id in kept_activities],
        absent_contexts=frozenset(one.context_id for one in activities if one.id not in kept_activities),
        absent_sections=frozenset(one.moodle_id for one in sections if one.id not in kept_sections),
        absent_activities=frozenset(one.id for one in activities if one.id not in kept_activities),
        deleted=deleted_from(version, activities),
        people=bool(options.get("people", False)),
        files=bool(options.get("files", True)),
        anonymise=bool(options.get("people", False) and options.get("anonymise", False)),
        section_ids={section.id: section.moodle_id for section in sections},
        part=part,
    )


def _in_order(session: Session, table: type[Any], version: CourseVersion) -> list[Any]:
    # One order for the whole course, as the manifest has it; a section's own follows from it.
    asked = sa.select(table).where(table.version_id == version.id).order_by(table.position, table.id)
    return list(session.scalars(asked.options(*(defer(getattr(table, name)) for name in TEXTS[table]))))


@contextmanager
def with_texts(session: Session, row: Section | Activity) -> Iterator[None]:
    """Read the texts of a section or an activity that was selected, and let go of them at the end of the block."""
    names = TEXTS[type(row)]
    session.refresh(row, names)
    yield
    session.expire(row, names)


def rendered_bytes(session: Session, selection: Selection) -> int:
    """How much there is to read for the backup's documents, in bytes; for the bar."""
    there = documents_of(selection)
    skeletons = sa.select(sa.func.coalesce(sa.func.sum(sa.func.length(Document.skeleton)), 0)).where(there)
    records = sa.select(sa.func.coalesce(sa.func.sum(sa.func.length(Record.body)), 0))
    records = records.where(Record.document_id.in_(sa.select(Document.id).where(there)))
    if not selection.people:
        records = records.where(Record.user_data.is_(False))
    return int(session.execute(skeletons).scalar_one()) + int(session.execute(records).scalar_one())


def documents_of(selection: Selection) -> sa.ColumnElement[bool]:
    """Which documents may go along, as a condition."""
    there = Document.version_id == selection.version.id
    return there if selection.is_whole else there & _owned(selection)


def _owned(selection: Selection) -> sa.ColumnElement[bool]:
    """Documents of what was selected, and of the course as a whole."""
    activities = [activity.id for activity in selection.activities]
    blocks = sa.select(Block.id).where(Block.activity_id.in_(activities))
    of_course = Document.section_id.is_(None) & Document.activity_id.is_(None) & Document.block_id.is_(None)
    return (
        Document.section_id.in_([section.id for section in selection.sections])
        | Document.activity_id.in_(activities)
        | Document.block_id.in_(blocks)
        | of_course
    )


def content_bytes(session: Session, selection: Selection) -> int:
    """How much the files weigh that may come along, each content once, in bytes."""
    here = CourseFile.version_id == selection.version.id
    if selection.absent_contexts:
        here &= CourseFile.context_id.not_in(selection.absent_contexts) | of_bank()
    here &= ~selection.without.has_files()
    distinct = (
        sa.select(CourseFile.contenthash, sa.func.max(CourseFile.filesize).label("size"))
        .where(here, CourseFile.stored_hash == CourseFile.contenthash)
        .group_by(CourseFile.contenthash)
        .subquery()
    )
    return int(session.execute(sa.select(sa.func.coalesce(sa.func.sum(distinct.c.size), 0))).scalar_one())


def reading(scope: str) -> str:
    """What the step is called that reads what was selected."""
    if scope == "course":
        return _("Reading the course")
    return _("Reading the section") if scope == "section" else _("Reading the activity")
