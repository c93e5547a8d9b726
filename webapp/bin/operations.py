"""Finds what lies in the bin, and takes it out for good."""

from __future__ import annotations

from collections.abc import Iterable

from flask import abort

from webapp.access.rights import may_in_course
from webapp.content.binning import course_in_bin, delete_for_ever
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import BinEntry, BinKind, Course, User, utc_now


def find_part(course: Course, entry_id: int) -> BinEntry | None:
    """Something of this course in the bin; None if it has gone from there. What is another course's answers 404."""
    entry = db.session.get(BinEntry, entry_id)
    if entry is not None and (entry.course_id != course.id or entry.kind == BinKind.COURSE):
        abort(404)
    return _there(entry)


def find_course(user: User, entry_id: int) -> BinEntry | None:
    """A course in the bin; None if it has gone from there. What is not theirs to put back answers 404."""
    entry = db.session.get(BinEntry, entry_id)
    if entry is None:
        return None
    if entry.kind != BinKind.COURSE:
        abort(404)
    if not may_in_course(user, "delete course", course_in_bin(db.session(), entry)):
        abort(404)
    return _there(entry)


def throw_away(entries: Iterable[int]) -> int:
    """Delete things in the bin for ever, by their numbers; returns how many there still were."""
    numbers, gone = list(entries), 0
    with write_transaction() as session:
        for number in numbers:
            entry = session.get(BinEntry, number)
            if entry is not None:
                delete_for_ever(session, entry)
                gone += 1
    return gone


def _there(entry: BinEntry | None) -> BinEntry | None:
    return entry if entry is not None and entry.keep_until > utc_now() else None
