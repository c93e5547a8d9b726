"""Makes question banks that are activities part of the course's own bank, as Moodles before 5.0 have it.

Since Moodle 5.0 each category lies in the context of an activity (mod/qbank). An older one passes over an activity
that it does not know, and then over the gradebook, the badges and what completes the course as well
(Moodle 4.5 backup/moodle2/restore_stepslib.php).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

#: The first version of the format with such activities, and their type.
FIRST_WITH_BANKS = 2025_04_14_00
BANK = "qbank"

_DOCUMENT = "questions.xml"
_COURSE, _MODULE = "50", "70"


@dataclass(frozen=True)
class Folding:
    """Which banks go into that of the course: their course modules, with what each is called."""

    banks: Mapping[int, str]
    course_id: int
    context_id: int

    def apply(self, name: str, element: etree._Element) -> set[str]:
        """Change the skeleton of questions.xml, in place; returns the contexts that the banks were in.

        One category is on top of the others. That of any further bank becomes one called after it.
        """
        contexts: set[str] = set()
        if name != _DOCUMENT:
            return contexts
        top = next((one for one in element if self._is_own(one) and _is_top(one)), None)
        for category in element.iterfind("question_category"):
            called = self._bank_of(category)
            if called is None:
                continue
            contexts.add(category.findtext("contextid") or "")
            own = {"contextid": self.context_id, "contextlevel": _COURSE, "contextinstanceid": self.course_id}
            if _is_top(category) and top is None:
                top = category
            elif _is_top(category) and top is not None:
                own |= {"name": called, "parent": top.get("id") or ""}
            _say(category, own)
        return contexts

    def _is_own(self, category: etree._Element) -> bool:
        return category.findtext("contextid") == str(self.context_id)

    def _bank_of(self, category: etree._Element) -> str | None:
        module = category.findtext("contextinstanceid") or ""
        is_activitys = category.findtext("contextlevel") == _MODULE and module.isdigit()
        return self.banks.get(int(module)) if is_activitys else None


def _is_top(category: etree._Element) -> bool:
    return category.findtext("parent") == "0"


def _say(category: etree._Element, leaves: Mapping[str, object]) -> None:
    for name, value in leaves.items():
        for leaf in category.iterchildren(name):
            leaf.text = str(value)
