"""The blocks of a course by name: what stood beside it in Moodle."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from jobs.archive.php import PhpError, unpack_settings
from jobs.archive.xml import unpack
from webapp.extensions import db
from webapp.models import Block, Document


@dataclass(frozen=True)
class BlockName:
    kind: str
    #: What somebody has called it; empty for most.
    title: str


def blocks_of(version_id: int) -> list[BlockName]:
    """The course's own blocks in their order."""
    asked = (
        sa.select(Block.directory, Document.skeleton)
        .outerjoin(Document, sa.and_(Document.block_id == Block.id, Document.name == "block.xml"))
        .where(Block.version_id == version_id, Block.activity_id.is_(None))
        .order_by(Block.position, Block.id)
    )
    return [_named(directory, skeleton) for directory, skeleton in db.session.execute(asked)]


def _named(directory: str, skeleton: bytes | None) -> BlockName:
    kind = directory.rpartition("_")[0] or directory
    words = kind.replace("_", " ").capitalize() if kind != "html" else "Text"
    return BlockName(words, _title(unpack(skeleton).findtext("configdata") or "") if skeleton else "")


def _title(configuration: str) -> str:
    try:
        title = unpack_settings(configuration).get("title")
    except PhpError:
        return ""
    return title if isinstance(title, str) else ""
