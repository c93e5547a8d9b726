"""A glossary: its entries by the alphabet, with their categories."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from webapp.courses.viewers.comments import Comment, comments_of
from webapp.courses.viewers.documents import MOST_READ, Pages, Source, slots_of
from webapp.courses.viewers.leaves import id_of, leaf, number, when
from webapp.courses.viewers.names import Name
from webapp.courses.viewers.tags import tags_of
from webapp.models import CourseFile

_ENTRIES = "entries/entry"


@dataclass(frozen=True)
class Entry:
    id: int
    concept: str
    definition: Markup
    who: Name
    at: int | None
    aliases: list[str]
    categories: list[str]
    tags: list[str]
    files: list[CourseFile]
    ratings: str
    is_waiting: bool
    comments: list[Comment]


@dataclass(frozen=True)
class Glossary:
    categories: list[str]
    entries: list[Entry]
    pages: Pages
    #: Whether there are so many that they stand in the archive's order.
    unsorted: bool
    with_people: bool


def glossary(source: Source) -> Glossary:
    pages = source.pages(_ENTRIES)
    names = [leaf(one, "name") for one in source.own.iterfind("categories/category")]
    unsorted = pages.total > MOST_READ
    elements = list(source.page_of(_ENTRIES, pages)) if unsorted else _sorted_page(source, pages)
    return Glossary(names, _entries(source, elements), pages, unsorted, source.with_people)


def _sorted_page(source: Source, pages: Pages) -> list[etree._Element]:
    heads = source.heads(_ENTRIES, "concept")
    order = sorted((_key(concept), moodle_id) for _slot, moodle_id, concept in heads)
    ids = [moodle_id for _concept, moodle_id in order[pages.first : pages.first + pages.rows]]
    found = source.some(_ENTRIES, ids)
    return [found[one] for one in ids if one in found]


def _key(concept: str) -> str:
    """A word as the alphabet sees it: "Écluse" stands by E."""
    return "".join(
        one for one in unicodedata.normalize("NFKD", concept) if not unicodedata.combining(one)
    ).casefold()


def _entries(source: Source, elements: Iterable[etree._Element]) -> list[Entry]:
    elements = list(elements)
    ids = [id_of(one) for one in elements]
    files = source.files("mod_glossary", "attachment", ids)
    tags = tags_of(source, "entriestags/tag", ids)
    categories = _categories(source, ids)
    comments = comments_of(source, "glossary_entry", ids)
    return [
        Entry(
            id_of(one),
            leaf(one, "concept") or "?",
            source.html(one, "definition", "mod_glossary", "entry", id_of(one)),
            source.person(number(one, "userid")),
            when(one, "timemodified") or when(one, "timecreated"),
            [leaf(alias, "alias_text") for alias in one.iterfind("aliases/alias")],
            categories[id_of(one)],
            tags[id_of(one)],
            files[id_of(one)],
            source.around.ratings(one),
            leaf(one, "approved") == "0",
            comments[id_of(one)],
        )
        for one in elements
    ]


def _categories(source: Source, ids: Iterable[int]) -> dict[int, list[str]]:
    """The names of the categories that entries are in, by the entries' ids."""
    wanted = set(ids)
    by_slot = {
        slot: leaf(category, "name")
        for category in source.own.iterfind("categories/category")
        for slot in slots_of(category)
    }
    names: dict[int, list[str]] = defaultdict(list)
    for slot, link in source.with_slots("categories/category/category_entries/category_entry"):
        entry = number(link, "entryid")
        if entry in wanted and slot in by_slot:
            names[entry].append(by_slot[slot])
    return names
