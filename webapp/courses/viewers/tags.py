"""Tags that a document lists apart from what they are on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from webapp.courses.viewers.documents import Source
from webapp.courses.viewers.leaves import leaf, number


def tags_of(source: Source, tail: str, itemids: Iterable[int]) -> dict[int, list[str]]:
    """The tags of these things, by their ids."""
    wanted = set(itemids)
    tags: dict[int, list[str]] = defaultdict(list)
    for tag in source.all(tail):
        item = number(tag, "itemid")
        if item in wanted:
            tags[item].append(leaf(tag, "rawname"))
    return tags
