"""Keeps documents, and changes leaves in those that are kept."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.xml import has_slot, make_slot, pack, set_text, unpack
from webapp.content.columns import Column
from webapp.content.edit import Edit
from webapp.models import Activity, Document, Section

Owner = Section | Activity


def keep_documents(
    session: Session, version_id: int, documents: dict[str, etree._Element], owner: Owner | None = None
) -> None:
    """Write documents in their order, of a section, an activity, or (without owner) of the course as a whole."""
    section_id = owner.id if isinstance(owner, Section) else None
    activity_id = owner.id if isinstance(owner, Activity) else None
    session.add_all(
        Document(
            version_id=version_id, section_id=section_id, activity_id=activity_id,
            name=name, position=position, skeleton=pack(root),
        )
        for position, (name, root) in enumerate(documents.items())
    )  # fmt: skip


class Kept:
    """One document of a section or activity, opened for a change."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.root = unpack(document.skeleton)

    def keep(self) -> None:
        self._document.skeleton = pack(self.root)


def open_document(change: Edit, owner: Owner | None, name: str) -> Kept | None:
    """The owner's document of this name, or (None) the course's; None if its archive had none."""
    found = sa.select(Document).where(
        Document.version_id == change.version.id,
        Document.section_id == (owner.id if isinstance(owner, Section) else None),
        Document.activity_id == (owner.id if isinstance(owner, Activity) else None),
        Document.block_id.is_(None),
        Document.name == name,
    )
    document = change.session.scalars(found).first()
    return Kept(document) if document is not None else None


def set_leaf(element: etree._Element, name: str, value: str) -> None:
    """Set a leaf that is there; what an archive did not have is not added."""
    leaf = element.find(name)
    if leaf is not None and not len(leaf):
        set_text(leaf, value)


def count_up(element: etree._Element, name: str) -> None:
    """Raise the number in a leaf by one, as Moodle does with `revision` so that browsers ask anew."""
    text = element.findtext(name) or ""
    if text.isascii() and text.isdigit() and len(text) < 15:
        set_leaf(element, name, str(int(text) + 1))


def move_into_columns(element: etree._Element, columns: Iterable[Column], attributes: Iterable[str]) -> None:
    """Leave slots for columns that are about to get a value; a leaf that was kept as it was gives way."""
    wanted = set(attributes)
    for column in columns:
        if column.attribute in wanted and not has_slot(element, column.leaf):
            make_slot(element, column.leaf)
