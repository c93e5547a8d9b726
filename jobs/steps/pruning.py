"""Takes out of elements what does not come or go along."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from lxml import etree

#: Says of an element, found by its path, whether it belongs into what is written.
Keep = Callable[[str, etree._Element], bool]


class Sieve(Protocol):
    """What of an archive is wanted."""

    def takes(self, name: str) -> bool:
        """Whether the document with this name comes, be it only in part."""

    def keeps(self, name: str, path: str, element: etree._Element) -> bool:
        """Whether an element of it comes."""


def prune(element: etree._Element, path: str, keep: Keep) -> bool:
    """Take out of an element, in place, what `keep` says no to; false if it says so of the element itself."""
    if not keep(path, element):
        return False
    for child in list(element.iterchildren(etree.Element)):
        if not prune(child, f"{path}/{child.tag}", keep):
            element.remove(child)
    return True


def sift(sieve: Sieve, name: str, path: str, element: etree._Element) -> bool:
    """The same of a record or a skeleton of the document with this name."""
    return prune(element, path, partial(sieve.keeps, name))
