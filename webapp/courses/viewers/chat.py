"""A chat: what was said in it, line by line."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from webapp.courses.viewers.documents import Pages, Source
from webapp.courses.viewers.leaves import leaf, number, when
from webapp.courses.viewers.names import Name

#: Lines on one page.
ROWS = 100
#: What Moodle notes by itself, by its word for it; "beep" may name somebody after it.
_NOTED = ("enter", "exit", "beep")


@dataclass(frozen=True)
class Line:
    who: Name
    at: int | None
    text: Markup
    #: What somebody did without saying a word: one of _NOTED, or nothing.
    did: str
    group: str


@dataclass(frozen=True)
class Chat:
    next: int | None
    lines: list[Line]
    pages: Pages
    with_people: bool


def chat(source: Source) -> Chat:
    pages = source.pages("messages/message", rows=ROWS)
    lines = [_line(source, one) for one in source.page_of("messages/message", pages)]
    planned = when(source.own, "chattime") if leaf(source.own, "schedule") not in ("", "0") else None
    return Chat(planned, lines, pages, source.with_people)


def _line(source: Source, element: etree._Element) -> Line:
    words = leaf(element, "message_text")
    first = words.partition(" ")[0]
    did = first if first in _NOTED and leaf(element, "system") == "1" else ""
    return Line(
        source.person(number(element, "userid")),
        when(element, "timestamp"),
        Markup("") if did else source.text(words),
        did,
        source.around.group(number(element, "groupid")),
    )
