"""Editing sections."""

from __future__ import annotations

from jobs.language import gettext as _
from webapp.access.audit import note
from webapp.content.binning import bin_section
from webapp.content.columns import SECTION
from webapp.content.documents import move_into_columns, open_document, set_leaf
from webapp.content.drafts import draft_of, format_after
from webapp.content.edit import Edit, EditRefused, edit
from webapp.content.files import section_summary_of
from webapp.content.making import add_section
from webapp.content.ordering import renumber_sections, sections_in_order
from webapp.models import Course, Section, User


def make_section(course: Course, name: str, summary: str, by: User) -> Section:
    """Add a section below the others."""
    draft, author = draft_of(summary), by.name
    with edit(course) as change:
        section = add_section(change, name=name)
        place = section_summary_of(change.course, section)
        section.summary = draft.named(change, place, author)
        renumber_sections(change)
        return section


def change_section(course: Course, section: Section, *, name: str, summary: str, by: User) -> None:
    """Rename a section and set its summary, as HTML; without a name it goes by its number."""
    draft, author = draft_of(summary), by.name
    with edit(course) as change:
        own = change.own(section)
        values: dict[str, object] = {"name": name or None}
        text = draft.named(change, section_summary_of(change.course, own), author)
        if text != (own.summary or ""):
            values |= {"summary": text, "summary_format": format_after(own.summary_format)}
        own.title = name or str(own.number or 0)
        _set(change, own, values)


def show_section(course: Course, section: Section, *, visible: bool) -> None:
    """Show a section to everybody, or hide it with all that is in it."""
    with edit(course) as change:
        _set(change, change.own(section), {"visible": int(visible)})


def move_section(course: Course, section: Section, before: Section | None) -> None:
    """Put a section before another one, or at the end. Raises EditRefused for the section on top."""
    with edit(course) as change:
        own = _movable(change, section)
        order = [one for one in sections_in_order(change) if one.id != own.id]
        if before is not None:
            place = order.index(_movable(change, before))
        else:
            place = next((place for place, one in enumerate(order) if one.parent_cmid), len(order))
        renumber_sections(change, [*order[:place], own, *order[place:]])


def delete_section(course: Course, section: Section) -> int | None:
    """Delete a section with all that is in it; returns its number in the bin, if it is kept.

    Raises EditRefused for the section on top.
    """
    with edit(course) as change:
        own = _movable(change, section)
        note(change.session, "section deleted", own, course=change.course)
        return bin_section(change, own)


def _movable(change: Edit, section: Section) -> Section:
    own = change.own(section)
    if own.number == 0:
        raise EditRefused(_("The section on top stays where it is: every course has one."))
    if own.parent_cmid:
        raise EditRefused(_("This section belongs to a subsection, and goes where that goes."))
    return own


def _set(change: Edit, section: Section, values: dict[str, object]) -> None:
    document = open_document(change, section, "section.xml")
    if document is not None:
        move_into_columns(document.root, SECTION, values)
        set_leaf(document.root, "timemodified", str(change.now))
        document.keep()
    for attribute, value in values.items():
        setattr(section, attribute, value)
