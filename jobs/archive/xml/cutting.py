"""Finds what can be cut out of a record that has grown large while it is still being read.

In what Moodle writes, that which repeats has an id: the posts of a discussion, the versions of a page.
"""

from collections.abc import Callable, Iterator

from lxml import etree

#: A record beyond so many bytes is cut. In memory an element takes some twelve times what it takes in the file.
CUT_FROM = 512 * 1024


def ended_in(
    element: etree._Element, path: str, is_piece: Callable[[str], bool], *, is_open: bool = True
) -> Iterator[tuple[str, etree._Element]]:
    """Yield the outermost pieces that have ended in an element which is open, each with its path, in order.

    A piece has an id and holds elements, and `is_piece` says yes to its path. What is last in something open may
    be open too, and is looked into.
    """
    children = list(element.iterchildren(etree.Element))
    for child in children:
        if not len(child):
            continue
        below, may_be_open = f"{path}/{child.tag}", is_open and child is children[-1]
        if not may_be_open and child.get("id") and is_piece(below):
            yield below, child
        else:
            yield from ended_in(child, below, is_piece, is_open=may_be_open)
