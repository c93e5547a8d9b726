"""Small changes to the elements of questions and slots."""

from lxml import etree

from jobs.archive.trees import Node
from jobs.archive.xml import set_text, text_of


def add_leaf(parent: etree._Element, name: str, text: str | None) -> None:
    """Add a leaf behind what is there; None becomes a null."""
    set_text(etree.SubElement(parent, name), text)


def move_undeclared(source: etree._Element, goal: etree._Element, node: Node | None) -> None:
    """Put into another element what the declaration of this one, which goes away, does not know."""
    known = {*node.leaves, *node.children} if node else set()
    goal.extend([child for child in source.iterchildren(etree.Element) if child.tag not in known])


def put_leaf(parent: etree._Element, name: str, text: str | None, *, behind: str) -> None:
    """Add a leaf behind another one of that name, or at the end if there is none."""
    leaf = etree.Element(name)
    set_text(leaf, text)
    before = parent.find(behind)
    if before is None:
        parent.append(leaf)
    else:
        before.addnext(leaf)


def leaf_text(element: etree._Element, name: str) -> str | None:
    """The text of a leaf; None for a null, and where there is no such leaf."""
    leaf = element.find(name)
    return None if leaf is None else text_of(leaf)


def take_leaf(element: etree._Element, name: str) -> str:
    """Remove a leaf; returns what it held."""
    leaf = element.find(name)
    if leaf is None:
        return ""
    element.remove(leaf)
    return text_of(leaf) or ""
