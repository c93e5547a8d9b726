"""By which declaration each document of a version is read."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.trees import Tree, tree_for
from webapp.models import Activity, Block, Document, Section


def trees_of(session: Session, version_id: int) -> dict[int, Tree]:
    """Document -> its declaration; where it lies, not under which number, tells."""
    return {number: tree_for(*place) for number, place in places_of(session, version_id).items()}


def places_of(session: Session, version_id: int) -> dict[int, tuple[str, str]]:
    """Document -> its folder in an archive, and its name there; a block’s is told by the block alone."""
    asked = (
        sa.select(Document.id, Document.name, Section.directory, Activity.directory, Block.directory)
        .outerjoin(Section, Document.section_id == Section.id)
        .outerjoin(Activity, Document.activity_id == Activity.id)
        .outerjoin(Block, Document.block_id == Block.id)
        .where(Document.version_id == version_id)
    )
    found = {}
    for number, name, section, activity, block in session.execute(asked):
        folder = section or activity or (f"course/blocks/{block}" if block else "")
        whole = f"{folder}/{name}" if folder else name
        directory, _, filename = whole.rpartition("/")
        found[number] = (directory, filename)
    return found
