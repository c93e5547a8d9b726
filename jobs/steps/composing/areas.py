"""Where the files of an element lie, as the declarations say."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from lxml import etree

from jobs.archive.ids.numbers import whole_number
from jobs.archive.trees import FileArea, Node, Tree, tree_for
from jobs.steps.selecting.optional import FilePlace

#: A component, a file area, and the item in it.
Area = tuple[str, str, int]


def is_listed(place: FilePlace, areas: Collection[Area], questions: Collection[int]) -> bool:
    """Whether a file is of something in the lists at the root, or of one of the questions that are chosen."""
    if (place.component, place.filearea, place.itemid) in areas:
        return True
    # Question types that we do not know lay their files under the question's id, as most do.
    unknown = (place.component, place.filearea) not in declared_areas("questions.xml")
    return place.component.startswith("qtype_") and unknown and place.itemid in questions


def areas_in(element: etree._Element, path: str, tree: Tree) -> Iterator[Area]:
    """Yield the areas in which files of this record lie, and of all that is in it."""
    yield from _areas(element, tree.node(path))


@cache
def declared_areas(name: str) -> frozenset[tuple[str, str]]:
    """The components and areas that a document at the root is declared to have files in."""
    return frozenset((area.component, area.area) for _, area in tree_for("", name).file_areas)


def _areas(element: etree._Element, node: Node | None) -> Iterator[Area]:
    if node is None:
        return
    embedded = (leaf.embeds for leaf in node.leaves.values() if leaf.embeds)
    for area in (*embedded, *node.files):
        if (item := _item(element, area)) is not None:
            yield area.component, area.area, item
    for child in element.iterchildren(etree.Element):
        yield from _areas(child, node.children.get(child.tag))


def _item(element: etree._Element, area: FileArea) -> int | None:
    """The number that the declaration points to: "id", or "../../id" two elements up."""
    if area.itemid is None:
        return None
    *up, name = area.itemid.split("/")
    place: etree._Element | None = element
    for _ in up:
        place = place.getparent() if place is not None else None
    if place is None:
        return None
    return whole_number(place.get(name) or place.findtext(name))
