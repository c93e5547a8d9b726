"""Adds records to the documents of a course as a whole: one more group, enrolment, role."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from lxml import etree

from jobs.archive.xml import pack, unpack
from jobs.archive.xml.leaves import target
from webapp.content.course_shapes import lists
from webapp.content.documents import keep_documents
from webapp.content.edit import Edit
from webapp.content.shapes import roles, tree
from webapp.models import Document, Record

#: Where in the root of a document something goes; it may make that place.
Container = Callable[[etree._Element], etree._Element]


def add_record(
    change: Edit,
    name: str,
    path: str,
    element: etree._Element,
    container: Container,
    *,
    user_data: bool = False,
) -> None:
    """Put an element with an id of its own behind its likes, in a document that is made where there is none."""
    document = _document(change, name)
    root = unpack(document.skeleton)
    slot = _slot(root, container(root))
    document.skeleton = pack(root)
    last = sa.select(sa.func.max(Record.position)).where(
        Record.document_id == document.id, Record.slot == slot
    )
    position = change.session.scalars(last).one()
    change.session.add(
        Record(
            version_id=change.version.id, document_id=document.id, slot=slot,
            position=0 if position is None else position + 1, path=path, moodle_id=int(element.get("id") or 0),
            user_data=user_data, body=pack(element),
        )
    )  # fmt: skip
    change.session.flush()


def child(parent: etree._Element, name: str) -> etree._Element:
    """The first child of this name, made where there is none."""
    found = parent.find(name)
    return etree.SubElement(parent, name) if found is None else found


def of_course(change: Edit, name: str) -> sa.ColumnElement[bool]:
    """The condition that a document is this one of the course as a whole."""
    return sa.and_(
        Document.version_id == change.version.id, Document.name == name, Document.section_id.is_(None),
        Document.activity_id.is_(None), Document.block_id.is_(None),
    )  # fmt: skip


def _document(change: Edit, name: str) -> Document:
    found = sa.select(Document).where(of_course(change, name))
    document = change.session.scalars(found).first()
    if document is None:
        bare = lists() | {
            "course/roles.xml": roles(),
            "course/enrolments.xml": tree("enrolments", None, tree("enrols")),
        }
        keep_documents(change.session, change.version.id, {name: bare[name]})
        change.session.flush()
        document = change.session.scalars(found).one()
    return document


def _slot(root: etree._Element, container: etree._Element) -> int:
    """The number of the place for records in an element; a new one stands before all else in it."""
    places = {
        one: int(one.text or 0) for one in root.iter(etree.ProcessingInstruction) if target(one) == "rows"
    }
    own = [number for one, number in places.items() if one.getparent() is container]
    if own:
        return own[-1]
    slot = 1 + max(places.values(), default=0)
    container.insert(0, etree.ProcessingInstruction("rows", str(slot)))
    return slot
