"""The order of sections and activities, and the leaves that repeat it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from webapp.content.columns import SECTION
from webapp.content.documents import Kept, move_into_columns, open_document, set_leaf
from webapp.content.edit import Edit
from webapp.content.nesting import stay_inside
from webapp.models import Activity, Document, Section


def sections_in_order(change: Edit) -> list[Section]:
    """All sections; those that belong to a subsection come last, as Moodle numbers them."""
    found = sa.select(Section).where(Section.version_id == change.version.id)
    rows = change.session.scalars(found.order_by(Section.position, Section.id)).all()
    return sorted(rows, key=lambda section: bool(section.parent_cmid))


def activities_in(change: Edit, section: Section) -> list[Activity]:
    found = sa.select(Activity).where(Activity.section_id == section.id)
    return list(change.session.scalars(found.order_by(Activity.position, Activity.id)))


def renumber_sections(change: Edit, order: Sequence[Section] | None = None) -> None:
    """Give all sections their place and number, in the order that is given or that they have."""
    rows = list(order) if order is not None else sections_in_order(change)
    first = 0 if rows and rows[0].number == 0 else 1
    for place, section in enumerate(rows):
        section.position = place
    number_sections(change, {section: place + first for place, section in enumerate(rows)})


def number_sections(change: Edit, numbers: Mapping[Section, int | None]) -> None:
    """Give sections their numbers, and note them in their documents and in those of their activities.

    All documents are looked up at once: a course has hundreds.
    """
    new = {section.id: number for section, number in numbers.items() if section.number != number}
    if new:
        stay_inside(change, numbers)
    for section in numbers:
        if section.id in new:
            if section.title == str(section.number):
                section.title = str(new[section.id])
            section.number = new[section.id]
    own = sa.select(Document).where(Document.section_id.in_(new), Document.name == "section.xml")
    for document in change.session.scalars(own):
        kept = Kept(document)
        move_into_columns(kept.root, SECTION, ["number"])
        kept.keep()
    inside = (
        sa.select(Document, Activity.section_id)
        .join(Activity, Activity.id == Document.activity_id)
        .where(Activity.section_id.in_(new), Document.name == "module.xml")
    )
    for document, section_id in change.session.execute(inside):
        kept = Kept(document)
        set_leaf(kept.root, "sectionnumber", str(new[section_id] or 0))
        kept.keep()


def place_activities(change: Edit, section: Section, order: Sequence[Activity]) -> None:
    """Put activities into a section in this order; they keep their places among those of other sections."""
    position = -1
    places = sorted(activity.position for activity in order)
    for activity, free in zip(order, places, strict=True):
        position = max(position + 1, free)
        activity.position = position
        if activity.section_id != section.id:
            move_into(change, activity, section)
    change.session.flush()
    write_sequence(change, section)


def write_sequence(change: Edit, section: Section, listed: str | None = None) -> None:
    """Write the ids of the section's activities into its document, in their order; or what it listed before."""
    document = open_document(change, section, "section.xml")
    if document is None:
        return
    if listed is None:
        listed = ",".join(str(one.moodle_id) for one in activities_in(change, section))
    set_leaf(document.root, "sequence", listed)
    document.keep()


def move_into(change: Edit, activity: Activity, section: Section) -> None:
    """Let an activity belong to a section; its place there is given by `place_activities`."""
    activity.section_id = section.id
    activity.in_subsection = "1" if section.parent_cmid else section.parent_cmid
    _set_module(change, activity, sectionid=section.moodle_id, sectionnumber=section.number or 0)


def _set_module(change: Edit, activity: Activity, **leaves: int) -> None:
    document = open_document(change, activity, "module.xml")
    if document is None:
        return
    for name, value in leaves.items():
        set_leaf(document.root, name, str(value))
    document.keep()
