"""Which questions that come in are in the course's question bank already.

A category is the same by its stamp, a question by its stamp and version within a category that is the same, if
both are made of the same parts: then the parts, its answers, are the same one by one. Where a question came in
another form (`jobs.steps.matching.question_forms`) its version says nothing, and what both forms know of it is
compared instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from jobs.archive.ids.numbers import whole_number
from jobs.archive.questions import OLD_PATH
from jobs.archive.trees import Node, tree_for
from jobs.archive.xml import is_leaf, text_of
from jobs.archive.xml.leaves import target as target_of
from jobs.steps.matching.sides import Origin, Part, Side
from jobs.steps.selecting.bank import is_top

QUESTIONS = "questions.xml"
#: What of a question is named elsewhere: in slots, in attempts.
_NAMED = frozenset(("question_bank_entry", "question_versions", "question", "question_answer", "match"))
_CATEGORY, _MODULE = "40", "70"

#: What of a question both forms know and may differ all the same.
_UNCOMPARED = frozenset(
    ("version", "hidden", "idnumber", "timecreated", "timemodified", "createdby", "modifiedby")
)

Ids = tuple[tuple[str, int], ...]
#: The stamp of a category that the course has, and of a question its stamp and version.
Key = tuple[int, str, str]


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


@dataclass(frozen=True)
class _Comparing:
    """How questions are compared, and what of them is in which category that both sides have."""

    is_turned: bool
    #: Slot of a document -> the course's category.
    categories: dict[int, int]

    def versions(self, element: etree._Element, slot: int) -> Iterator[tuple[Key, etree._Element]]:
        """The versions of an entry, or the question itself as it was before Moodle 4.0; each with its key."""
        if slot not in self.categories:
            return
        category = self.categories[slot]
        if element.tag == "question":
            yield self._key(category, element, element), element
            return
        for version in element.iterfind("question_version/question_versions"):
            question = version.find("questions/question")
            yield self._key(category, version if question is None else question, version), version

    def of(self, entry: int, element: etree._Element, path: str) -> _Version:
        ids = tuple(_walk(element, _node(path, element)))
        if not self.is_turned:
            return _Version(entry, hash(tuple(str(one.tag) for one in element.iter(etree.Element))), ids)
        question = element if element.tag == "question" else element.find("questions/question")
        texts = () if question is None else tuple(_texts(question))
        return _Version(entry, hash((texts, tuple(kind for kind, _ in ids))), ids)

    def _key(self, category: int, question: etree._Element, version: etree._Element) -> Key:
        number = "" if self.is_turned else version.findtext("version") or ""
        return category, question.findtext("stamp") or "", number


def match_questions(
    incoming: Side, target: Side, known: dict[tuple[str, int], int], *, is_turned: bool
) -> tuple[int, int]:
    """Note in `known` what is the same; returns how many questions come in, and how many are there.

    Random ones only say what a slot draws from: they are not counted.
    """
    theirs, ours = incoming.skeleton(QUESTIONS), target.skeleton(QUESTIONS)
    if theirs is None:
        return 0, 0
    categories = _match_categories(theirs, ours, known, _outside(theirs, incoming.origin, target.origin))
    coming = _Comparing(is_turned, categories)
    wanted = {
        key for part in incoming.records(QUESTIONS) for key, _ in coming.versions(part.element, part.slot)
    }
    there = _there(target, ours, wanted, is_turned=is_turned) if wanted and ours is not None else {}
    count = reused = 0
    for part in incoming.records(QUESTIONS):
        is_same = _match_entry(part, coming, there, known)
        if part.element.findtext("qtype") != "random":
            count += 1
            reused += is_same
    return count, reused


def _match_categories(
    theirs: etree._Element, ours: etree._Element | None, known: dict[tuple[str, int], int], outside: set[int]
) -> dict[int, int]:
    """Slot of what comes in -> the course's category that it belongs to, if it is the same.

    `outside` are the contexts that belong to neither course, and so are the same by their ids.
    """
    mine = list(_categories(ours)) if ours is not None else []
    by_stamp = {(one.stamp, one.context): one.id for one, _ in mine if one.stamp}
    tops = {one.context: one.id for one, _ in mine if one.is_top}
    coming = list(_categories(theirs))
    shared = {one.context for one, _ in coming if (one.stamp, one.context) in by_stamp} & outside
    shared |= {one.context for one, _ in mine if one.level == _CATEGORY} & outside
    known |= {("context", context): context for context in shared}
    slots: dict[int, int] = {}
    for category, own_slots in coming:
        context = known.get(("context", category.context), 0)
        same = tops.get(context) if category.is_top else by_stamp.get((category.stamp, context))
        if same is not None:
            known["question_category", category.id] = same
            slots |= dict.fromkeys(own_slots, same)
    return slots


def _outside(theirs: etree._Element, incoming: Origin, target: Origin) -> set[int]:
    """The contexts of what comes in that are of the site's course categories, or of banks in other courses.

    Since Moodle 5.0 a quiz may ask questions of any activity that is a bank (mod/qbank).
    """
    if incoming.site != target.site:
        return set()
    found = set()
    for category in theirs.iterfind("question_category"):
        level, instance = (
            category.findtext("contextlevel"),
            whole_number(category.findtext("contextinstanceid")),
        )
        if level == _CATEGORY or (level == _MODULE and instance not in incoming.modules):
            found.add(whole_number(category.findtext("contextid")) or 0)
    return found


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


def _there(
    target: Side, skeleton: etree._Element, wanted: set[Key], *, is_turned: bool
) -> dict[Key, _Version]:
    """The versions that the course has of the questions that come in."""
    slots = {slot: category.id for category, own in _categories(skeleton) for slot in own}
    comparing, found = _Comparing(is_turned, slots), {}
    for part in target.records(QUESTIONS):
        entry = whole_number(part.element.get("id")) or 0
        for key, element in comparing.versions(part.element, part.slot):
            if key in wanted:
                found[key] = comparing.of(entry, element, part.path)
    return found


def _match_entry(
    part: Part, comparing: _Comparing, there: dict[Key, _Version], known: dict[tuple[str, int], int]
) -> bool:
    """Note that an entry is the same, with all its versions; false if it is not."""
    versions = list(comparing.versions(part.element, part.slot))
    same = [there.get(key) for key, _ in versions]
    entries = {one.entry for one in same if one is not None}
    if not versions or None in same or len(entries) != 1:
        return False
    pairs: dict[tuple[str, int], int] = {}
    for mine, (_, version) in zip(same, versions, strict=True):
        its = comparing.of(0, version, part.path)
        if mine is None or mine.shape != its.shape or len(mine.ids) != len(its.ids):
            return False
        pairs |= {old: number for old, (_, number) in zip(its.ids, mine.ids, strict=True)}
    known |= pairs
    if part.element.tag != "question":
        known["question_bank_entry", whole_number(part.element.get("id")) or 0] = entries.pop()
    return True


def _node(path: str, element: etree._Element) -> Node | None:
    inner = "" if element.tag == "question" else "/question_version/question_versions"
    return tree_for("", QUESTIONS).node(path + inner)


def _texts(question: etree._Element) -> Iterator[tuple[str, str]]:
    """What a question says, by what both forms know of it: its own leaves, and its answers."""
    for leaf in question:
        if is_leaf(leaf) and leaf.tag not in _UNCOMPARED and leaf.tag != "parent":
            yield str(leaf.tag), text_of(leaf) or ""
    for answer in question.iter("answer"):
        for leaf in answer:
            yield str(leaf.tag), text_of(leaf) or ""
    for pair in question.iter("match"):
        yield pair.findtext("questiontext") or "", pair.findtext("answertext") or ""
    node = tree_for("", QUESTIONS).node(OLD_PATH)
    known = node.children if node else {}
    for part in question.iterchildren(etree.Element):
        if (
            not is_leaf(part)
            and part.tag not in known
            and (text := "".join(map(str, part.itertext())).strip())
        ):
            yield str(part.tag), text  # what nobody has declared


def _walk(element: etree._Element, node: Node | None) -> Iterator[tuple[str, int]]:
    number = whole_number(element.get("id"))
    if node is not None and node.kind in _NAMED and number:
        yield node.kind, number
    for child in element.iterchildren(etree.Element):
        known = node.children.get(child.tag) if node else None
        if known is not None:
            yield from _walk(child, known)
