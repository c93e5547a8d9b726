"""What people did in a section or an activity, which stays with the original when it is moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from jobs.language import ngettext
from jobs.steps.selecting.parts import select_part
from webapp.extensions import db
from webapp.models import Activity, Course, CourseFile, Document, Record, Section

#: What is written down about people without their doing anything.
_ON_THE_SIDE = ("logs.xml", "logstores.xml", "grade_history.xml", "roles.xml")


@dataclass(frozen=True)
class LeftBehind:
    """How much of it there is: attempts, posts, hand-ins, grades and the like, and the files of people."""

    entries: int
    files: int

    def __bool__(self) -> bool:
        return bool(self.entries or self.files)

    @property
    def words(self) -> str:
        counted = (
            (self.entries, ngettext("%(num)s entry", "%(num)s entries", self.entries)),
            (self.files, ngettext("%(num)s file", "%(num)s files", self.files)),
        )
        return ", ".join(words for count, words in counted if count)


def left_behind(course: Course, part: Section | Activity) -> LeftBehind:
    """Count what people did in the part and in all that is within it."""
    scope = "section" if isinstance(part, Section) else "activity"
    selection = select_part(db.session(), course.version, scope, part.id, {})
    activities: Sequence[Activity] = selection.activities if selection else ()
    theirs = Document.activity_id.in_([one.id for one in activities]) & Document.name.not_in(_ON_THE_SIDE)
    entries = sa.select(sa.func.count()).select_from(Record).join(Document, Record.document_id == Document.id)
    files = sa.select(sa.func.count()).where(
        CourseFile.version_id == course.version_id, CourseFile.user_data, CourseFile.filename != ".",
        CourseFile.context_id.in_([one.context_id for one in activities]),
    )  # fmt: skip
    return LeftBehind(
        db.session.scalars(entries.where(theirs, Record.user_data)).one(), db.session.scalars(files).one()
    )
