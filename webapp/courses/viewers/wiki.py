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
from webapp.models import CourseFile

#: Pages of the wiki on one page of ours, and versions that are shown of one.
ROWS = 20
MOST_VERSIONS = 50
_PAGES = "subwikis/subwiki/pages/page"


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
    #: How many versions were before the newest, and those that are shown.
    before: int
    older: list[Version]
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
    subwikis = {slot: one for one in own.iterfind("subwikis/subwiki") for slot in slots_of(one)}
    paging = source.pages(_PAGES, rows=ROWS)
    page = _asked(source, subwikis)
    pages = (
        []
        if page
        else [
            _page(source, one, subwikis.get(slot))
            for slot, one in source.with_slots(_PAGES, limit=ROWS, after=paging.first)
        ]
    )
    files = source.files("mod_wiki", "attachments", [id_of(one) for one in own.iterfind("subwikis/subwiki")])
    shown = [row for rows in files.values() for row in rows] if source.with_people and not page else []
    return Wiki(leaf(own, "firstpagetitle"), kind, pages, paging, page, shown, source.with_people)


def _asked(source: Source, subwikis: dict[int, etree._Element]) -> WikiPage | None:
    item = source.asked.item
    element = source.one(_PAGES, item) if item else None
    if item is None or element is None:
        return None
    return _page(source, element, subwikis.get(source.slot_of(_PAGES, item)), with_older=True)


def _page(
    source: Source, page: etree._Element, subwiki: etree._Element | None, *, with_older: bool = False
) -> WikiPage:
    versions = sorted(page.iterfind("versions/version"), key=lambda one: number(one, "version"), reverse=True)
    newest, *older = versions or [page]
    written = [one for one in older if leaf(one, "content")]
    owner, place = number(subwiki, "userid"), id_of(subwiki) if subwiki is not None else 0
    return WikiPage(
        id_of(page),
        leaf(page, "title") or _("A page"),
        source.around.group(number(subwiki, "groupid")),
        source.person(owner) if owner else None,
        # Alone on its page it stands below the second heading, in the list below the third.
        _version(source, newest, place, leaf(page, "cachedcontent"), top=3 if with_older else 4),
        len(written),
        [_version(source, one, place, top=3) for one in written[:MOST_VERSIONS]] if with_older else [],
        [leaf(one, "rawname") for one in page.iterfind("tags/tag")],
        comments_of(source, "wiki_page", [id_of(page)])[id_of(page)] if with_older else [],
    )


def _version(source: Source, version: etree._Element, subwiki: int, cached: str = "", *, top: int) -> Version:
    written = leaf(version, "content")
    html = written if leaf(version, "contentformat") in ("html", "") else ""
    text = html or cached
    area = ("mod_wiki", "attachments", subwiki)
    return Version(
        number(version, "version"),
        source.person(number(version, "userid")),
        when(version, "timecreated"),
        # Other ways of writing than HTML are shown as they were typed, unless Moodle kept them as HTML too.
        source.text(text, 1, area, top=top) if text else source.text(written, 2),
    )
