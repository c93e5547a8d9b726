"""What documents refer to: for the inforef.xml beside them, and for finding ids that are still free."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from jobs.archive.ids.availability import LEAVES, conditions
from jobs.archive.ids.mentions import participants_in
from jobs.archive.ids.person_names import names_person
from jobs.archive.trees import Leaf, Node, Tree
from jobs.archive.xml import is_leaf, text_of
from jobs.archive.xml.writing import Output

# Moodle 4.5 backup/util/helper/backup_helper.class.php get_inforef_itemnames, in the order it writes them.
KINDS = (
    "user",
    "grouping",
    "group",
    "role",
    "file",
    "scale",
    "outcome",
    "grade_item",
    "question_category",
    "question_bank_entry",
)

# A category from whose subcategories a random slot draws as well. Not for inforef.xml: its own id is there.
WITH_SUBCATEGORIES = "question_category_tree"
# A question of an attempt, or of a slot before Moodle 4.0, whose inforef.xml names its category alone.
QUESTION = "question"
_NOTED = frozenset((*KINDS, WITH_SUBCATEGORIES, QUESTION))

# What restricts an activity before Moodle 2.7 names a grade item of another one: no Moodle lists it, as in conditions.
_NOT_LISTED = frozenset(("gradeitemid",))

_BOUND = 10**15  # from here on numbers only look like ids
_NUMBER = re.compile(r"[0-9]{1,16}")
_UNDECLARED = {"groupid": "group", "groupingid": "grouping", "roleid": "role", "scaleid": "scale"}


def references_in(element: etree._Element, path: str, tree: Tree) -> Iterator[tuple[str, int]]:
    """Yield what a record or a skeleton refers to, as pairs of a kind and an id, for `write_inforef`.

    Beside `KINDS` that is QUESTION and WITH_SUBCATEGORIES. Not among them is what only other documents know,
    and a Moodle lists as well: the files, found by where they lie; the groups in each grouping; the categories,
    up to the top, of each entry of the question bank. Slots that were not filled say nothing.
    """
    return _references(element, tree.node(path))


def _references(element: etree._Element, node: Node | None) -> Iterator[tuple[str, int]]:
    if node is not None and node.kind == "grade_item":
        # A folder's inforef also names the grade items that its own grades.xml defines.
        yield from _id("grade_item", element.get("id"))
    for child in element.iterchildren(etree.Element):
        known = node.children.get(child.tag) if node else None
        if known is not None or not is_leaf(child):
            yield from _references(child, known)
        else:
            leaf = node.leaves.get(child.tag) if node else None
            if leaf is None:
                kind = "user" if names_person(child.tag) else _UNDECLARED.get(child.tag)
                yield from _id(kind, text_of(child))
            else:
                yield from leaf_references(leaf, text_of(child), element.findtext("questioncategoryid"))


def leaf_references(leaf: Leaf, text: str | None, category: str | None) -> Iterator[tuple[str, int]]:
    """Yield what a declared leaf refers to; `category` is what stands beside it as questioncategoryid."""
    if leaf.name in LEAVES:
        yield from _groups(text or "")
    elif leaf.name == "includingsubcategories" and text == "1":
        yield from _id(WITH_SUBCATEGORIES, category)  # a random slot of Moodle 3.x
    elif leaf.within == "json" and leaf.refers_to == "question_category":
        yield from _category_ids(text or "")
    elif leaf.within == "json" and leaf.refers_to == "user":
        for number in participants_in(text or ""):
            yield from _id("user", str(number))
    elif leaf.within is None and leaf.name not in _NOT_LISTED:
        yield from _id(leaf.refers_to, text, before="-" if leaf.is_negative else "")


def _id(kind: str | None, text: str | None, before: str = "") -> Iterator[tuple[str, int]]:
    if kind in _NOTED and text and text.startswith(before):
        digits = text.removeprefix(before)
        if _NUMBER.fullmatch(digits) and 0 < int(digits) < _BOUND:
            yield kind, int(digits)


def _groups(text: str) -> Iterator[tuple[str, int]]:
    """Yield the groups and groupings that an activity or a section is restricted to."""
    for condition in conditions(text):
        if condition["type"] in ("group", "grouping"):
            yield from _id(condition["type"], str(condition.get("id")))


def _category_ids(text: str) -> Iterator[tuple[str, int]]:
    """Yield the categories that a random slot draws from (Moodle 4.3 filter.category, before it one id)."""
    try:
        condition = json.loads(text)
    except (ValueError, RecursionError):
        return
    chosen = _at(condition, "filter", "category", "values")
    deep = str(_at(condition, "includingsubcategories")) == "1"
    deep |= _at(condition, "filter", "category", "filteroptions", "includesubcategories") in (True, 1, "1")
    for value in (_at(condition, "questioncategoryid"), *(chosen if isinstance(chosen, list) else ())):
        yield from _id("question_category", str(value))
        if deep:
            yield from _id(WITH_SUBCATEGORIES, str(value))


def _at(value: object, *keys: str) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def write_inforef(out: Output, references: Mapping[str, Iterable[int]]) -> None:
    """Write inforef.xml: of each kind in `KINDS` that has any, the ids in the order given."""
    out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<inforef>')
    for kind in KINDS:
        ids = [
            f"\n    <{kind}>\n      <id>{number}</id>\n    </{kind}>" for number in references.get(kind, ())
        ]
        if ids:
            out.write(f"\n  <{kind}ref>{''.join(ids)}\n  </{kind}ref>".encode())
    out.write(b"\n</inforef>")


def highest_id(element: etree._Element) -> int:
    """Return the largest id in the element, 0 if there is none, so that something new can have the next one."""
    texts = (text for node in element.iter(etree.Element) for text in _id_texts(node))
    numbers = (int(text) for text in texts if _NUMBER.fullmatch(text))
    return max((number for number in numbers if number < _BOUND), default=0)


def _id_texts(element: etree._Element) -> Iterator[str]:
    """Yield what stands in id-like attributes and leaves: id, userid, and the list in sequence."""
    for name, value in element.items():
        if str(name).endswith("id"):
            yield str(value)
    if not len(element) and element.tag.endswith(("id", "sequence")):
        yield from (element.text or "").split(",")
