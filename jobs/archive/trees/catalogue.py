"""Finds the declaration of a document by its place in the archive, and answers about paths in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources

from jobs.archive.trees.notation import FileArea, Leaf, Node, read_tree

_BLOCK = re.compile(r"(?:.*/)?blocks/(?P<name>\w+)_-?\d+")
_ACTIVITY = re.compile(r"activities/(?P<name>\w+)_-?\d+")
_FOLDERS = {"": ("root", "shared"), "course": ("course", "shared"), "activities": ("beside", "shared")}


@cache
def _declared(folder: str) -> frozenset[str]:
    found = resources.files(__package__).joinpath(folder).iterdir()
    return frozenset(entry.name.removesuffix(".tree") for entry in found if entry.name.endswith(".tree"))


CORE_ACTIVITY_TYPES = _declared("modules")


class Tree:
    """What is known about one kind of document. It answers about paths ("activity/forum"), not contents.

    A document that is not declared has no root; its records are the elements `record_depth` below its own.
    """

    def __init__(self, root: Node | None, record_depth: int = 0) -> None:
        self.root = root
        self._record_depth = record_depth
        self._nodes = dict(_walk(root, root.name)) if root else {}

    @property
    def is_declared(self) -> bool:
        return self.root is not None

    def node(self, path: str) -> Node | None:
        return self._nodes.get(path)

    def nodes(self) -> Iterable[tuple[str, Node]]:
        """Return every declared element with its path, from the root down."""
        return self._nodes.items()

    def is_record(self, path: str) -> bool:
        if self.root is None:
            return path.count("/") == self._record_depth
        node = self._nodes.get(path)
        return node is not None and node.is_rows

    def is_piece(self, path: str) -> bool:
        """May an element of a record be kept apart from it, where the record is large?

        What people did is what grows. What is written for them is edited, and stays in one piece.
        """
        if self.root is None:
            return path.count("/") > self._record_depth
        return self.root.name == "activity" and self.is_user_data(path)

    def is_user_data(self, path: str) -> bool:
        """Is this element, or one around it, declared to be user data whatever it holds?"""
        while path:
            node = self._nodes.get(path)
            if node is not None and node.is_user_data:
                return True
            path = path.rpartition("/")[0]
        return False

    def references(self, path: str) -> Mapping[str, str]:
        """Return which leaves of this element hold an id, and the kind of what they refer to."""
        node = self._nodes.get(path)
        leaves = node.leaves.values() if node else ()
        return {leaf.name: leaf.refers_to for leaf in leaves if leaf.refers_to}

    @property
    def html_leaves(self) -> tuple[tuple[str, Leaf], ...]:
        """Every leaf that holds HTML, with the path of its element."""
        nodes = self._nodes.items()
        return tuple((path, leaf) for path, node in nodes for leaf in node.leaves.values() if leaf.is_html)

    @property
    def file_areas(self) -> tuple[tuple[str, FileArea], ...]:
        """Every area in which files of the document lie, with the path of the element they belong to."""
        embedded = [(path, leaf.embeds) for path, leaf in self.html_leaves if leaf.embeds]
        return (*embedded, *((path, area) for path, node in self._nodes.items() for area in node.files))


def _walk(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    yield path, node
    for child in node.children.values():
        yield from _walk(child, f"{path}/{child.name}")


def tree_for(directory: str, filename: str) -> Tree:
    """Return what is known about a document: of ("activities/forum_12", "forum.xml"), ("", "users.xml")."""
    folders, record_depth = _place(directory, filename)
    return _tree(folders, filename.removesuffix(".xml"), record_depth)


def _place(directory: str, filename: str) -> tuple[tuple[str, ...], int]:
    """Return where the declaration would stand, and how deep the records lie if there is none.

    An activity's or a block's own document holds its settings first and then containers of records, as
    `backup_nested_element` has it in every plugin; other documents hold records directly.
    """
    stem = filename.removesuffix(".xml")
    if block := _BLOCK.fullmatch(directory):
        return ("blocks", "shared"), 3 if block["name"] == stem else 1
    if activity := _ACTIVITY.fullmatch(directory):
        return (("modules",), 3) if activity["name"] == stem else (("activities", "shared"), 1)
    return _FOLDERS.get(directory, ("sections", "shared")), 1


@lru_cache(maxsize=512)  # the names come from the archive
def _tree(folders: tuple[str, ...], stem: str, record_depth: int) -> Tree:
    folder = next((folder for folder in folders if stem in _declared(folder)), None)
    return Tree(read_tree(folder, stem)) if folder else Tree(None, record_depth)
