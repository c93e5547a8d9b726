"""Where something in a course stands, written down so that it can be put there again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from webapp.content.documents import open_document
from webapp.content.edit import Edit
from webapp.content.nesting import nest_of
from webapp.content.ordering import activities_in
from webapp.models import Activity, BinEntry, Section


def of_activity(change: Edit, activity: Activity, section: Section) -> dict[str, Any]:
    """Its row, its section, the order of the activities there, and that section's own list of them."""
    there = [one.moodle_id for one in activities_in(change, section)]
    return {
        "row": activity.id,
        "own": activity.moodle_id,
        "home": section.moodle_id,
        "order": _with_bin(change, there, section.moodle_id),
        "sequence": sequence_of(change, section),
    }


def of_section(change: Edit, section: Section) -> dict[str, Any]:
    """Its row, the order of the course's sections, their ids, places and numbers, and which of them are nested."""
    found = sa.select(Section.moodle_id, Section.position, Section.number)
    found = found.where(Section.version_id == change.version.id).order_by(Section.position, Section.id)
    rows = change.session.execute(found).all()
    return {
        "row": section.id,
        "own": section.moodle_id,
        "home": None,
        "order": _with_bin(change, [row.moodle_id for row in rows], None),
        "stood": [list(row) for row in rows],
        "nest": nest_of(change, section),
    }


def _with_bin(change: Edit, there: list[int], home: int | None) -> list[int]:
    """An order together with what was deleted from it before, so that all of it comes back into one order."""
    entries = sa.select(BinEntry).where(BinEntry.origin_id == change.version.id).order_by(BinEntry.id)
    for entry in change.session.scalars(entries):
        if entry.place["home"] == home:
            there.insert(place_among(there, entry.place), entry.place["own"])
    return there


def place_among(there: Sequence[int], stood: dict[str, Any]) -> int:
    """The place among the ids that are there for the one that stood in an order, as near to its old one as can be.

    Before the nearest that followed it; or else behind the nearest that it followed; or else at the end.
    """
    order, own = stood["order"], stood["own"]
    at = order.index(own)
    for follower in order[at + 1 :]:
        if follower in there:
            return there.index(follower)
    for leader in reversed(order[:at]):
        if leader in there:
            return there.index(leader) + 1
    return len(there)


def sequence_of(change: Edit, section: Section) -> str | None:
    """What the section's document says of the order of its activities; None if it says nothing."""
    document = open_document(change, section, "section.xml")
    return document.root.findtext("sequence") if document else None
