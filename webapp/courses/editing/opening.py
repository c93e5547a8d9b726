"""Opens what is to be edited: the settings of an activity, a thing in it, a question of the bank."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lxml import etree

from webapp.content.elements import Place, open_element, own_place
from webapp.courses.editing.activities import THINGS, settings_for
from webapp.courses.editing.sheet import Sheet, SheetReader
from webapp.courses.editing.things import Thing
from webapp.models import Activity, Course


@dataclass(frozen=True)
class OpenThing:
    """A thing, where it is kept, and its sheet."""

    thing: Thing
    place: Place
    element: etree._Element
    sheet: Sheet


def settings_of(course: Course, activity: Activity) -> Sheet:
    """What is edited of an activity besides its name and description; nothing, for most types."""
    place = own_place(activity)
    contents = settings_for(activity.type, place.tree)
    opened = open_element(course.version_id, place) if contents.fields else None
    read = Sheet()
    if opened is not None:
        read = SheetReader(course, activity.context_id, place.tree).read(opened.element, place.path, contents)
    return replace(read, beside=(activity.name, activity.intro, activity.content, activity.external_url))


def open_thing(course: Course, activity: Activity, name: str, item: int) -> OpenThing | None:
    """A thing in an activity by the archive's id; None if there is none, or nothing of it can be edited."""
    thing = THINGS.get(activity.type, {}).get(name)
    if thing is None or bool(item) != bool(thing.path):
        return None
    own = own_place(activity)
    place = Place(own.document, f"{own.path}/{thing.path}".rstrip("/"), activity, item)
    opened = open_element(course.version_id, place)
    if opened is None:
        return None
    element = opened.in_place()
    reader = SheetReader(course, activity.context_id, place.tree)
    sheet = reader.read(element, place.path, thing.contents(element))
    return OpenThing(thing, place, element, sheet) if sheet.leaves else None
