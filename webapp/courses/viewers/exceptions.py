"""Dates and limits that hold for some people or groups only, as quizzes, assignments and lessons have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from webapp.courses.viewers.documents import Source, slots_of
from webapp.courses.viewers.leaves import leaf, number, whole
from webapp.courses.viewers.names import Name
from webapp.formatters import exact_duration, moment

#: So many are shown; what is beyond stands in what is kept of the activity.
MOST = 200
_MOMENTS = {
    "allowsubmissionsfromdate": "open from", "timeopen": "opens", "available": "open from", "duedate": "due",
    "timeclose": "closes", "deadline": "last day", "cutoffdate": "last day",
}  # fmt: skip
_LIMITS: Mapping[str, str] = {"attempts": "attempts", "maxattempts": "tries at a question"}


@dataclass(frozen=True)
class ExceptionFor:
    """What is otherwise for somebody."""

    who: Name | str
    says: str


def exceptions_of(source: Source) -> list[ExceptionFor]:
    """The exceptions of an activity, for whoever may see people."""
    held = source.own.find("overrides")
    if not source.with_people or held is None or not slots_of(held):
        return []
    found = []
    for element in source.all("overrides/override", limit=MOST):
        person = number(element, "userid")
        group = source.around.group(number(element, "groupid"))
        who: Name | str = (
            source.person(person) if person else f"Group “{group or 'that is not in this course'}”"
        )
        found.append(ExceptionFor(who, ", ".join(_says(element)) or "nothing else than for everybody"))
    return found


def _says(element: etree._Element) -> list[str]:
    said = [
        f"{word} {moment(at)}"
        for name, word in _MOMENTS.items()
        if 10**8 <= (at := number(element, name)) < 10**11
    ]
    if (seconds := number(element, "timelimit")) > 0:
        said.append(f"time {exact_duration(seconds)}")
    for name, word in _LIMITS.items():
        if (text := leaf(element, name)) and whole(text) > 0:
            said.append(f"{word} {text}")
        elif text == "0":
            said.append(f"{word} without end")
    if leaf(element, "password"):
        said.append("a password of their own")
    return said
