"""Takes out of a course what a restore has added to it, known by the ids that were kept free for it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from lxml import etree

from jobs.archive.ids.numbers import whole_number
from jobs.archive.xml import pack, unpack
from jobs.language import gettext as _
from jobs.steps.matching.course_parts import TAKEN
from jobs.steps.matching.sides import course_document
from jobs.steps.merging.carrying import take_back
from jobs.steps.merging.fingerprints import fingerprint
from webapp.content.columns import SECTION
from webapp.content.documents import move_into_columns, open_document, set_leaf
from webapp.content.edit import Edit
from webapp.content.ordering import renumber_sections
from webapp.content.removal import set_apart
from webapp.models import (
    Activity,
    BinEntry,
    Block,
    CourseFile,
    CourseRole,
    Document,
    Membership,
    Person,
    Record,
    Section,
)

Note = dict[str, Any]


def edited_since(change: Edit, note: Note) -> list[str]:
    """Why taking it out would lose somebody's work, a sentence each; empty if it would not."""
    reasons = []
    for row in [*_added(change, Section, note), *_added(change, Activity, note)]:
        digest = note["digests"].get(f"{row.__tablename__} {row.id}")
        if digest is not None and digest != fingerprint(change.session, row):
            reasons.append(_("“%(name)s” was edited since.", name=row.name or row.title))
    sections = {row.id: row for row in _added(change, Section, note)}
    guests = sa.select(Activity).where(
        Activity.section_id.in_(list(sections)), ~Activity.moodle_id.between(note["first"], note["last"])
    )
    for row in change.session.scalars(guests):
        home = sections[row.section_id]
        reasons.append(
            _(
                "“%(name)s” was put into the section “%(section)s” since.",
                name=row.name,
                section=home.name or home.title,
            )
        )
    return reasons


def take_out(change: Edit, note: Note) -> None:
    """Remove it. What was made in the course since stays."""
    sections = _added(change, Section, note)
    set_apart(change, sections, _added(change, Activity, note))
    _empty_bin(change, note)
    _take_out_rows(change, note)
    _take_out_documents(change, note)
    take_back(change.session, note.get("carried", []))
    for name in (*TAKEN, *note.get("lists", ())):
        _take_out_of_document(change, name, note)
    _take_back_names(change, note)
    for section_id in note["sections"]:
        if (home := change.session.get(Section, section_id)) is not None:
            _take_out_of_sequence(change, home, note)
    if sections:
        renumber_sections(change)
    _take_back_manifest(change, note)
    gone = (Membership.course_id == change.course.id) & (Membership.role == CourseRole.STUDENT)
    change.session.execute(sa.delete(Membership).where(gone, Membership.user_id.in_(note["members"])))


def _empty_bin(change: Edit, note: Note) -> None:
    """Let go for ever what was deleted of it: the people and groups that it speaks of go now."""
    of_version = sa.select(BinEntry).where(BinEntry.origin_id == change.version.id)
    for entry in change.session.scalars(of_version).all():
        if int(note["first"]) <= entry.place["own"] <= int(note["last"]):
            change.session.delete(entry)


def _take_out_of_sequence(change: Edit, section: Section, note: Note) -> None:
    document = open_document(change, section, "section.xml")
    if document is not None:
        listed = (document.root.findtext("sequence") or "").split(",")
        set_leaf(document.root, "sequence", ",".join(one for one in listed if not _is_added(one, note)))
        document.keep()


def _added(change: Edit, table: type[Any], note: Note) -> list[Any]:
    mine = (table.version_id == change.version.id) & table.moodle_id.between(note["first"], note["last"])
    return list(change.session.scalars(sa.select(table).where(mine).order_by(table.id)))


def _take_out_rows(change: Edit, note: Note) -> None:
    session, version_id = change.session, change.version.id
    for table in (Person, CourseFile):
        mine = (table.version_id == version_id) & table.moodle_id.between(note["first"], note["last"])
        session.execute(sa.delete(table).where(mine))
    of_course = sa.select(Block).where(Block.version_id == version_id, Block.activity_id.is_(None))
    for block in session.scalars(of_course).all():
        if _is_added(block.directory.rpartition("_")[2], note):
            documents = sa.select(Document.id).where(Document.block_id == block.id)
            session.execute(sa.delete(Record).where(Record.document_id.in_(documents)))
            session.execute(sa.delete(Document).where(Document.block_id == block.id))
            session.delete(block)
    session.flush()


def _take_out_documents(change: Edit, note: Note) -> None:
    """Remove what the course, or a section of it, did not have before."""
    change.session.execute(sa.delete(Record).where(Record.document_id.in_(note["documents"])))
    change.session.execute(sa.delete(Document).where(Document.id.in_(note["documents"])))


def _take_out_of_document(change: Edit, name: str, note: Note) -> None:
    document = course_document(change.session, change.version.id, name)
    if document is None:
        return
    mine = Record.document_id == document.id
    added = Record.moodle_id.between(note["first"], note["last"])
    change.session.execute(sa.delete(Record).where(mine, added))
    document.skeleton = _without_added(document.skeleton, note)
    if name == "groups.xml":
        for record in change.session.scalars(sa.select(Record).where(mine)):
            record.body = _without_added(record.body, note)


def _without_added(packed: bytes, note: Note) -> bytes:
    root = unpack(packed)
    for element in [one for one in root.iter(etree.Element) if _is_added(one.get("id"), note)]:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return pack(root)


def _is_added(number: str | None, note: Note) -> bool:
    first, last = int(note["first"]), int(note["last"])
    return first <= (whole_number(number) or 0) <= last


def _take_back_names(change: Edit, note: Note) -> None:
    """Take back names and summaries that sections had none of, unless somebody has set others since."""
    for section_id, before, given in note["filled"]:
        section = change.session.get(Section, section_id)
        if section is None or (given is not None and section.name != given):
            continue
        document = open_document(change, section, "section.xml")
        if document is not None:
            move_into_columns(document.root, SECTION, before)
            document.keep()
        for name, value in before.items():
            setattr(section, name, value)


def _take_back_manifest(change: Edit, note: Note) -> None:
    kept = dict(change.version.manifest)
    if note["root_settings"]:
        kept["root_settings"] = note["root_settings"]
    kept["merged"] = [stamp for stamp in kept.get("merged", []) if stamp != note["stamp"]]
    for part in ("settings", "others"):
        kept[part] = {
            key: value
            for key, value in kept.get(part, {}).items()
            if not any(_is_added(piece, note) for piece in key.split("_"))
        }
    change.version.manifest = kept
