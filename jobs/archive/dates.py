"""Moves the dates of a course to another start: due dates, openings, restrictions, what the declarations call a date.

What people did, and when something was made or changed, is not declared as one and stays. As Moodle 4.5 has it
(backup/util/plan/restore_structure_step.class.php), but that each date keeps its time of day: Moodle adds seconds,
and what was due at nine is due at eight once the clocks have changed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lxml import etree

from jobs.archive.ids.embedded import rewrite_conditions
from jobs.archive.trees import Leaf, Node, Tree
from jobs.archive.xml import is_leaf, is_slot, text_of

#: Later than this is no date that a course could mean (the year 2106), but a number of something else.
_LAST = 2**32 - 1
_MOMENT = re.compile(r"[1-9][0-9]{0,9}")
# Moodle 4.5 availability/condition/date: {"type":"date","d":">=","t":1756713600}; d is "<" for an end.
_TIME = re.compile(r'(?P<before>"t"\s*:\s*"?)(?P<time>[0-9]{1,16})(?=["\s,}])')
_UNTIL = re.compile(r'"d"\s*:\s*"<"')

#: Seconds since 1970, and the word for what happens then.
Moment = tuple[int, str]
Change = Callable[[int, str], int]


@dataclass(frozen=True, slots=True)
class DateShift:
    """By how many days the dates of a course move."""

    days: int

    @classmethod
    def between(cls, start: int, new_start: date) -> "DateShift":
        """The shift that makes a course that began at `start` (seconds since 1970) begin on another day."""
        return cls((new_start - datetime.fromtimestamp(start).date()).days)

    def move(self, moment: int) -> int:
        """The same time of day so many days later, by the clock of this machine; 0, for none, stays."""
        if not 0 < moment <= _LAST:
            return moment
        return max(1, int((datetime.fromtimestamp(moment) + timedelta(days=self.days)).timestamp()))


def shift_dates(element: etree._Element, path: str, tree: Tree, shift: DateShift) -> None:
    """Move every date in a record or a skeleton, in place."""
    if node := tree.node(path):
        _change(element, node, lambda moment, _word: shift.move(moment))


def dates_in(element: etree._Element, path: str, tree: Tree) -> list[Moment]:
    """The dates in a record or a skeleton, which `shift_dates` would move."""
    found: list[Moment] = []
    if node := tree.node(path):
        _change(element, node, _noting(found))
    return found


def dates_in_leaf(text: str, leaf: Leaf) -> list[Moment]:
    """The dates in a text that stands in a declared leaf."""
    found: list[Moment] = []
    _rewritten(text, leaf, _noting(found))
    return found


def _noting(found: list[Moment]) -> Change:
    def note(moment: int, word: str) -> int:
        found.append((moment, word))
        return moment

    return note


def _change(element: etree._Element, node: Node, change: Change) -> None:
    for child in element.iterchildren(etree.Element):
        known, leaf = node.children.get(child.tag), node.leaves.get(child.tag)
        if known is not None:
            _change(child, known, change)
        elif leaf is not None and leaf.date is not None and is_leaf(child) and not is_slot(child):
            text = text_of(child) or ""
            if (changed := _rewritten(text, leaf, change)) != text:
                child.text = changed


def _rewritten(text: str, leaf: Leaf, change: Change) -> str:
    if leaf.within != "conditions":
        return _number(text, leaf.date or "", change)

    def condition(kind: str, text: str) -> str:
        if kind != "date":
            return text
        word = "available until" if _UNTIL.search(text) else "available from"
        return _TIME.sub(lambda found: found["before"] + _number(found["time"], word, change), text)

    return rewrite_conditions(text, condition)


def _number(text: str, word: str, change: Change) -> str:
    is_moment = _MOMENT.fullmatch(text) and int(text) <= _LAST
    return str(change(int(text), word)) if is_moment else text
