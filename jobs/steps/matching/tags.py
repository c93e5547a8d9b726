"""Which tags of questions that come in from another site the course has already.

A tag is told by its name, but random slots of a quiz say by its id which questions they draw (Moodle 5.1
question/bank/tagquestion): so what is the same must have one id.
"""

from __future__ import annotations

from jobs.archive.ids.numbers import whole_number
from jobs.steps.matching.questions import QUESTIONS
from jobs.steps.matching.sides import Side


def match_tags(incoming: Side, target: Side) -> dict[tuple[str, int], int]:
    """The kind and id of each tag that comes in and is there -> its id in the course."""
    theirs = _tags(incoming)
    ours = {name: number for number, name in _tags(target).items()} if theirs else {}
    return {("tag", number): ours[name] for number, name in theirs.items() if name in ours}


def _tags(side: Side) -> dict[int, str]:
    """The tags of the questions by their ids; Moodle takes names that differ in case only for one."""
    found = {}
    for part in side.records(QUESTIONS):
        for tag in part.element.iterfind(".//tags/tag"):
            if number := whole_number(tag.get("id")):
                found[number] = (tag.findtext("rawname") or "").strip().casefold()
    return found
