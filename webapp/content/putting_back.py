"""Puts things from the bin back where they stood, or as near to it as there still is a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.access.audit import note
from webapp.content import standing
from webapp.content.binning import course_in_bin
from webapp.content.catalogue import is_shortname_taken
from webapp.content.edit import Edit, EditRefused, edit
from webapp.content.headings import heading_of
from webapp.content.moved import was_moved
from webapp.content.nesting import nest_again
from webapp.content.ordering import (
    activities_in,
    move_into,
    number_sections,
    place_activities,
    renumber_sections,
    sections_in_order,
    write_sequence,
)
from webapp.database import write_transaction
from webapp.models import (
    Activity,
    BinEntry,
    BinKind,
    Block,
    Course,
    CourseFile,
    Document,
    Section,
    utc_now,
)

GONE = _l(
    "It is not in the bin any more: somebody has put it back or deleted it for ever, or its time there is over."
)
REPLACED = _l(
    "The content of the course was replaced by a restore after this was deleted. Take that restore back first: "
    "then this can be put back into the content that it belongs to."
)


#: What moves. Records stay as they are: they belong where their documents do.
TABLES: tuple[type[Any], ...] = (Section, Activity, Block, Document, CourseFile)


@dataclass(frozen=True)
class Returned:
    """What has come back, and how to find it."""

    kind: BinKind
    name: str
    course_id: int
    #: The row of the section or activity; None for a course.
    row: int | None
    #: What became of it, in a sentence.
    says: str
    #: Whether it is in another course too, because it was moved there.
    is_elsewhere: bool = False


def put_back(course: Course, entry_id: int) -> Returned:
    """Put a section or an activity back. Raises EditRefused where that can't be."""
    with edit(course) as change:
        return put_back_within(change, entry_id)


def put_back_within(change: Edit, entry_id: int) -> Returned:
    """The same as a part of an edit. Raises EditRefused."""
    entry = _in_bin(change.session, entry_id)
    if entry.course_id != change.course.id or entry.version_id is None:
        raise EditRefused(GONE)
    if entry.origin_id != change.version.id:
        raise EditRefused(REPLACED)
    says = _activity(change, entry) if entry.kind == BinKind.ACTIVITY else _section(change, entry)
    if was_moved(entry):
        says += " " + _("In the course that it was moved to it stays as well.")
    note(change.session, "put back", course=change.course, title=entry.name, detail=entry.kind)
    change.session.delete(entry)
    return Returned(entry.kind, entry.name, entry.course_id, entry.place["row"], says, was_moved(entry))


def put_course_back(entry_id: int) -> Returned:
    """Put a course back. Raises EditRefused if it is not in the bin any more."""
    with write_transaction() as session:
        entry = _in_bin(session, entry_id)
        if entry.kind != BinKind.COURSE:
            raise EditRefused(GONE)
        course = course_in_bin(session, entry)
        wanted = entry.place["shortname"]
        course.binned_at, course.shortname = None, _free_shortname(session, wanted)
        note(session, "put back", course=course, title=entry.name, detail=entry.kind)
        session.delete(entry)
        return Returned(entry.kind, entry.name, course.id, None, _course_is_back(entry.name, course, wanted))


def _course_is_back(name: str, course: Course, wanted: str) -> str:
    if course.shortname == wanted:
        return _("“%(name)s” is back.", name=name)
    return _(
        "“%(name)s” is back. Its short name is %(shortname)s now: another course is called %(wanted)s.",
        name=name,
        shortname=course.shortname,
        wanted=wanted,
    )


def _in_bin(session: Session, entry_id: int) -> BinEntry:
    entry = session.get(BinEntry, entry_id, populate_existing=True)
    if entry is None or entry.keep_until <= utc_now():
        raise EditRefused(GONE)
    return entry


