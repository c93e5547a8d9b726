"""What people said about entries, pages and pieces of work (comments.xml of an activity)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from webapp.courses.viewers.documents import Source
from webapp.courses.viewers.leaves import leaf, number, when
from webapp.courses.viewers.names import Name


@dataclass(frozen=True)
class Comment:
    who: Name
    at: int | None
    text: Markup


def comments_of(source: Source, area: str, itemids: Iterable[int]) -> dict[int, list[Comment]]:
    """The comments on these things, by their ids; `area` is what Moodle calls their kind."""
    found: dict[int, list[Comment]] = defaultdict(list)
    document = source.beside("comments.xml")
    if document is None:
        return found
    wanted = set(itemids)
    for one in document.all("comment"):
        item = number(one, "itemid")
        if item in wanted and leaf(one, "commentarea") == area:
            who = source.person(number(one, "userid"))
            found[item].append(
                Comment(who, when(one, "timecreated"), source.html(one, "content", format="format"))
            )
    return found
