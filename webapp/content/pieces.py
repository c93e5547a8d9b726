"""Puts a record together again that was cut as it came in, because it was large (jobs.archive.xml)."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from lxml import etree

from jobs.archive.xml import pack, rows_of, unpack
from webapp.extensions import db
from webapp.models import Record


def whole(document_id: int, body: bytes) -> etree._Element:
    """A record with all its pieces in their places; takes the memory that all of it takes."""
    element = unpack(body)
    for place in list(_places(element, body)):
        last = place
        for piece in db.session.scalars(_pieces(document_id, place).with_only_columns(Record.body)):
            put = whole(document_id, piece)
            last.addnext(put)
            last = put
        around = place.getparent()
        if around is not None:
            around.remove(place)
    return element


def keep_whole(record: Record, element: etree._Element) -> None:
    """Keep a record that was put together and changed, in the caller's transaction; its pieces go."""
    _delete_pieces(record)
    record.body = pack(element)


def _delete_pieces(record: Record) -> None:
    for place in _places(unpack(record.body), record.body):
        for piece in db.session.scalars(_pieces(record.document_id, place)):
            _delete_pieces(piece)
            db.session.delete(piece)


def _pieces(document_id: int, place: etree._Element) -> sa.Select[Record]:
    here = sa.select(Record).where(Record.document_id == document_id, Record.slot == rows_of(place))
    return here.order_by(Record.position, Record.id)


def _places(element: etree._Element, body: bytes) -> Iterator[etree._Element]:
    if b"<?rows " in body:  # in a text it would stand as &lt;
        yield from (one for one in element.iter(etree.ProcessingInstruction) if rows_of(one) is not None)
