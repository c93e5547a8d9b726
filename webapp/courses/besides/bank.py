"""The content bank: H5P and the like, which activities of the course can show (course/contentbank.xml)."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.archive.xml import unpack
from jobs.language import gettext as _
from webapp.content.files import FilePlace, files_at
from webapp.content.lookups import records_of_course
from webapp.courses.viewers.leaves import id_of, leaf
from webapp.extensions import db
from webapp.models import Course, CourseFile, Record

MOST = 200


@dataclass(frozen=True)
class Content:
    name: str
    kind: str
    files: list[CourseFile]


def content_bank_of(course: Course) -> list[Content]:
    found = records_of_course(course.version_id, "course/contentbank.xml", "contents/content")
    bodies = db.session.scalars(found.with_only_columns(Record.body).order_by(Record.position).limit(MOST))
    contents = []
    for element in map(unpack, bodies):
        place = FilePlace(course.version.context_id, "contentbank", "public", id_of(element))
        rows = [one for one in files_at(course.version_id, place) if not one.is_folder]
        kind = leaf(element, "contenttype").removeprefix("contenttype_").upper()
        contents.append(Content(leaf(element, "name") or _("Without a name"), kind, rows))
    return contents
