"""The ids that a document gives to what is in it, as opposed to those by which it refers to something else."""

from collections.abc import Iterator

from lxml import etree

from jobs.archive.trees import Node, Tree
from jobs.archive.xml import is_leaf

_FRAME = {"contextid": "context", "moduleid": "course_module"}  # of any activity's or block's own document


def own_ids(element: etree._Element, path: str, tree: Tree) -> Iterator[tuple[str | None, int]]:
    """Yield a kind and an id for each thing that a record or a skeleton holds.

    The kind is None where nobody has declared of what the id is.
    """
    if "/" not in path:
        for name, kind in _FRAME.items():
            yield from _id(kind, element.get(name))
    yield from _own_ids(element, tree.node(path))


def _own_ids(element: etree._Element, node: Node | None) -> Iterator[tuple[str | None, int]]:
    if node is None:
        yield from _id(None, element.get("id"))
    else:
        for name, kind in node.attributes.items():
            yield from _id(kind, element.get(name)) if kind else ()
    for child in element.iterchildren(etree.Element):
        known = node.children.get(child.tag) if node else None
        leaf = node.leaves.get(child.tag) if node and child.tag == "id" and is_leaf(child) else None
        if leaf is not None:
            yield from _id(leaf.refers_to, child.text)
        yield from _own_ids(child, known)


def _id(kind: str | None, text: str | None) -> Iterator[tuple[str | None, int]]:
    if text and text.isascii() and text.isdigit() and len(text) < 17 and int(text):
        yield kind, int(text)
