"""What questions are called, without reading the whole bank."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from jobs.archive.xml import unpack
from jobs.steps.selecting.bank import PLACES
from webapp.content.lookups import find_document
from webapp.courses.viewers.leaves import id_of, leaf
from webapp.extensions import db
from webapp.models import Course, Record

_MARK = b'<question id="'
#: Of questions that are no first version of theirs, so many are looked for one by one.
MOST_LATER = 5


def names_of_questions(course: Course, ids: Collection[int]) -> dict[int, str]:
    """Names by the archive's ids of questions; a question that is not found is left out."""
    document = find_document(course.version_id, "questions.xml") if ids else None
    if document is None:
        return {}
    held = sa.select(Record.body).where(Record.document_id == document.id, Record.path.in_(PLACES))
    first = sa.func.instr(Record.body, _MARK)
    number = sa.cast(sa.cast(sa.func.substr(Record.body, first + len(_MARK), 20), sa.Text), sa.Integer)
    names = _names(db.session.scalars(held.where(first > 0, number.in_(ids))), ids)
    for one in sorted(set(ids) - names.keys())[:MOST_LATER]:
        mark = _MARK + b'%d"' % one
        names |= _names(db.session.scalars(held.where(sa.func.instr(Record.body, mark) > 0).limit(1)), ids)
    return names


def _names(bodies: sa.ScalarResult[bytes], ids: Collection[int]) -> dict[int, str]:
    return {
        id_of(one): leaf(one, "name")
        for body in bodies
        for one in unpack(body).iter("question")
        if id_of(one) in ids
    }
