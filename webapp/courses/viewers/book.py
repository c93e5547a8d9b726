"""A book: its chapters as a list, and one of them to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree
from markupsafe import Markup

from webapp.courses.viewers.documents import Source
from webapp.courses.viewers.leaves import id_of, leaf, number


@dataclass(frozen=True)
class Chapter:
    id: int
    title: str
    is_inner: bool
    is_hidden: bool
    #: "2.1", where the book numbers its chapters.
    label: str = ""


@dataclass(frozen=True)
class Book:
    chapters: list[Chapter]
    #: The one that is open, and its neighbours.
    open: Chapter | None
    text: Markup
    tags: list[str]
    before: Chapter | None
    after: Chapter | None


def book(source: Source) -> Book:
    chapters = _chapters(source)
    found = (place for place, one in enumerate(chapters) if one.id == source.asked.item)
    place = next(found, 0)
    if not chapters:
        return Book([], None, Markup(""), [], None, None)
    chosen = chapters[place]
    return Book(
        chapters,
        chosen,
        _text(source, chosen),
        [
            leaf(tag, "rawname")
            for tag in source.own.iterfind("chaptertags/tag")
            if number(tag, "itemid") == chosen.id
        ],
        chapters[place - 1] if place else None,
        chapters[place + 1] if place + 1 < len(chapters) else None,
    )


def _text(source: Source, chapter: Chapter) -> Markup:
    element = source.one("chapters/chapter", chapter.id)
    if element is None:
        return Markup("")
    return source.html(element, "content", "mod_book", "chapter", chapter.id)


def _chapters(source: Source) -> list[Chapter]:
    """The chapters in their order; one that its teacher has hidden is not for pupils."""
    read = [(number(one, "pagenum"), _chapter(one)) for one in source.all("chapters/chapter")]
    ordered = [chapter for _place, chapter in sorted(read, key=lambda pair: pair[0])]
    shown = [one for one in ordered if source.with_people or not one.is_hidden]
    # Moodle 4.5 mod/book/lib.php BOOK_NUM_NUMBERS.
    return list(_numbered(shown)) if number(source.own, "numbering") == 1 else shown


def _chapter(element: etree._Element) -> Chapter:
    is_hidden = leaf(element, "hidden") not in ("", "0")
    return Chapter(id_of(element), leaf(element, "title"), number(element, "subchapter") == 1, is_hidden)


def _numbered(chapters: list[Chapter]) -> Iterator[Chapter]:
    outer = inner = 0
    for one in chapters:
        if one.is_hidden:
            yield one
        elif one.is_inner:
            inner += 1
            yield replace(one, label=f"{outer}.{inner}")
        else:
            outer, inner = outer + 1, 0
            yield replace(one, label=f"{outer}.")
