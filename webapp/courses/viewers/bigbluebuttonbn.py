"""A room for video meetings: when it is open, and for its teachers what was recorded and who came."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from jobs.language import gettext as _, lazy_gettext as _l, ngettext
from webapp.courses.viewers.documents import Pages, Source
from webapp.courses.viewers.leaves import leaf, number, when
from webapp.courses.viewers.names import Name
from webapp.models import CourseFile
from webapp.pages.formatters import moment

#: Recordings that are named.
MOST = 200
# Moodle 4.5 mod/bigbluebuttonbn/classes/instance.php TYPE_ALL and so on.
_KINDS = {0: _l("A room, with what was recorded"), 1: _l("A room"), 2: _l("What was recorded")}
# The same, classes/logger.php EVENT_*: what it writes down of people.
_EVENTS = {
    "Join": _l("Joined"),
    "Create": _l("Began the meeting"),
    "Logout": _l("Left"),
    "Played": _l("Watched a recording"),
    "Import": _l("Brought in a recording"),
    "Summary": _l("Attendance was noted"),
}


@dataclass(frozen=True)
class Recording:
    at: int | None
    group: str
    is_from_elsewhere: bool


@dataclass(frozen=True)
class Event:
    who: Name
    did: str
    at: int | None


@dataclass(frozen=True)
class Meetings:
    settings: list[tuple[str, str]]
    welcome: Markup
    #: What is shown in the meeting.
    presentation: list[CourseFile]
    recordings: list[Recording]
    events: list[Event]
    pages: Pages
    with_people: bool


def bigbluebuttonbn(source: Source) -> Meetings:
    own, pages, most = source.own, source.pages("logs/log"), number(source.own, "userlimit")
    settings = [
        (_("Kind"), str(_KINDS.get(number(own, "type"), ""))),
        (_("Opens"), moment(when(own, "openingtime"))),
        (_("Closes"), moment(when(own, "closingtime"))),
        (_("Begins"), _("once somebody who leads it is there") if leaf(own, "wait") == "1" else ""),
        (_("Recording"), _("possible") if leaf(own, "record") == "1" else ""),
        (_("At most"), ngettext("%(num)s person", "%(num)s people", most) if most > 0 else ""),
        (_("Guests"), _("with a link of their own") if leaf(own, "guestallowed") == "1" else ""),
    ]  # fmt: skip
    recordings = [
        Recording(when(one, "timecreated"), source.around.group(number(one, "groupid")), leaf(one, "imported") == "1")
        for one in source.all("recordings/recording", limit=MOST)
    ]  # fmt: skip
    events = [
        Event(
            source.person(number(one, "userid")),
            str(_EVENTS.get(leaf(one, "log"), leaf(one, "log"))),
            when(one, "timecreated"),
        )
        for one in source.page_of("logs/log", pages)
    ]
    return Meetings(
        settings, source.text(leaf(own, "welcome")), source.files("mod_bigbluebuttonbn", "presentation", [0])[0],
        recordings, events, pages, source.with_people,
    )  # fmt: skip
