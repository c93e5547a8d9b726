"""Which questions that come in are in the course's question bank already.

A category is the same by its stamp, a question by its stamp and version within a category that is the same, if
both are made of the same parts: then the parts, its answers, are the same one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from jobs.archive.trees import Node, tree_for
from jobs.archive.xml.leaves import target as target_of
from jobs.steps.documents import whole_number
from jobs.steps.sides import Side

QUESTIONS = "questions.xml"
#: What of a question is named elsewhere: in slots, in attempts.
_NAMED = frozenset(("question_bank_entry", "question_versions", "question", "question_answer", "match"))
_SYSTEM, _CATEGORY = "10", "40"

Ids = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Category:
    id: int
    stamp: str
    context: int
    level: str
    is_top: bool


@dataclass(frozen=True)
class _Version:
    """One version of a question that the course has."""

    entry: int
    shape: int
    ids: Ids


def match_questions(incoming: Side, target: Side, known: dict[tuple[str, int], int]) -> tuple[int, int]:
    """Note in `known` what is the same; returns how many questions come in, and how many are there."""
    theirs, ours = incoming.skeleton(QUESTIONS), target.skeleton(QUESTIONS)
    if theirs is None:
        return 0, 0
    categories = _match_categories(theirs, ours, known, incoming.origin.site == target.origin.site)
    wanted = {
        key
        for part in incoming.records(QUESTIONS)
        for key, _ in _versions(part.element, part.slot, categories)
    }
    there = _there(target, ours, wanted) if wanted and ours is not None else {}
    count = reused = 0
    for part in incoming.records(QUESTIONS):
        count += 1
        reused += _match_entry(part.element, part.path, part.slot, categories, there, known)
    return count, reused


def _match_categories(
    theirs: etree._Element, ours: etree._Element | None, known: dict[tuple[str, int], int], same_site: bool
) -> dict[int, int]:
    """Slot of what comes in -> the course's category that it belongs to, if it is the same."""
    mine = list(_categories(ours)) if ours is not None else []
    by_stamp = {(one.stamp, one.context): one.id for one, _ in mine if one.stamp}
    tops = {one.context: one.id for one, _ in mine if one.is_top}
    shared = {one.context for one, _ in mine if one.level == _CATEGORY} if same_site else set()
    slots: dict[int, int] = {}
    for category, own_slots in _categories(theirs):
        if category.context in shared and category.level == _CATEGORY:
            known["context", category.context] = category.context
        context = known.get(("context", category.context), 0)
        same = tops.get(context) if category.is_top else by_stamp.get((category.stamp, context))
        if same is not None:
            known["question_category", category.id] = same
            slots |= dict.fromkeys(own_slots, same)
    return slots


def _categories(root: etree._Element) -> Iterator[tuple[_Category, list[int]]]:
    for element in root.iterfind("question_category"):
        places = (node for node in element.iter(etree.ProcessingInstruction) if target_of(node) == "rows")
        category = _Category(
            id=whole_number(element.get("id")) or 0,
            stamp=element.findtext("stamp") or "",
            context=whole_number(element.findtext("contextid")) or 0,
            level=element.findtext("contextlevel") or "",
            is_top=is_top(element),
        )
        yield category, [int(place.text or 0) for place in places]


def is_top(category: etree._Element) -> bool:
    """Whether it is the one at the top of its context (Moodle 3.5 and newer)."""
    return category.findtext("parent") == "0" and category.findtext("name") == "top"


def _there(
    target: Side, skeleton: etree._Element, wanted: set[tuple[int, str, str]]
) -> dict[tuple[int, str, str], _Version]:
    """The versions that the course has of the questions that come in."""
    slots = {slot: category.id for category, own in _categories(skeleton) for slot in own}
    found = {}
    for part in target.records(QUESTIONS):
        entry = whole_number(part.element.get("id")) or 0
        for key, element in _versions(part.element, part.slot, slots):
            if key in wanted:
                ids = _ids(element, _node(part.path, element))
                found[key] = _Version(entry, _shape(element), ids)
    return found


def _versions(
    element: etree._Element, slot: int, categories: dict[int, int]
) -> Iterator[tuple[tuple[int, str, str], etree._Element]]:
    """The versions of an entry, or the question itself as it was before Moodle 4.0; each with its key."""
    if slot not in categories:
        return
    if element.tag == "question":
        yield (categories[slot], element.findtext("stamp") or "", element.findtext("version") or ""), element
        return
    for version in element.iterfind("question_version/question_versions"):
        stamp = version.findtext("questions/question/stamp") or ""
        yield (categories[slot], stamp, version.findtext("version") or ""), version


def _match_entry(
    element: etree._Element,
    path: str,
    slot: int,
    categories: dict[int, int],
    there: dict[tuple[int, str, str], _Version],
    known: dict[tuple[str, int], int],
) -> bool:
    """Note that an entry is the same, with all its versions; false if it is not."""
    versions = list(_versions(element, slot, categories))
    same = [there.get(key) for key, _ in versions]
    entries = {one.entry for one in same if one is not None}
    if not versions or None in same or len(entries) != 1:
        return False
    pairs: dict[tuple[str, int], int] = {}
    for one, (_, version) in zip(same, versions, strict=True):
        ids = _ids(version, _node(path, version))
        if one is None or one.shape != _shape(version) or len(one.ids) != len(ids):
            return False
        pairs |= {old: number for old, (_, number) in zip(ids, one.ids, strict=True)}
    known |= pairs
    if element.tag != "question":
        known["question_bank_entry", whole_number(element.get("id")) or 0] = entries.pop()
    return True


def _node(path: str, element: etree._Element) -> Node | None:
    inner = "" if element.tag == "question" else "/question_version/question_versions"
    return tree_for("", QUESTIONS).node(path + inner)


def _shape(element: etree._Element) -> int:
    return hash(tuple(str(one.tag) for one in element.iter(etree.Element)))


def _ids(element: etree._Element, node: Node | None) -> Ids:
    """The ids of a question and its parts, in the order of the document."""
    return tuple(_walk(element, node))


def _walk(element: etree._Element, node: Node | None) -> Iterator[tuple[str, int]]:
    number = whole_number(element.get("id"))
    if node is not None and node.kind in _NAMED and number:
        yield node.kind, number
    for child in element.iterchildren(etree.Element):
        known = node.children.get(child.tag) if node else None
        if known is not None:
            yield from _walk(child, known)
