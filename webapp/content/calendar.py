"""The dates of activities in the calendar: they follow when somebody changes the date that they stand for.

Moodle keeps a date twice, in the activity and as an event; a restore takes both as they are. Which event stands for
which date: Moodle 4.5 mod/*/lib.php, the functions that refresh the events of a module.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from lxml import etree

from jobs.archive.xml import pack, unpack
from webapp.content.documents import set_leaf
from webapp.content.edit import Edit
from webapp.content.elements import Change
from webapp.content.lookups import find_document
from webapp.models import Activity, Record

_EVENT = "events/event"
#: Type of activity -> what an event is called -> the date of the activity that it stands for.
_DATES = {
    "assign": {"open": "allowsubmissionsfromdate", "due": "duedate", "gradingdue": "gradingduedate"},
    "bigbluebuttonbn": {"meeting_start": "openingtime"},
    "chat": {"chattime": "chattime"},
    "choice": {"open": "timeopen", "close": "timeclose"},
    "data": {"open": "timeavailablefrom", "close": "timeavailableto"},
    "feedback": {"open": "timeopen", "close": "timeclose"},
    "forum": {"due": "duedate"},
    "lesson": {"open": "available", "close": "deadline"},
    "quiz": {"open": "timeopen", "close": "timeclose"},
    "scorm": {"open": "timeopen", "close": "timeclose"},
    "workshop": {
        "opensubmission": "submissionstart", "closesubmission": "submissionend",
        "openassessment": "assessmentstart", "closeassessment": "assessmentend",
    },
}  # fmt: skip


def move_events(change: Edit, activity: Activity, changes: Iterable[Change]) -> None:
    """Let the events of an activity follow its changed dates; one whose date is gone goes too.

    Only an event that stood at the old date moves: an exception for somebody has a time of its own.
    """
    moved = {one.leaf: (_seconds(one.before), _seconds(str(one.after))) for one in changes}
    known = _DATES.get(activity.type, {})
    document = find_document(change.version.id, "calendar.xml", activity=activity)
    if document is None or not moved.keys() & set(known.values()):
        return
    found = sa.select(Record).where(Record.document_id == document.id, Record.path == _EVENT)
    for record in change.session.scalars(found):
        event = unpack(record.body)
        before, after = moved.get(known.get(event.findtext("eventtype") or "", ""), (0, 0))
        ends = {first: last for first, last in moved.values() if first}
        if before and before == _seconds(event.findtext("timestart")):
            if after:
                _move(event, before, after, ends, change.now)
                record.body = pack(event)
            else:
                change.session.delete(record)
        elif _lasts_to(event) in ends:
            _end(event, ends[_lasts_to(event)], change.now)
            record.body = pack(event)


def _move(event: etree._Element, before: int, after: int, ends: dict[int, int], now: int) -> None:
    last = _lasts_to(event)
    set_leaf(event, "timestart", str(after))
    if _seconds(event.findtext("timesort")) == before:
        set_leaf(event, "timesort", str(after))
    set_leaf(event, "timemodified", str(now))
    if last:
        # Older Moodles made one event of what opens and closes: it ends where it did, or where that has moved.
        _end(event, ends.get(last, last), now)


def _end(event: etree._Element, end: int, now: int) -> None:
    start = _seconds(event.findtext("timestart"))
    set_leaf(event, "timeduration", str(max(0, end - start)))
    set_leaf(event, "timemodified", str(now))


def _lasts_to(event: etree._Element) -> int:
    """When an event ends that lasts; 0 for one that is a moment."""
    duration = _seconds(event.findtext("timeduration"))
    return _seconds(event.findtext("timestart")) + duration if duration else 0


def _seconds(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else 0
