"""The dates of the course and of its groups (course/calendar.xml), in their order."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from jobs.archive.xml import unpack
from jobs.language import gettext as _
from webapp.content.lookups import records_of_course
from webapp.courses.besides.texts import CourseTexts
from webapp.courses.viewers.around import Around
from webapp.courses.viewers.leaves import id_of, leaf, number, when
from webapp.extensions import db
from webapp.models import Course, Record
from webapp.pages.formatters import exact_duration

#: So many are read and shown.
MOST = 500


@dataclass(frozen=True)
class Event:
    name: str
    description: Markup
    at: int | None
    lasts: str
    #: For whom it is, where not for everybody.
    group: str
    where: str


def events_of(course: Course) -> list[Event]:
    """The events, the earliest first."""
    around, texts = Around(course), CourseTexts(course)
    found = records_of_course(course.version_id, "course/calendar.xml", "events/event")
    bodies = db.session.scalars(found.with_only_columns(Record.body).order_by(Record.position).limit(MOST))
    elements = sorted(map(unpack, bodies), key=lambda one: (number(one, "timestart"), id_of(one)))
    return [_event(one, around, texts) for one in elements]


def _event(element: etree._Element, around: Around, texts: CourseTexts) -> Event:
    seconds = number(element, "timeduration")
    area = ("calendar", "event_description", id_of(element))
    description = texts.of(element, "description", area, "format")
    return Event(
        leaf(element, "name") or _("Without a name"),
        description,
        when(element, "timestart"),
        exact_duration(seconds) if seconds > 0 else "",
        around.group(number(element, "groupid")),
        leaf(element, "location"),
    )
