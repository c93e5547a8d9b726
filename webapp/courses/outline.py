"""A course as its page shows it: sections, what is in them, and subsections inside that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from webapp.content.headings import heading_of as heading_of
from webapp.content.lookups import activities_of, sections_of
from webapp.models import Activity, Course, Section


def is_shown(thing: Section | Activity) -> bool:
    """Whether it is shown to everybody; an archive that says nothing of it means yes."""
    return thing.visible != 0


@dataclass
class Step:
    """Something that can be moved: what it would stand before after a step up or down.

    None: it can't go there; 0: it would stand at the end.
    """

    up: int | None = field(default=None, init=False)
    down: int | None = field(default=None, init=False)


@dataclass
class Entry(Step):
    """One activity, and the section that it opens if it is a subsection."""

    activity: Activity
    inside: Place | None = None

    @property
    def id(self) -> int:
        return self.activity.id


@dataclass
class Place(Step):
    """One section with its activities."""

    section: Section
    entries: list[Entry] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.section.id

    @property
    def heading(self) -> str:
        return heading_of(self.section)

    @property
    def is_fixed(self) -> bool:
        """The section on top belongs to every course: it can't be moved or deleted."""
        return self.section.number == 0

    @property
    def is_blank(self) -> bool:
        """The section on top with nothing in it: it is there to be filled, and not shown to readers."""
        return self.is_fixed and not self.entries and not self.section.summary

    @property
    def everything(self) -> Iterator[Entry]:
        """Its activities with those of its subsections."""
        for entry in self.entries:
            yield entry
            if entry.inside:
                yield from entry.inside.everything


@dataclass
class Outline:
    places: list[Place]

    @property
    def entries(self) -> Iterator[Entry]:
        for place in self.places:
            yield from place.everything

    @property
    def all_places(self) -> list[Place]:
        """Every section, each subsection's after the one that it is in."""
        found = []
        for place in self.places:
            found += [place, *(entry.inside for entry in place.entries if entry.inside)]
        return found


def outline_of(course: Course, *, with_hidden: bool) -> Outline:
    """The course's outline; without hidden parts for those who may not see them."""
    activities = activities_of(course.version_id)
    places = {section.id: Place(section) for section in sections_of(course.version_id)}
    opened = _subsections(places, activities)
    for activity in activities:
        place = places.get(activity.section_id)
        if place is not None and (with_hidden or is_shown(activity)):
            place.entries.append(Entry(activity, opened.get(activity.id)))
    inside = {id(place) for place in opened.values()}
    own = [place for place in places.values() if id(place) not in inside]
    if not with_hidden:
        own = _without_hidden(own)
    for place in places.values():
        _mark(place.entries)
    _mark([place for place in own if not place.is_fixed])
    return Outline(own)


def _subsections(places: dict[int, Place], activities: list[Activity]) -> dict[int, Place]:
    """Activity -> the section that it opens. One level deep, as in Moodle: what claims more stands on its own."""
    claimed = {place.section.parent_cmid: place for place in places.values() if place.section.parent_cmid}
    return {
        activity.id: claimed[str(activity.moodle_id)]
        for activity in activities
        if str(activity.moodle_id) in claimed
        and activity.section_id in places
        and not places[activity.section_id].section.parent_cmid
    }


def _without_hidden(places: list[Place]) -> list[Place]:
    for place in places:
        for entry in place.entries:
            if entry.inside and not is_shown(entry.inside.section):
                entry.inside = None
    return [place for place in places if is_shown(place.section)]


def _mark(things: Sequence[Entry] | Sequence[Place]) -> None:
    ids = [thing.id for thing in things]
    for place, thing in enumerate(things):
        thing.up = ids[place - 1] if place else None
        thing.down = [*ids, 0][place + 2] if place + 1 < len(ids) else None
