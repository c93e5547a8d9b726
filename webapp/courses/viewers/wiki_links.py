"""Links between the pages of a wiki, as people type them: [[Boats]], [[Boats|our boats]], [[Boats#Names]].

Moodle 4.5 mod/wiki/parser: a page is named by its title; one that is not there is offered to be written. What Moodle
has made of a text (`cachedcontent`) links to its own pages for that, and for changing a part of the page.
"""

from __future__ import annotations

import html
import re
from functools import cached_property

from jobs.archive.ids.tokens import item_token
from jobs.language import gettext as _
from webapp.courses.viewers.documents import Source

PAGES = "subwikis/subwiki/pages/page"
#: A tag, in which nothing is a link, or what is a link. Names are at most 255 letters, words may be more.
_LINK = re.compile(r"<[^>]*>|\[\[([^\[\]<>\n]{1,600})\]\]")
_ANCHOR = re.compile(r"<a\b([^>]*)>((?:[^<]|<(?!/?a\b))*+)</a>", re.IGNORECASE)


class WikiLinks:
    """Makes the links of one wiki; knows its pages, which it asks for at the first link."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def linked(self, text: str, slot: int) -> str:
        """The HTML of a page with links to the others of its own wiki, whose pages have this slot."""

        def link(found: re.Match[str]) -> str:
            return self._link(html.unescape(found[1]), slot) if found[1] else found[0]

        return (
            _LINK.sub(link, _ANCHOR.sub(_without_ways_to_write, text))
            if "[[" in text or "wiki_" in text
            else text
        )

    def _link(self, typed: str, slot: int) -> str:
        name, _bar, words = (one.strip() for one in typed.partition("|"))
        title = name.partition("#")[0].strip() if "://" not in name else name
        shown = html.escape(words or name)
        if title.startswith(("http://", "https://")):
            return f'<a href="{html.escape(title)}">{shown}</a>'
        page = self._pages.get((slot, title.casefold()))
        if page is None:
            return _not_there(shown)
        return f'<a href="{item_token("wiki", 0, page)}">{shown}</a>'

    @cached_property
    def _pages(self) -> dict[tuple[int, str], int]:
        heads = self._source.heads(PAGES, "title")
        return {(slot, title.casefold()): moodle_id for slot, moodle_id, title in heads}


def in_lines(text: str) -> str:
    """A text that is not HTML as it was typed."""
    return "<br>".join(html.escape(line) for line in text.strip().splitlines())


def _without_ways_to_write(anchor: re.Match[str]) -> str:
    if "wiki_newentry" in anchor[1]:
        return _not_there(anchor[2])
    return "" if "wiki_edit_section" in anchor[1] else anchor[0]


def _not_there(shown: str) -> str:
    return _("%(page)s (not there yet)", page=f"<em>{shown}</em>")
