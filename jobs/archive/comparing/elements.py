"""Compares two elements: names, attributes, order, texts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from jobs.archive.comparing.model import ADDED, CHANGED, LOST, MOVED
from jobs.archive.comparing.terms import FILE, Terms
from jobs.archive.comparing.texts import differ_in_ids, differ_in_people, is_id_name, is_number
from jobs.archive.ids.person_names import is_personal_name, names_person
from jobs.archive.persons.people import is_user_data
from jobs.archive.trees import Leaf, Node, Tree

#: Of a file that somebody handed in, what may hold their name.
_NAMES_OF_FILES = frozenset({"filename", "filepath", "source"})


@dataclass
class Found:
    """What a comparison of two elements says: what differs (how, where, before, after), and which ids became which."""

    differences: list[tuple[str, str, str | None, str | None]] = field(default_factory=list)
    ids: list[tuple[str, str, str]] = field(default_factory=list)
    elements: int = 0
    disguised: int = 0


def compare_elements(
    before: etree._Element, after: etree._Element, path: str, tree: Tree, terms: Terms, filename: str
) -> Found:
    """Compare two records or skeletons of documents of this name."""
    theirs = terms.anonymised and is_user_data(before, path, tree)
    comparing = _Comparing(terms, filename, Found(), theirs)
    comparing.element(before, after, path, tree.node(path))
    return comparing.found


@dataclass
class _Comparing:
    terms: Terms
    filename: str
    found: Found
    #: Whether all of it is somebody's, who is called otherwise in the second.
    is_somebodys: bool

    def element(self, before: etree._Element, after: etree._Element, path: str, node: Node | None) -> None:
        self.found.elements += 1
        self._attributes(before, after, path, node)
        ours, theirs = _children(before), _children(after)
        if not ours and not theirs and node is None:
            self._leaf(before, after, path, None)
            return
        for one, other in self._paired(ours, theirs, path):
            tag = str(one.tag)
            known = node.children.get(tag) if node else None
            leaf = node.leaves.get(tag) if node else None
            below = f"{path}/{tag}"
            if known is None and not len(one) and not len(other):
                self.found.elements += 1
                self._attributes(one, other, below, None)
                if not self.terms.is_own(self.filename, below):
                    self._leaf(one, other, below, leaf)
            else:
                self.element(one, other, below, known)
        self._words_between(before, after, path)

    def _paired(
        self, ours: list[etree._Element], theirs: list[etree._Element], path: str
    ) -> Iterator[tuple[etree._Element, etree._Element]]:
        tags, others = [str(one.tag) for one in ours], [str(one.tag) for one in theirs]
        if tags == others:
            yield from zip(ours, theirs, strict=True)
            return
        for tag, number in (Counter(tags) - Counter(others)).items():
            self._differ(LOST, f"{path}/{tag}", str(number), None)
        full = [str(one.tag) for one in theirs if holds_something(one)]
        for tag, number in (Counter(full) - Counter(tags)).items():
            if not self.terms.is_own(self.filename, f"{path}/{tag}"):
                self._differ(ADDED, f"{path}/{tag}", None, str(number))
        if sorted(tags) == sorted(others):
            self._differ(MOVED, path, " ".join(tags), " ".join(others))
        for one in ours:
            if (other := next((each for each in theirs if each.tag == one.tag), None)) is not None:
                theirs.remove(other)
                yield one, other

    def _attributes(
        self, before: etree._Element, after: etree._Element, path: str, node: Node | None
    ) -> None:
        for name in dict.fromkeys([*map(str, before.keys()), *map(str, after.keys())]):
            old, new = before.get(name), after.get(name)
            kind = node.attributes.get(name) if node else "user" if names_person(name) else None
            if old is None or new is None:
                self._differ(LOST if new is None else ADDED, f"{path}@{name}", old, new)
            elif (kind or is_id_name(name)) and is_number(old) and is_number(new):
                self._id(kind or name, old, new, f"{path}@{name}")
            elif old != new:
                self._differ(CHANGED, f"{path}@{name}", old, new)

    def _leaf(self, before: etree._Element, after: etree._Element, path: str, leaf: Leaf | None) -> None:
        old, new = before.text or "", after.text or ""
        if leaf is None and not (old + new).strip():
            return  # nobody has said that it is a leaf: one that holds nothing may be written on two lines
        kind = self._kind(str(before.tag), leaf)
        minus = "-" if leaf and leaf.is_negative else ""  # a scale; elsewhere such a number is no id
        ids = old.removeprefix(minus), new.removeprefix(minus)
        if kind and ids[0].isdigit() and ids[1].isdigit() and old.startswith("-") == new.startswith("-"):
            self._id(kind, *ids, path)
        elif old != new and not self._may_differ(before, old, new, path, leaf):
            self._differ(CHANGED, path, old, new)

    def _kind(self, tag: str, leaf: Leaf | None) -> str | None:
        """The kind of the id in a leaf, if that is what it holds."""
        if leaf is not None:
            return leaf.refers_to if leaf.within is None else None
        return "user" if names_person(tag) else None

    def _id(self, kind: str, old: str, new: str, place: str) -> None:
        if old != "0" or new != "0":
            self.found.ids.append((kind, old, new))
        disguises = self.terms.anonymised and kind in ("user", "context")
        if old != new and not self.terms.renumbered and not disguises:
            self._differ(CHANGED, place, old, new)

    def _may_differ(self, element: etree._Element, old: str, new: str, path: str, leaf: Leaf | None) -> bool:
        if self.terms.anonymised and self._is_disguise(element, old, new, path, leaf):
            self.found.disguised += 1
            return True
        if not self.terms.renumbered:
            return False
        names_one = leaf is not None and leaf.refers_to == "user" and leaf.within is None
        if leaf is not None and names_one and old not in self.terms.people:
            return new == leaf.vacant  # somebody whom the first archive refers to, but does not have
        if is_number(old) and is_number(new):
            return is_id_name(str(element.tag))
        return differ_in_ids(old, new)

    def _is_disguise(self, element: etree._Element, old: str, new: str, path: str, leaf: Leaf | None) -> bool:
        tag = str(element.tag)
        if leaf:
            is_personal = leaf.is_personal or leaf.refers_to == "user"
        else:
            is_personal = is_personal_name(tag) or names_person(tag)
        in_file = path.startswith(FILE) and tag in _NAMES_OF_FILES
        return is_personal or in_file or self.is_somebodys or differ_in_people(old, new)

    def _words_between(self, before: etree._Element, after: etree._Element, path: str) -> None:
        ours = [(before.text or "").strip(), *((one.tail or "").strip() for one in before)]
        theirs = [(after.text or "").strip(), *((one.tail or "").strip() for one in after)]
        if [text for text in ours if text] != [text for text in theirs if text]:
            self._differ(CHANGED, path, " ".join(ours), " ".join(theirs))

    def _differ(self, what: str, place: str, before: str | None, after: str | None) -> None:
        self.found.differences.append((what, place, before, after))


def holds_something(element: etree._Element) -> bool:
    """Whether there is more in an element than the names of lists with nothing in them."""
    return any(one.attrib or (one.text or "").strip() for one in element.iter(etree.Element))


def _children(element: etree._Element) -> list[etree._Element]:
    return list(element.iterchildren(etree.Element))
