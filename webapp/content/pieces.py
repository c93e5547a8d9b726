"""Puts a record together again that was cut as it came in, because it was large (jobs.archive.xml)."""

from __future__ import annotations

import re

import sqlalchemy as sa
from lxml import etree

from jobs.archive.xml import pack, unpack
from webapp.extensions import db
from webapp.models import Record

#: Where pieces belong in what `pack` has written. In a text it would stand as &lt;?rows.
_PLACE = re.compile(rb"<\?rows ([0-9]+)\?>")


def whole(document_id: int, body: bytes) -> etree._Element:
    """A record with all its pieces in their places; takes the memory that all of it takes."""
    return unpack(_joined(document_id, body))


def keep_whole(record: Record, element: etree._Element) -> None:
    """Keep a record that was put together and changed, in the caller's transaction; its pieces go."""
    _delete_pieces(record)
    record.body = pack(element)


def _joined(document_id: int, body: bytes) -> bytes:
    def pieces(place: re.Match[bytes]) -> bytes:
        bodies = db.session.scalars(_pieces(document_id, place).with_only_columns(Record.body))
        return b"".join([_joined(document_id, piece) for piece in bodies])

    return _PLACE.sub(pieces, body)


def _delete_pieces(record: Record) -> None:
    for place in _PLACE.finditer(record.body):
        for piece in db.session.scalars(_pieces(record.document_id, place)):
            _delete_pieces(piece)
            db.session.delete(piece)


def _pieces(document_id: int, place: re.Match[bytes]) -> sa.Select[Record]:
    here = sa.select(Record).where(Record.document_id == document_id, Record.slot == int(place[1]))
    return here.order_by(Record.position, Record.id)
