"""What restricts who may see an activity or a section, and when: the conditions, in both of their forms."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from jobs.archive.ids.numbers import whole

# Moodle 2.7 and newer: a tree in JSON, in module.xml and in section.xml.
LEAVES = ("availability", "availabilityjson")


# What each type of condition asks for, and the leaf that names which. Before Moodle 2.7 that was a leaf of its own.
_NEEDED = {
    "completion": ("course_module", "cm"), "grade": ("grade_item", "id"), "group": ("group", "id"),
    "grouping": ("grouping", "id"),
}  # fmt: skip
OLD_LEAVES = {"sourcecmid": "course_module", "gradeitemid": "grade_item"}


def needs_in(root: etree._Element) -> Iterator[tuple[str, int]]:
    """Yield what the conditions in module.xml or section.xml ask for, as pairs of a kind and an id.

    Before Moodle 2.7 they stood in <availability_info>, in section.xml in its root.
    """
    for leaf in LEAVES:
        yield from needs(root.findtext(leaf) or "")
    for old in (*root.iterfind("availability_info/availability"), *root.iterfind("availability")):
        for name, kind in OLD_LEAVES.items():
            if number := whole(old.findtext(name)):
                yield kind, number


def needs(text: str) -> Iterator[tuple[str, int]]:
    """Yield the same of a tree; the id is 0 where any will do, as any group."""
    for condition in conditions(text):
        if condition["type"] in _NEEDED:
            kind, leaf = _NEEDED[condition["type"]]
            number = condition.get(leaf)
            yield kind, number if isinstance(number, int) else 0


def conditions(text: str) -> Iterator[Mapping[str, Any]]:
    """Yield the conditions of a tree, however deep they stand; none where the text is no tree."""
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, dict):
            continue
        if isinstance(node.get("type"), str):
            yield node
        if isinstance(node.get("c"), list):
            waiting.extend(reversed(node["c"]))
