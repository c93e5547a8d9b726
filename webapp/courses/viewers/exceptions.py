"""Dates and limits that hold for some people or groups only, as quizzes, assignments and lessons have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from jobs.language import gettext as _
from webapp.courses.viewers.documents import Source, slots_of
from webapp.courses.viewers.leaves import leaf, number, whole
from webapp.courses.viewers.names import Name
from webapp.pages.formatters import exact_duration, moment

#: So many are shown; what is beyond stands in what is kept of the activity.
MOST = 200
_MOMENTS: Mapping[str, Callable[[str], str]] = {
    "allowsubmissionsfromdate": lambda at: _("open from %(moment)s", moment=at),
    "timeopen": lambda at: _("opens %(moment)s", moment=at),
    "available": lambda at: _("open from %(moment)s", moment=at),
    "duedate": lambda at: _("due %(moment)s", moment=at),
    "timeclose": lambda at: _("closes %(moment)s", moment=at),
    "deadline": lambda at: _("last day %(moment)s", moment=at),
    "cutoffdate": lambda at: _("last day %(moment)s", moment=at),
}
_LIMITS: Mapping[str, Callable[[str], str]] = {
    "attempts": lambda most: _("attempts %(most)s", most=most),
    "maxattempts": lambda most: _("tries at a question %(most)s", most=most),
}


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
        who: Name | str = source.person(person) if person else _group(group)
        found.append(ExceptionFor(who, ", ".join(_says(element)) or _("nothing else than for everybody")))
    return found


def _group(name: str) -> str:
    return _("Group “%(name)s”", name=name) if name else _("Group “that is not in this course”")


def _says(element: etree._Element) -> list[str]:
    said = [
        say(moment(at)) for name, say in _MOMENTS.items() if 10**8 <= (at := number(element, name)) < 10**11
    ]
    if (seconds := number(element, "timelimit")) > 0:
        said.append(_("time %(length)s", length=exact_duration(seconds)))
    for name, say in _LIMITS.items():
        if (text := leaf(element, name)) and whole(text) > 0:
            said.append(say(text))
        elif text == "0":
            said.append(say(_("without end")))
    if leaf(element, "password"):
        said.append(_("a password of their own"))
    return said
