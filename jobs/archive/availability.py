"""What restricts who may see an activity or a section, and when: the conditions, in both of their forms."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from jobs.archive.numbers import whole

# Moodle 2.7 and newer: a tree in JSON, in module.xml and in section.xml.
LEAVES = ("availability", "availabilityjson")


def conditions_in(root: etree._Element) -> Iterator[Mapping[str, Any]]:
    """Yield each condition that module.xml or section.xml holds, as Moodle 2.7 and newer write it.

    Before 2.7 they stood in <availability_info>, in section.xml in its root: those come in the new form.
    """
    for leaf in LEAVES:
        yield from conditions(root.findtext(leaf) or "")
    for old in (*root.iterfind("availability_info/availability"), *root.iterfind("availability")):
        if course_module := whole(old.findtext("sourcecmid")):
            yield {"type": "completion", "cm": course_module}
        if grade_item := whole(old.findtext("gradeitemid")):
            yield {"type": "grade", "id": grade_item}


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
