"""A wiki: its pages as they were last, with the versions before.

Moodle 4.5 mod/wiki: a page has a version for each time it was saved, the first of them empty. Pages that are
not written in HTML are kept a second time as HTML in `cachedcontent`.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from jobs.language import gettext as _
from webapp.courses.viewers.comments import Comment, comments_of
from webapp.courses.viewers.documents import Pages, Source, slots_of
from webapp.courses.viewers.leaves import id_of, leaf, number, when
from webapp.courses.viewers.names import Name
from webapp.courses.viewers.wiki_links import PAGES, WikiLinks, in_lines
from webapp.models import CourseFile

#: Pages of the wiki on one page of ours, and versions of one.
ROWS, VERSIONS = 20, 50


@dataclass(frozen=True)
class Version:
    number: int
    who: Name
    at: int | None
    text: Markup


@dataclass(frozen=True)
class WikiPage:
    id: int
    title: str
    #: Whose wiki it is in, where each group or person has one.
    group: str
    owner: Name | None
    newest: Version
    #: How many versions were before the newest, and those on the page of them that is asked for.
    before: int
    older: list[Version]
    paging: Pages
    tags: list[str]
    comments: list[Comment]


@dataclass(frozen=True)
class Wiki:
    first: str
    kind: str
    pages: list[WikiPage]
    paging: Pages
    #: The one page that is asked for, with its versions.
    page: WikiPage | None
    files: list[CourseFile]
    with_people: bool


def wiki(source: Source) -> Wiki:
    own = source.own
    kind = _("Everybody has one") if leaf(own, "wikimode") == "individual" else _("All write together")
    subwikis = list(own.iterfind("subwikis/subwiki"))
    paging = source.pages(PAGES, rows=ROWS)
    reader = _Reader(source, {slot: one for one in subwikis for slot in slots_of(one)})
    page = reader.asked()
    pages = [] if page else reader.pages(paging)
    files = source.files("mod_wiki", "attachments", map(id_of, subwikis))
    shown = [row for rows in files.values() for row in rows] if source.with_people and not page else []
    return Wiki(leaf(own, "firstpagetitle"), kind, pages, paging, page, shown, source.with_people)


class _Reader:
    """Reads pages with the wiki that each is in, by the slot in which it stands."""

    def __init__(self, source: Source, subwikis: dict[int, etree._Element]) -> None:
        self._source = source
        self._subwikis = subwikis
        self._links = WikiLinks(source)

    def pages(self, paging: Pages) -> list[WikiPage]:
        found = self._source.with_slots(PAGES, limit=ROWS, after=paging.first, cut=True)
        return [self._page(one, slot) for slot, one in found]

    def asked(self) -> WikiPage | None:
        """The one page that is asked for, if any."""
        item = self._source.asked.item
        element = self._source.one(PAGES, item, cut=True) if item else None
        if item is None or element is None:
            return None
        return self._page(element, self._source.slot_of(PAGES, item), alone=True)

    def _page(self, page: etree._Element, slot: int, *, alone: bool = False) -> WikiPage:
        source, subwiki = self._source, self._subwikis.get(slot)
        versions = source.inside(page, "versions")
        order = sorted(
            ((number(one, "version"), id_of(one), bool(leaf(one, "content"))) for one in versions),
            reverse=True,
        )
        newest = order[0][1] if order else 0
        written = [moodle_id for _number, moodle_id, is_written in order[1:] if is_written]
        paging = Pages(max(1, source.asked.page if alone else 1), len(written), VERSIONS)
        before = written[paging.first : paging.first + VERSIONS] if alone else []
        found = versions.some([newest, *before])
        owner = number(subwiki, "userid")
        return WikiPage(
            id_of(page),
            leaf(page, "title") or _("A page"),
            source.around.group(number(subwiki, "groupid")),
            source.person(owner) if owner else None,
            # Alone on its page it stands below the second heading, in the list below the third.
            self._version(found.get(newest, page), slot, leaf(page, "cachedcontent"), top=3 if alone else 4),
            len(written),
            [self._version(found[one], slot, top=3) for one in before if one in found],
            paging,
            [leaf(one, "rawname") for one in page.iterfind("tags/tag")],
            comments_of(source, "wiki_page", [id_of(page)])[id_of(page)] if alone else [],
        )

    def _version(self, version: etree._Element, slot: int, cached: str = "", *, top: int) -> Version:
        written = leaf(version, "content")
        html = written if leaf(version, "contentformat") in ("html", "") else ""
        # Other ways of writing than HTML are shown as they were typed, unless Moodle kept them as HTML too.
        text = self._links.linked(html or cached or in_lines(written), slot)
        subwiki = self._subwikis.get(slot)
        area = ("mod_wiki", "attachments", id_of(subwiki) if subwiki is not None else 0)
        return Version(
            number(version, "version"),
            self._source.person(number(version, "userid")),
            when(version, "timecreated"),
            self._source.text(text, 1, area, top=top),
        )
