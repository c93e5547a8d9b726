"""Gives out the files of a course, so that none can act as a page of ours."""

from __future__ import annotations

from flask import Response, abort, send_file

from webapp import places
from webapp.access.permissions import can
from webapp.content import lookups
from webapp.content.files import fit_name
from webapp.courses.finding import may_see
from webapp.courses.outline import is_shown
from webapp.models import Activity, Course, CourseFile
from webapp.pages.serving import restrain
from webapp.pages.sniffing import HEAD, type_of

#: What stands in an activity for everybody who sees it; other areas hold answers, submissions, keys.
PUBLIC_AREAS = frozenset(
    {"intro", "content", "chapter", "package", "introattachment", "activityattachment", "instructauthors"}
)


def may_open(course: Course, row: CourseFile) -> bool:
    """Whether the person may have this file of the course."""
    if row.is_folder or row.alias:
        return False
    if can("see people", course):
        return True
    if row.context_id == course.version.context_id:
        return not row.user_data and _is_of_course_page(course, row)
    activity = lookups.activity_in_context(course, row.context_id)
    return activity is not None and is_for_everybody(activity, row) and may_see(course, activity)


def is_for_everybody(activity: Activity, row: CourseFile) -> bool:
    """Whether a file of an activity is for all who see the activity: nobody's own, and no answer or key."""
    in_public = row.component == f"mod_{activity.type}" and row.filearea in PUBLIC_AREAS
    return in_public and not row.user_data


def _is_of_course_page(course: Course, row: CourseFile) -> bool:
    if row.component != "course":
        return False
    if row.filearea != "section":
        return row.filearea in ("summary", "overviewfiles")
    sections = lookups.sections_of(course.version_id)
    return any(section.moodle_id == row.itemid and is_shown(section) for section in sections)


def kind_of(row: CourseFile) -> str | None:
    """The type by which a file may be shown on a page; None if it can only be taken home."""
    if row.stored_hash is None or not row.is_sound:
        return None
    try:
        with places.storage().open(row.stored_hash) as content:
            return type_of(content.read(HEAD), row.filename)
    except FileNotFoundError:
        return None


def give_out(row: CourseFile, *, to_keep: bool = False) -> Response:
    """Answer with the file: shown where it is of a harmless type, else to be saved. 404 if it is gone."""
    if row.stored_hash is None or not places.storage().exists(row.stored_hash):
        abort(404)
    kind = None if to_keep else kind_of(row)
    response = send_file(
        places.storage().path(row.stored_hash),
        mimetype=kind or "application/octet-stream",
        as_attachment=kind is None,
        download_name=fit_name(row.filename),
        conditional=True,
        etag=row.stored_hash,
    )
    return restrain(response, kind)
