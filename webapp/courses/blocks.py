"""The blocks of a course by name: what stood beside it in Moodle."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from jobs.archive.ids.php import PhpError, unpack_settings
from jobs.archive.xml import unpack
from jobs.language import gettext as _
from webapp.courses.viewers.leaves import whole
from webapp.extensions import db
from webapp.models import Block, Document


@dataclass(frozen=True)
class BlockName:
    kind: str
    #: What somebody has called it; empty for most.
    title: str
    #: What it says, where it is a block for texts, and the context that its files belong to.
    html: str = ""
    context_id: int = 0

    @property
    def text_in(self) -> tuple[int, str, int, tuple[str, str, int], str]:
        """What `Texts.within` wants to know."""
        return self.context_id, self.html, 1, ("block_html", "content", 0), f"b{self.context_id}"


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
    words = kind.replace("_", " ").capitalize() if kind != "html" else _("Text")
    if skeleton is None:
        return BlockName(words, "")
    root = unpack(skeleton)
    settings = _settings(root.findtext("configdata") or "")
    html = settings.get("text", "") if kind == "html" else ""
    return BlockName(words, settings.get("title", ""), html, whole(root.get("contextid")))


def _settings(configuration: str) -> dict[str, str]:
    try:
        settings = unpack_settings(configuration)
    except PhpError:
        return {}
    return {name: value for name, value in settings.items() if isinstance(value, str)}
