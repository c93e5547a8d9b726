"""What goes with a deletion, and for how long it can come back, for the page that asks first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from webapp.courses.listing import kept_backups
from webapp.extensions import db
from webapp.models import Activity, Course, CourseFile, Document, Record, Section, get_setting


@dataclass(frozen=True)
class Losses:
    activities: int
    files: int
    #: What people have made in it: posts, submissions, attempts, grades.
    entries: int
    last_backup: datetime | None
    #: For how many days it can come back from the bin; 0: not at all.
    bin_days: int


def losses_of_activity(course: Course, activity: Activity) -> Losses:
    return _losses(course, Activity.id == activity.id, 0)


def losses_of_section(course: Course, section: Section) -> Losses:
    inside = Activity.section_id == section.id
    count = sa.select(sa.func.count()).select_from(Activity).where(inside)
    return _losses(course, inside, db.session.scalars(count).one())


def _losses(course: Course, which: sa.ColumnElement[bool], activities: int) -> Losses:
    own = sa.select(Activity.id).where(Activity.version_id == course.version_id, which)
    contexts = sa.select(Activity.context_id).where(Activity.version_id == course.version_id, which)
    files = sa.select(sa.func.count()).select_from(CourseFile).where(
        CourseFile.version_id == course.version_id, CourseFile.context_id.in_(contexts), CourseFile.filename != "."
    )  # fmt: skip
    documents = sa.select(Document.id).where(Document.activity_id.in_(own))
    entries = sa.select(sa.func.count()).select_from(Record).where(
        Record.document_id.in_(documents), Record.user_data
    )  # fmt: skip
    return Losses(
        activities,
        db.session.scalars(files).one(),
        db.session.scalars(entries).one(),
        kept_backups(course.id).last,
        get_setting("bin_days"),
    )
