"""What leads from one part of a course to another, noted while an archive is read.

By it one can say what a restore of some of it would lack, and what of the question bank it needs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from jobs.archive.ids.availability import LEAVES, OLD_LEAVES, needs
from jobs.archive.ids.numbers import whole
from jobs.archive.ids.refs import QUESTION, WITH_SUBCATEGORIES, leaf_references
from jobs.archive.ids.tokens import links_in
from jobs.archive.survey.core import CORE_TYPES
from jobs.archive.trees import Leaf

#: A kind of thing, and the id of one.
Reference = tuple[str, int]
ByFolder = dict[str, list[Reference]]

#: What a course asks for of its question bank.
OF_BANK = frozenset(("question_category", "question_bank_entry", QUESTION, WITH_SUBCATEGORIES))
_RESTRICTED = ("module.xml", "section.xml")
#: Of what stands in no activity, texts that are looked at for links.
_TEXTS = {("section.xml", "summary"), ("course.xml", "summary")}
#: So many are noted, in all; an archive from anywhere may hold any number of them.
_MOST = 100_000


@dataclass
class Ties:
    """By the folder ("activities/quiz_12"): its context id, that of what it is made of, and its columns of grades.

    `others` are the plugins beside activities, blocks and questions, with how often each document has them.
    `restrictions` are what has to be done or belonged to first, `links` what its texts lead to, `asks` what it needs
    of the question bank, and `peoples` the same of what people did; each as a kind and an id.
    """

    contexts: dict[str, int] = field(default_factory=dict)
    instances: dict[str, int] = field(default_factory=dict)
    grade_items: dict[str, list[int]] = field(default_factory=dict)
    restrictions: ByFolder = field(default_factory=dict)
    links: ByFolder = field(default_factory=dict)
    asks: ByFolder = field(default_factory=dict)
    peoples: ByFolder = field(default_factory=dict)
    others: dict[str, dict[str, int]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        pairs = ("restrictions", "links", "asks", "peoples")
        return cls(**data | {name: _references(data[name]) for name in pairs})


def _references(data: dict[str, list[Any]]) -> ByFolder:
    return {folder: [(kind, number) for kind, number in found] for folder, found in data.items()}


def is_tie(leaf: Leaf) -> bool:
    """Whether the text of a leaf may name another part of the course, or a part of the question bank."""
    restricts = leaf.name in LEAVES or leaf.name in OLD_LEAVES
    return restricts or leaf.name == "includingsubcategories" or leaf.refers_to in OF_BANK


class TieNotes:
    """Collects what leads where, each once."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, dict[Reference, None]]] = {}
        self._count = 0
        self.grade_items: dict[str, list[int]] = {}
        self._others: dict[str, dict[str, int]] = {}

    def other(self, directory: str, filename: str, plugin: str) -> None:
        """Count what a plugin has added to a document."""
        counts = self._others.setdefault(f"{directory}/{filename}".lstrip("/"), {})
        counts[plugin] = counts.get(plugin, 0) + 1

    def grade_item(self, directory: str, number: str) -> None:
        if is_activity(directory) and (item := whole(number)):
            self.grade_items.setdefault(directory, []).append(item)

    def leaf(
        self, directory: str, filename: str, leaf: Leaf, text: str, category: str, *, is_somebodys: bool
    ) -> None:
        """Note what a leaf names for which `is_tie` holds; `category` is that of the random slot it stands in."""
        if filename in _RESTRICTED:
            number = whole(text)
            old = [(OLD_LEAVES[leaf.name], number)] if number and leaf.name in OLD_LEAVES else []
            self._add("restrictions", directory, needs(text) if leaf.name in LEAVES else old)
        elif is_activity(directory) and (filename != "inforef.xml" or not _is_core(directory)):
            asked = (one for one in leaf_references(leaf, text, category) if one[0] in OF_BANK)
            self._add("peoples" if is_somebodys else "asks", directory, asked)

    def links(self, directory: str, filename: str, tag: str, text: str) -> None:
        if is_activity(directory) or (filename, tag) in _TEXTS:
            self._add("links", directory, links_in(text))

    def told(self, contexts: dict[str, str], instances: dict[str, int]) -> Ties:
        """All of it; `contexts` is the folder of each context id."""
        found = {
            what: {folder: list(each) for folder, each in by_folder.items()}
            for what, by_folder in self._found.items()
        }
        numbers = {folder: whole(context) for context, folder in contexts.items()}
        return Ties(
            contexts={folder: number for folder, number in numbers.items() if number},
            instances=instances, grade_items=self.grade_items, others=self._others, **found,
        )  # fmt: skip

    def _add(self, what: str, directory: str, references: Iterable[Reference]) -> None:
        for one in references:
            noted = self._found.setdefault(what, {}).setdefault(directory, {})
            if one not in noted and self._count < _MOST:
                noted[one] = None
                self._count += 1


def is_activity(directory: str) -> bool:
    """Whether it is the folder of an activity, and not one of what stands beside it."""
    return directory.startswith("activities/") and "/blocks/" not in directory


def _is_core(directory: str) -> bool:
    return directory.removeprefix("activities/").rpartition("_")[0] in CORE_TYPES
