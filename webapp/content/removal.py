"""Takes sections and activities out of a course, with every row that hangs from them."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from jobs.archive.xml import unpack
from webapp.content.edit import Edit
from webapp.content.ordering import activities_in
from webapp.models import Activity, Block, CourseFile, CourseVersion, Document, Record, Section


def deleted_from(version: CourseVersion, activities: Iterable[Activity]) -> dict[int, int]:
    """The course-module ids of what was deleted from a version, with their contexts; `activities` are all that it has.

    The question bank and the rules of the course may still speak of them.
    """
    noted: dict[int, int] = dict(version.manifest.get("deleted", []))
    return {module: noted[module] for module in noted.keys() - {one.moodle_id for one in activities}}


def remove_activity(change: Edit, activity: Activity) -> None:
    """Remove an activity; the section that a subsection opens goes with it."""
    for section in _opened_by(change, activity):
        remove_section(change, section)
    blocks = sa.select(Block.id).where(Block.activity_id == activity.id)
    contexts = {activity.context_id, *_contexts_of_blocks(change, activity)}
    _remove_documents(change, Document.block_id.in_(blocks))
    change.session.execute(sa.delete(Block).where(Block.activity_id == activity.id))
    _remove_documents(change, Document.activity_id == activity.id)
    # Contexts of the course itself are never an activity's, even if an archive says so.
    contexts.discard(change.version.context_id)
    _remove_files(change, CourseFile.context_id.in_(contexts))
    change.session.execute(sa.delete(Activity).where(Activity.id == activity.id))
    _note(change, activity)


def remove_section(change: Edit, section: Section) -> None:
    """Remove a section with all that is in it."""
    for activity in activities_in(change, section):
        remove_activity(change, activity)
    _remove_documents(change, Document.section_id == section.id)
    _remove_files(
        change,
        sa.and_(
            CourseFile.component == "course",
            CourseFile.filearea == "section",
            CourseFile.itemid == section.moodle_id,
        ),
    )
    change.session.execute(sa.delete(Section).where(Section.id == section.id))


def _note(change: Edit, activity: Activity) -> None:
    """Remember what was deleted, for backups to leave out what only it needed."""
    noted = change.version.manifest.get("deleted", [])
    one = [activity.moodle_id, activity.context_id]
    change.version.manifest = {**change.version.manifest, "deleted": [*noted, one]}


def _opened_by(change: Edit, activity: Activity) -> list[Section]:
    if activity.type != "subsection":
        return []
    found = sa.select(Section).where(
        Section.version_id == change.version.id,
        Section.parent_cmid == str(activity.moodle_id),
        Section.id != activity.section_id,
    )
    return list(change.session.scalars(found))


def _contexts_of_blocks(change: Edit, activity: Activity) -> set[int]:
    found = (
        sa.select(Document.skeleton)
        .join(Block, Document.block_id == Block.id)
        .where(Block.activity_id == activity.id, Document.name == "block.xml")
    )
    contexts = (unpack(skeleton).get("contextid") or "" for skeleton in change.session.scalars(found))
    return {int(context) for context in contexts if context.isdigit() and len(context) < 18}


def _remove_documents(change: Edit, which: sa.ColumnElement[bool]) -> None:
    documents = sa.select(Document.id).where(Document.version_id == change.version.id, which)
    change.session.execute(sa.delete(Record).where(Record.document_id.in_(documents)))
    change.session.execute(sa.delete(Document).where(Document.version_id == change.version.id, which))


def _remove_files(change: Edit, which: sa.ColumnElement[bool]) -> None:
    change.session.execute(sa.delete(CourseFile).where(CourseFile.version_id == change.version.id, which))
