"""A record that was cut as it came in, because it was large (jobs.archive.xml): put together again, or gone through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from lxml import etree

from jobs.archive.ids.numbers import whole_number
from jobs.archive.xml import pack, rows_of, unpack
from webapp.extensions import db
from webapp.models import Record

#: Where pieces belong in what `pack` has written. In a text it would stand as &lt;?rows.
_PLACE = re.compile(rb"<\?rows ([0-9]+)\?>")
#: Pieces that are read at once.
_BATCH = 100


def whole(document_id: int, body: bytes) -> etree._Element:
    """A record with all its pieces in their places; takes the memory that all of it takes."""
    return unpack(_joined(document_id, body))


def keep_whole(record: Record, element: etree._Element) -> None:
    """Keep a record that was put together and changed, in the caller's transaction; its pieces go."""
    _delete_pieces(record)
    record.body = pack(element)


class Inside:
    """What repeats in an element of a record, such as the posts of a discussion, whether it was cut out or not.

    The record is one that was not put together. What is in it is read one after the other, each whole, so that
    ten thousand take the memory of one.
    """

    def __init__(self, document_id: int, container: etree._Element | None) -> None:
        self._document_id = document_id
        self._parts = list(container) if container is not None else []

    def __iter__(self) -> Iterator[etree._Element]:
        for part in self._parts:
            slot = rows_of(part)
            if slot is None:
                yield self._whole(pack(part))
                continue
            bodies = _in_slot(self._document_id, slot).with_only_columns(Record.body)
            for body in db.session.scalars(bodies.execution_options(yield_per=_BATCH)):
                yield self._whole(body)

    def __len__(self) -> int:
        """How many there are."""
        slots = self._slots
        counted = sa.select(sa.func.count()).where(Record.document_id == self._document_id)
        cut = db.session.scalars(counted.where(Record.slot.in_(slots))).one() if slots else 0
        return len(self._parts) - len(slots) + cut

    def some(self, moodle_ids: Iterable[int]) -> dict[int, etree._Element]:
        """Those with these ids of the archive, a page's worth of them."""
        wanted = set(moodle_ids)
        bodies = [pack(part) for part in self._parts if rows_of(part) is None and _id_of(part) in wanted]
        if slots := self._slots:
            found = sa.select(Record.body).where(Record.document_id == self._document_id)
            bodies += db.session.scalars(
                found.where(Record.slot.in_(slots), Record.moodle_id.in_(sorted(wanted)))
            )
        return {_id_of(one): one for one in map(self._whole, bodies)}

    @property
    def _slots(self) -> list[int]:
        return [slot for slot in map(rows_of, self._parts) if slot is not None]

    def _whole(self, body: bytes) -> etree._Element:
        return whole(self._document_id, body)


def _id_of(element: etree._Element) -> int:
    return whole_number(element.get("id")) or 0


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
    return _in_slot(document_id, int(place[1]))


def _in_slot(document_id: int, slot: int) -> sa.Select[Record]:
    here = sa.select(Record).where(Record.document_id == document_id, Record.slot == slot)
    return here.order_by(Record.position, Record.id)
