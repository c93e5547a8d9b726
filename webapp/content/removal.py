"""Takes sections and activities out of a course, with every row that hangs from them.

The rows are not deleted: they are moved to a version that is no course's content, by a handful of
statements, however many they are. From there the bin can put them back, or the sweep deletes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from jobs.archive.xml import unpack
from webapp.content.edit import Edit
from webapp.content.files import of_bank
from webapp.content.work_on_course import stop_work_on_parts
from webapp.models import Activity, Block, CourseFile, CourseVersion, Document, Section, utc_now

_UNSYNCED = {"synchronize_session": False}


def deleted_from(version: CourseVersion, activities: Iterable[Activity]) -> dict[int, int]:
    """The course-module ids of what was deleted from a version, with their contexts; `activities` are all that it has.

    The question bank and the rules of the course may still speak of them.
    """
    noted: dict[int, int] = dict(version.manifest.get("deleted", []))
    return {module: noted[module] for module in noted.keys() - {one.moodle_id for one in activities}}


@dataclass
class Part:
    """The sections and activities that go together, by their rows."""

    sections: set[int]
    activities: set[int]


def set_apart(change: Edit, sections: Iterable[Section], activities: Iterable[Activity]) -> CourseVersion:
    """Move sections with all that is in them, and activities with what they open, to a version of their own.

    The sweep takes that version away unless something is made to point to it.
    """
    part = _whole(change, Part({one.id for one in sections}, {one.id for one in activities}))
    stop_work_on_parts(change.session, part.sections, part.activities)
    own = change.version
    apart = CourseVersion(
        moodle_id=own.moodle_id, context_id=own.context_id, next_id=own.next_id, format=own.format,
        keep_until=utc_now(),
    )  # fmt: skip
    change.session.add(apart)
    change.session.flush()
    _give_holders(change, part, apart)
    _note(change, part)
    _move(change, part, apart.id)
    change.session.expire_all()
    return apart


def _whole(change: Edit, part: Part) -> Part:
    """Add what is in the sections, and the sections that subsections open."""
    while True:
        inside = sa.select(Activity.id).where(Activity.section_id.in_(part.sections))
        part.activities |= set(change.session.scalars(inside))
        opened = _opened_by(change, part.activities)
        if opened <= part.sections:
            return part
        part.sections |= opened


def _opened_by(change: Edit, activities: set[int]) -> set[int]:
    openers = sa.select(Activity.moodle_id, Activity.section_id).where(
        Activity.id.in_(activities), Activity.type == "subsection"
    )
    homes = {str(number): home for number, home in change.session.execute(openers)}
    found = sa.select(Section.id, Section.parent_cmid).where(
        Section.version_id == change.version.id, Section.parent_cmid.in_(homes)
    )
    return {number for number, parent in change.session.execute(found) if homes[str(parent)] != number}


def _give_holders(change: Edit, part: Part, apart: CourseVersion) -> None:
    """Make a section for activities that go without theirs: an activity is always in one, and it tells which it was."""
    homes = sa.select(Activity.section_id).where(Activity.id.in_(part.activities)).distinct()
    for number in set(change.session.scalars(homes)) - part.sections:
        home = change.session.get_one(Section, number)
        holder = Section(
            version_id=apart.id, moodle_id=home.moodle_id, position=home.position, directory=home.directory,
            title=home.title, number=home.number, name=home.name, visible=home.visible,
        )  # fmt: skip
        change.session.add(holder)
        change.session.flush()
        _set(change, Activity, {"section_id": holder.id},
             Activity.id.in_(part.activities), Activity.section_id == number)  # fmt: skip


def _note(change: Edit, part: Part) -> None:
    """Remember what was deleted, for backups to leave out what only it needed."""
    gone = sa.select(Activity.moodle_id, Activity.context_id).where(Activity.id.in_(part.activities))
    noted = dict(change.version.manifest.get("deleted", []))
    noted |= {one.moodle_id: one.context_id for one in change.session.execute(gone)}
    change.version.manifest = {**change.version.manifest, "deleted": [list(one) for one in noted.items()]}


def _move(change: Edit, part: Part, to: int) -> None:
    own = change.version.id
    blocks = set(change.session.scalars(sa.select(Block.id).where(Block.activity_id.in_(part.activities))))
    contexts = _contexts(change, part, blocks)
    numbers = set(change.session.scalars(sa.select(Section.moodle_id).where(Section.id.in_(part.sections))))
    in_summary = sa.and_(
        CourseFile.component == "course", CourseFile.filearea == "section", CourseFile.itemid.in_(numbers)
    )
    away = {"version_id": to}
    _set(change, Document, away, Document.version_id == own, Document.activity_id.in_(part.activities))
    _set(change, Document, away, Document.version_id == own, Document.section_id.in_(part.sections))
    _set(change, Document, away, Document.version_id == own, Document.block_id.in_(blocks))
    # The bank stays, for others may ask its questions; what people handed in to them goes.
    of_questions = of_bank() & CourseFile.user_data.is_(False)
    mine = CourseFile.context_id.in_(contexts) & ~of_questions
    _set(change, CourseFile, away, CourseFile.version_id == own, mine)
    _set(change, CourseFile, away, CourseFile.version_id == own, in_summary)
    _set(change, Block, away, Block.id.in_(blocks))
    _set(change, Activity, away, Activity.id.in_(part.activities))
    _set(change, Section, away, Section.id.in_(part.sections))


def _contexts(change: Edit, part: Part, blocks: set[int]) -> set[int]:
    """Under which contexts the part's files stand."""
    own = sa.select(Activity.context_id).where(Activity.id.in_(part.activities))
    found = sa.select(Document.skeleton).where(Document.block_id.in_(blocks), Document.name == "block.xml")
    of_blocks = (unpack(skeleton).get("contextid") or "" for skeleton in change.session.scalars(found))
    contexts = {int(number) for number in of_blocks if number.isdigit() and len(number) < 18}
    # Contexts of the course itself are never an activity's, even if an archive says so.
    return (contexts | set(change.session.scalars(own))) - {change.version.context_id}


def _set(change: Edit, table: type[Any], values: dict[str, int], *which: sa.ColumnElement[bool]) -> None:
    change.session.execute(sa.update(table).where(*which).values(values), execution_options=_UNSYNCED)
