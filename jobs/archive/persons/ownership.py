"""Whose the user data in a document is, and taking out what some people did.

The leaf that names who did it says whose an element is; beside them it may name others, as a grade names who gave it.
What hangs on something that is taken out goes with it: the answers to a post, the grades of a piece of work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from jobs.archive.ids.item_kinds import kind_of_items
from jobs.archive.ids.numbers import whole
from jobs.archive.ids.own_ids import own_ids
from jobs.archive.ids.person_names import names_person
from jobs.archive.ids.refs import references_in
from jobs.archive.persons.people import is_somebodys, is_user_data
from jobs.archive.trees import Node, Tree
from jobs.archive.xml import is_leaf, text_of

#: Documents in which nobody works: what was noted of people, and what they may do.
ON_THE_SIDE = frozenset(("logs.xml", "logstores.xml", "roles.xml"))
#: The lists at the root are about no activity; who and what of them goes along is decided elsewhere.
_LISTS = frozenset(("users", "files"))

_PAGE = "wiki_page"
_MEMBER = "group_member"
_GRADED_BY_FORM = "grading_instance"
#: They stay in one piece, whoever else had a hand in it: a teacher grades a step of an attempt.
_ONE_PIECE = frozenset(("question_usage", _PAGE))
#: Moodle 4.5, the comment areas of its activities: what a comment is about.
_COMMENTED = {
    "database_entry": "data_record", "glossary_entry": "glossary_entry", "wiki_page": _PAGE,
    "submission_comments": "assign_submission",
}  # fmt: skip
#: A row of grades that says nothing is there for everybody who is enrolled.
_OF_A_GRADE = ("rawgrade", "finalgrade", "feedback")


@dataclass
class Parting:
    """Takes out of the documents of activities what some people did; and notes what it has met."""

    #: Whose work is taken out, by the ids of users.xml.
    people: Collection[int] = frozenset()
    #: The members of groups: what a group did is that of its members.
    groups: Mapping[int, frozenset[int]] = field(default_factory=dict)
    #: Who stays a member of a group; None for all.
    members: Collection[int] | None = None
    #: What was taken out, by kind. It grows until all documents have been gone through often enough.
    gone: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    #: Whose work was met and left in, and whose was taken out.
    kept: set[int] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)

    @property
    def size(self) -> int:
        """How much was taken out so far."""
        return sum(len(numbers) for numbers in self.gone.values())

    def take_out(self, element: etree._Element, path: str, tree: Tree, directory: str, name: str) -> bool:
        """Take it out of a record or a skeleton of a document, in place; false where nothing of that stays."""
        if path.partition("/")[0] in _LISTS:
            return True
        is_theirs = is_user_data(element, path, tree)
        if name in ON_THE_SIDE:
            return not (is_theirs and any(one in self.people for one in named_in(element, path, tree)))
        module = directory.partition("/")[2].partition("/")[0].rpartition("_")[0]
        return self._take_out(element, path, tree, module, is_theirs=is_theirs)

    def takes_file(self, component: str, area: str, itemid: int, uploader: int) -> bool:
        """Whether a file that is somebody's goes with what is taken out."""
        kind = kind_of_items(component, area)
        return itemid in self.gone[kind] if isinstance(kind, str) else uploader in self.people

    def _take_out(
        self, element: etree._Element, path: str, tree: Tree, module: str, *, is_theirs: bool
    ) -> bool:
        node = tree.node(path)
        if is_theirs and self._goes(element, node, module):
            for kind, number in own_ids(element, path, tree):
                self.gone[kind or ""].add(number)
            self.taken.update(self._workers_in(element, path, tree))
            return False
        if is_theirs:
            self.kept.update(self._workers(element, node))
        if node is not None and node.kind in _ONE_PIECE:
            return True
        # Directly below the root of what nobody has declared stand settings, whoever changed them last.
        are_settings = node is None and "/" not in path
        for child in [one for one in element.iterchildren(etree.Element) if not is_leaf(one)]:
            below = f"{path}/{child.tag}"
            theirs = is_theirs or (not are_settings and is_somebodys(child, tree.node(below)))
            if not self._take_out(child, below, tree, module, is_theirs=theirs):
                element.remove(child)
        return True

    def _goes(self, element: etree._Element, node: Node | None, module: str) -> bool:
        owners = self._owners(element, node)
        if node is not None and node.kind == _MEMBER and self.members is not None:
            return not owners <= set(self.members)
        return bool(owners and all(one in self.people for one in owners)) or self._hangs(
            element, node, module
        )

    def _hangs(self, element: etree._Element, node: Node | None, module: str) -> bool:
        """Whether it says something of what was taken out."""
        if node is None:
            return False
        about: dict[str, str | None] = {
            name: leaf.refers_to for name, leaf in node.leaves.items() if leaf.refers_to
        }
        if node.kind == _GRADED_BY_FORM:
            about["itemid"] = f"{module}_grade"
        elif node.kind == "comment":
            about["itemid"] = _COMMENTED.get(element.findtext("commentarea") or "")
        return any(
            kind in self.gone and whole(element.findtext(name)) in self.gone[kind]
            for name, kind in about.items()
            if kind
        )

    def _owners(self, element: etree._Element, node: Node | None) -> frozenset[int]:
        """Who did it; of what was done as a group its members; nobody where that is not said."""
        if node is not None and node.kind == _PAGE:
            return frozenset(filter(None, (whole(one.text) for one in element.iter("userid"))))
        named = _owner_leaf(element, node)
        if named and (owner := whole(element.findtext(named))):
            return frozenset((owner,))
        return self.groups.get(whole(element.findtext("groupid")), frozenset())

    def _workers(self, element: etree._Element, node: Node | None) -> frozenset[int]:
        """The same, of what is work at all."""
        kind = node.kind if node else None
        if kind == _MEMBER or (kind == "grade_grade" and not any(map(_says, _leaves(element, _OF_A_GRADE)))):
            return frozenset()
        return self._owners(element, node)

    def _workers_in(self, element: etree._Element, path: str, tree: Tree) -> Iterator[int]:
        node = tree.node(path)
        yield from self._workers(element, node)
        if node is None or node.kind not in _ONE_PIECE:
            for child in element.iterchildren(etree.Element):
                if not is_leaf(child):
                    yield from self._workers_in(child, f"{path}/{child.tag}", tree)


def _owner_leaf(element: etree._Element, node: Node | None) -> str | None:
    if node is None:
        leaves = [str(child.tag) for child in element.iterchildren(etree.Element) if is_leaf(child)]
        named = [name for name in leaves if names_person(name)]
    elif node.kind == _GRADED_BY_FORM:
        return None  # it names who graded; whose work that was its item says
    else:
        named = [name for name, leaf in node.leaves.items() if leaf.refers_to == "user" and not leaf.within]
    return "userid" if "userid" in named else next(iter(named), None)


def _leaves(element: etree._Element, names: Collection[str]) -> Iterator[etree._Element]:
    return (leaf for name in names if (leaf := element.find(name)) is not None)


def _says(leaf: etree._Element) -> bool:
    return text_of(leaf) not in (None, "")


def named_in(element: etree._Element, path: str, tree: Tree) -> set[int]:
    """Everybody whom a record or a skeleton names."""
    return {number for kind, number in references_in(element, path, tree) if kind == "user"}
