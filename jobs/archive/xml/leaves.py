"""Values in leaves, and the slots that stand for values and records kept elsewhere."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Final

from lxml import etree

#: Attributes that XML itself has, such as xml:space: the one namespace that needs no declaration.
XML_ATTRIBUTES = "{http://www.w3.org/XML/1998/namespace}"
NULL = "$@NULL@$"  # how a backup writes a database null

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Missing(Enum):
    """What `take` answers where there is no such leaf: not a null, and not empty either."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


def text_of(element: etree._Element) -> str | None:
    """Return the text of a leaf; None where the backup holds a null."""
    text = element.text or ""
    return None if text == NULL else text


def set_text(element: etree._Element, value: str | None) -> None:
    """Set the text of a leaf. Characters that XML 1.0 can't hold are dropped, as Moodle drops them."""
    element.text = NULL if value is None else _ILLEGAL.sub("", value)


def is_leaf(element: etree._Element) -> bool:
    """Does this element hold a text, or a slot for one, rather than elements?"""
    return not len(element) or is_slot(element)


def is_slot(leaf: etree._Element) -> bool:
    """Does this leaf hold a slot instead of its value?"""
    return len(leaf) == 1 and target(leaf[0]) == "column"


def target(node: etree._Element) -> str | None:
    """Return the name of a processing instruction, None for anything else."""
    return str(node.target) if isinstance(node, etree._ProcessingInstruction) else None


def has_slot(element: etree._Element, leaf: str) -> bool:
    """Is the value of this direct child leaf kept elsewhere?"""
    child = _find(element, leaf)
    return child is not None and is_slot(child)


def take(element: etree._Element, leaf: str) -> str | Missing | None:
    """Take the value out of a direct child leaf and leave a slot; MISSING if no such leaf holds a value."""
    child = _find(element, leaf)
    if child is None or is_slot(child):
        return MISSING
    value = text_of(child)
    _leave_slot(child)
    return value


def make_slot(element: etree._Element, leaf: str) -> None:
    """Turn a direct child leaf into a slot, whatever it holds; one that is not there is added at the end."""
    child = _find(element, leaf)
    _leave_slot(etree.SubElement(element, leaf) if child is None else child)


def fill(element: etree._Element, values: Mapping[str, str | None]) -> None:
    """Put values back into the slots of direct children. A leaf that kept its own text is left alone."""
    for child in element:
        if is_slot(child) and child.tag in values:
            del child[:]
            set_text(child, values[child.tag])


def rows_of(node: etree._Element) -> int | None:
    """Return which rows stand in the place of this node of a skeleton; None if it is no such place."""
    return int(node.text or 0) if target(node) == "rows" else None


def rows_slot(container: etree._Element) -> int:
    """Return the place for rows at the end of this element of a skeleton, making one if there is none."""
    if len(container) and target(container[-1]) == "rows":
        return int(container[-1].text or 0)
    places = container.getroottree().iter(etree.ProcessingInstruction)
    slot = 1 + max((int(place.text or 0) for place in places if target(place) == "rows"), default=0)
    container.append(etree.ProcessingInstruction("rows", str(slot)))
    return slot


def _find(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element.iterchildren(name) if is_leaf(child)), None)


def _leave_slot(leaf: etree._Element) -> None:
    del leaf[:]
    leaf.text = None
    leaf.append(etree.ProcessingInstruction("column"))
