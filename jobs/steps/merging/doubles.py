"""Leaves out of what comes in the blocks and files of the course page that the course has already."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from jobs.archive.ids.numbers import whole_number
from jobs.archive.xml import unpack
from jobs.progress import Run
from webapp.database import separate_write
from webapp.models import Block, CourseFile, Document, Record


def leave_out_doubles(run: Run, incoming_id: int, version_id: int) -> None:
    """Delete from the version that comes in what would stand on the course page twice."""
    with separate_write() as session:
        run.hold(session)
        there = {what for _, _, what in _course_blocks(session, version_id)}
        for block, context, what in _course_blocks(session, incoming_id):
            if what in there:
                _delete_block(session, incoming_id, block, context)
        _delete_legacy_files(session, incoming_id, version_id)


def _course_blocks(session: Session, version_id: int) -> list[tuple[int, int, tuple[str, str]]]:
    """The blocks of the course page: id, context, and what they are and how they are set."""
    asked = (
        sa.select(Block.id, Document.skeleton)
        .join(Document, Document.block_id == Block.id)
        .where(Block.version_id == version_id, Block.activity_id.is_(None), Document.name == "block.xml")
    )
    found = []
    for number, skeleton in session.execute(asked):
        root = unpack(skeleton)
        what = (root.findtext("blockname") or "", root.findtext("configdata") or "")
        found.append((number, whole_number(root.get("contextid")) or 0, what))
    return found


def _delete_block(session: Session, version_id: int, block_id: int, context_id: int) -> None:
    documents = sa.select(Document.id).where(Document.block_id == block_id)
    session.execute(sa.delete(Record).where(Record.document_id.in_(documents)))
    session.execute(sa.delete(Document).where(Document.block_id == block_id))
    session.execute(sa.delete(Block).where(Block.id == block_id))
    files = (CourseFile.version_id == version_id) & (CourseFile.context_id == context_id)
    session.execute(sa.delete(CourseFile).where(files, CourseFile.component.startswith("block_")))


def _delete_legacy_files(session: Session, version_id: int, course_version_id: int) -> None:
    """Files of the course itself, as Moodle 1 had them, keep their names: one of a name is enough."""
    own = aliased(CourseFile)
    same = sa.exists().where(
        own.version_id == course_version_id, own.component == "course", own.filearea == "legacy",
        own.filepath == CourseFile.filepath, own.filename == CourseFile.filename,
    )  # fmt: skip
    legacy = (CourseFile.component == "course") & (CourseFile.filearea == "legacy")
    session.execute(
        sa.delete(CourseFile).where(CourseFile.version_id == version_id, legacy, same),
        execution_options={"synchronize_session": False},
    )