def _activity(change: Edit, entry: BinEntry) -> str:
    """Put an activity back into its section; into the last one if that is gone."""
    session, stood = change.session, entry.place
    activity = session.get_one(Activity, stood["row"])
    holder = session.get_one(Section, activity.section_id)
    home = _home(change, holder.moodle_id)
    target = home or _last_section(change)
    untouched = home is not None and standing.sequence_of(change, target) == stood["sequence_after"]
    there = activities_in(change, target)
    place = standing.place_among([one.moodle_id for one in there], stood) if home else len(there)
    _bring(change, entry, but=holder)
    if home and home.number == holder.number:
        activity.section_id = home.id
    else:
        move_into(change, activity, target)
    session.flush()
    place_activities(change, target, [*there[:place], activity, *there[place:]])
    if untouched and stood["sequence"] is not None:
        write_sequence(change, target, stood["sequence"])
    session.delete(holder)
    _number_apart(change)
    if home:
        return _("“%(name)s” is back in “%(section)s”.", name=entry.name, section=heading_of(home))
    return _(
        "“%(name)s” is back. It stands at the end of “%(section)s”, because the section that it was in is "
        "deleted.",
        name=entry.name,
        section=heading_of(target),
    )


def _last_section(change: Edit) -> Section:
    ordinary = [one for one in sections_in_order(change) if not one.parent_cmid]
    if not ordinary:
        raise EditRefused(_("The course has no section that it could go into. Add one, then put it back."))
    return ordinary[-1]


def _home(change: Edit, moodle_id: int) -> Section | None:
    mine = (Section.version_id == change.version.id) & (Section.moodle_id == moodle_id)
    return change.session.scalars(sa.select(Section).where(mine)).first()


def _section(change: Edit, entry: BinEntry) -> str:
    """Put a section back among the others, with all that was in it."""
    stood = entry.place
    section = change.session.get_one(Section, stood["row"])
    there = sections_in_order(change)
    _bring(change, entry)
    if not _as_they_stood(change, stood, there):
        place = _place_of_section(there, stood)
        inside = [one for one in sections_in_order(change) if one not in there and one is not section]
        renumber_sections(change, [*there[:place], section, *there[place:], *inside])
    change.session.flush()
    nest_again(change, section, stood.get("nest", {}))
    return _("“%(name)s” is back, with all that was in it.", name=entry.name)


def _place_of_section(there: Sequence[Section], stood: dict[str, Any]) -> int:
    """Its place: below the section on top, and above those that subsections open."""
    first = 1 if there and there[0].number == 0 else 0
    last = next((at for at, one in enumerate(there) if one.parent_cmid), len(there))
    return max(first, min(last, standing.place_among([one.moodle_id for one in there], stood)))


def _as_they_stood(change: Edit, stood: dict[str, Any], there: Sequence[Section]) -> bool:
    """Give the sections the numbers that they had, if they are the same again and nobody has moved one."""
    now = {one.moodle_id: one for one in sections_in_order(change)}
    if [one.moodle_id for one in there] != stood["after"] or len(now) != len(stood["stood"]):
        return False
    if any(own not in now for own, _position, _number in stood["stood"]):
        return False
    for own, position, _number in stood["stood"]:
        now[own].position = position
    number_sections(change, {now[own]: number for own, _position, number in stood["stood"]})
    return True


def _number_apart(change: Edit) -> None:
    """Give every section a number of its own, where one that came back has that of a new one."""
    numbers = [one.number for one in sections_in_order(change)]
    if len(set(numbers)) != len(numbers):
        renumber_sections(change)


def _bring(change: Edit, entry: BinEntry, but: Section | None = None) -> None:
    """Move all rows back to the course's content, but for a section that only held an activity."""
    change.session.flush()
    for table in TABLES:
        mine = table.version_id == entry.version_id
        if table is Section and but is not None:
            mine &= Section.id != but.id
        change.session.execute(
            sa.update(table).where(mine).values(version_id=change.version.id),
            execution_options={"synchronize_session": False},
        )
    change.session.expire_all()


def _free_shortname(session: Session, wanted: str) -> str:
    """The short name, or with the first number that makes it one of its own: "TIDE (2)"."""
    number, name = 1, wanted
    while is_shortname_taken(name, session):
        number += 1
        name = f"{wanted[:94]} ({number})"
    return name
