"""Editing activities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jobs.language import gettext as _
from webapp.access.audit import note
from webapp.content.binning import bin_activity
from webapp.content.calendar import move_events
from webapp.content.columns import MODULE, activity_columns
from webapp.content.documents import count_up, move_into_columns, open_document, set_leaf
from webapp.content.drafts import Draft, draft_of, format_after
from webapp.content.edit import Edit, EditRefused, edit
from webapp.content.elements import Change, own_place, rewrite_element
from webapp.content.files import FilePlace
from webapp.content.making import add_activity
from webapp.content.ordering import activities_in, place_activities, write_sequence
from webapp.models import Activity, Course, Section, User


def make_activity(
    course: Course, section: Section, activity_type: str, values: dict[str, str], by: User
) -> Activity:
    """Add a page, label, url, resource or folder at the end of a section; `values` are as in `change_activity`."""
    drafts, author = _drafts(values), by.name
    bare = {name: value for name, value in values.items() if name not in drafts}
    with edit(course) as change:
        activity = add_activity(change, change.own(section), activity_type, bare)
        set_values(change, activity, _named(change, activity, drafts, author))
        return activity


def change_activity(
    course: Course, activity: Activity, values: dict[str, str], by: User, leaves: Iterable[Change] = ()
) -> None:
    """Set any of name, intro, content (both HTML) and external_url, and leaves of the type's own element.

    Pictures pasted into a text become files. A text that is the same as before keeps its format.
    Raises ContentChanged if a leaf says something else than when it was read.
    """
    drafts, author = _drafts(values), by.name
    with edit(course) as change:
        own = change.own(activity)
        changes = list(leaves)
        rewrite_element(change, own_place(own), changes, author)
        move_events(change, own, changes)
        plain = {name: value for name, value in values.items() if name not in drafts}
        changed = {name: value for name, value in plain.items() if value != getattr(own, name)}
        named = _named(change, own, drafts, author)
        if changed or named or changes:
            set_values(change, own, changed | named)


def show_activity(course: Course, activity: Activity, *, visible: bool) -> None:
    """Show an activity to everybody, or to teachers only."""
    with edit(course) as change:
        own = change.own(activity)
        document = open_document(change, own, "module.xml")
        if document is not None:
            move_into_columns(document.root, MODULE, ["visible"])
            # What Moodle goes back to when a hidden section is shown again.
            set_leaf(document.root, "visibleold", str(int(visible)))
            document.keep()
        own.visible = int(visible)


def move_activity(course: Course, activity: Activity, section: Section, before: Activity | None) -> None:
    """Put an activity into a section, before another one or at its end."""
    with edit(course) as change:
        own, target = change.own(activity), change.own(section)
        if own.type == "subsection" and target.parent_cmid:
            raise EditRefused(_("A subsection can’t go into a subsection."), "section_id")
        left = change.session.get(Section, own.section_id)
        order = [one for one in activities_in(change, target) if one.id != own.id]
        place = len(order)
        if before is not None and change.own(before).section_id == target.id and before.id != own.id:
            place = [one.id for one in order].index(before.id)
        place_activities(change, target, [*order[:place], own, *order[place:]])
        if left is not None and left.id != target.id:
            write_sequence(change, left)


def delete_activity(course: Course, activity: Activity) -> int | None:
    """Delete an activity with everything that people have made in it; returns its number in the bin, if it is kept."""
    with edit(course) as change:
        own = change.own(activity)
        note(change.session, "activity deleted", own, course=change.course)
        return bin_activity(change, own)


def set_values(change: Edit, activity: Activity, values: Mapping[str, str | int]) -> None:
    """Set columns of an activity within an edit, and note in its document that it has changed."""
    document = open_document(change, activity, f"{activity.type}.xml")
    own = document.root.find(activity.type) if document is not None else None
    if document is not None and own is not None:
        move_into_columns(own, activity_columns(activity.type), values)
        set_leaf(own, "timemodified", str(change.now))
        count_up(own, "revision")
        document.keep()
    for attribute, value in values.items():
        setattr(activity, attribute, value)
    if isinstance(name := values.get("name"), str):
        activity.title = name


def _drafts(values: dict[str, str]) -> dict[str, Draft]:
    return {name: draft_of(values[name]) for name in ("intro", "content") if name in values}


def _named(change: Edit, activity: Activity, drafts: dict[str, Draft], author: str) -> dict[str, str | int]:
    """Those texts that have changed, with their pictures' names and with their formats."""
    values: dict[str, str | int] = {}
    for name, draft in drafts.items():
        place = FilePlace(activity.context_id, f"mod_{activity.type}", name)
        text = draft.named(change, place, author)
        if text != (getattr(activity, name) or ""):
            values |= {name: text, f"{name}_format": format_after(getattr(activity, f"{name}_format"))}
    return values
