"""What is in the current version of a course. What belongs to another version or course is not found."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import defer

from webapp.extensions import db
from webapp.models import Activity, Course, Document, Record, Section


def get_course(course_id: int) -> Course:
    """A course of which its view's decorator has seen that it is there."""
    return db.session.get_one(Course, course_id)


def find_course(course_id: int) -> Course | None:
    return db.session.get(Course, course_id)


def sections_of(version_id: int) -> list[Section]:
    """The sections in their order; those of subsections among them, as the archive lists them."""
    found = sa.select(Section).where(Section.version_id == version_id)
    return list(db.session.scalars(found.order_by(Section.position, Section.id)))


def activities_of(version_id: int) -> list[Activity]:
    """The activities in their order, without the texts of pages, which are long."""
    found = sa.select(Activity).where(Activity.version_id == version_id).options(defer(Activity.content))
    return list(db.session.scalars(found.order_by(Activity.position, Activity.id)))


def find_section(course: Course, section_id: int) -> Section | None:
    section = db.session.get(Section, section_id)
    return section if section is not None and section.version_id == course.version_id else None


def find_activity(course: Course, activity_id: int) -> Activity | None:
    activity = db.session.get(Activity, activity_id)
    return activity if activity is not None and activity.version_id == course.version_id else None


def find_part(course: Course, section_id: int | None, activity_id: int | None) -> Section | Activity | None:
    """The section or the activity. A subsection is no part by itself: it goes with the activity that opens it."""
    if activity_id is not None:
        return find_activity(course, activity_id)
    section = find_section(course, section_id) if section_id is not None else None
    return None if section is None or section.parent_cmid else section


def activity_in_context(course: Course, context_id: int) -> Activity | None:
    """The activity whose files stand under this context."""
    return db.session.scalars(_one(course).where(Activity.context_id == context_id)).first()


def activity_with_moodle_id(course: Course, moodle_id: int) -> Activity | None:
    """The activity with this course-module id, which is what links in texts name."""
    return db.session.scalars(_one(course).where(Activity.moodle_id == moodle_id)).first()


def section_with_moodle_id(course: Course, moodle_id: int) -> Section | None:
    """The section with this id of the archive."""
    found = sa.select(Section).where(Section.version_id == course.version_id, Section.moodle_id == moodle_id)
    return db.session.scalars(found.limit(1)).first()


def ids_of_activities(course: Course) -> dict[int, int]:
    """The ids of all activities of the course's current content, by their course-module ids."""
    return _ids(Activity, course)


def activities_by_item(course: Course, activity_type: str, path: str) -> dict[int, int]:
    """The ids of the activities of a type, by the ids of the records at a path in their own documents."""
    found = (
        sa.select(Record.moodle_id, Document.activity_id)
        .join(Document, Document.id == Record.document_id)
        .where(Document.version_id == course.version_id, Document.name == f"{activity_type}.xml")
        .where(Document.activity_id.is_not(None), Record.path == path, Record.moodle_id.is_not(None))
    )
    return {number or 0: activity or 0 for number, activity in db.session.execute(found)}


def ids_of_sections(course: Course) -> dict[int, int]:
    """The ids of all sections of the course's current content, by their ids of the archive."""
    return _ids(Section, course)


def _ids(table: type[Activity] | type[Section], course: Course) -> dict[int, int]:
    # Of two with one id the first counts.
    found = sa.select(table.moodle_id, table.id).where(table.version_id == course.version_id)
    return {row.moodle_id: row.id for row in db.session.execute(found.order_by(table.id.desc()))}


def find_document(
    version_id: int, name: str, *, section: Section | None = None, activity: Activity | None = None
) -> Document | None:
    """A document of a section or an activity; of the course as a whole without either."""
    found = sa.select(Document).where(
        Document.version_id == version_id,
        Document.name == name,
        Document.section_id == (section.id if section else None),
        Document.activity_id == (activity.id if activity else None),
        Document.block_id.is_(None),
    )
    return db.session.scalars(found).first()


def records_of_course(version_id: int, name: str, path: str) -> sa.Select[Record]:
    """The records at this path in a document of the course as a whole, in no order."""
    return (
        sa.select(Record)
        .join(Document, Document.id == Record.document_id)
        .where(
            Document.version_id == version_id,
            Document.section_id.is_(None),
            Document.activity_id.is_(None),
            Document.block_id.is_(None),
            Document.name == name,
            Record.path == path,
        )
    )


def _one(course: Course) -> sa.Select[Activity]:
    return sa.select(Activity).where(Activity.version_id == course.version_id).limit(1)
