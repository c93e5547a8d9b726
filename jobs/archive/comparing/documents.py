"""Compares two documents as streams, record by record, so that memory stays flat."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from lxml import etree

from jobs.archive.comparing.elements import Found, compare_elements, holds_something
from jobs.archive.comparing.ids import Ids
from jobs.archive.comparing.model import ADDED, LOST, UNREADABLE, Comparison, Difference, shown
from jobs.archive.comparing.terms import PERSON, Terms
from jobs.archive.limits import DEFAULT_LIMITS
from jobs.archive.trees import Tree, tree_for
from jobs.archive.xml import Record, split
from jobs.problems import ArchiveProblem

# So far ahead the other document is searched for a record that is not where it should be.
_AHEAD = 200


@dataclass(frozen=True, slots=True)
class Part:
    """A record, or in the end the skeleton."""

    path: str
    element: etree._Element
    is_record: bool


#: Is told of each record of the first document that there is, whether it is in the second or may stay out.
Watch = Callable[[Part, bool], None]


@dataclass
class DocumentComparing:
    """Compares one document after the other, on the same terms."""

    terms: Terms
    ids: Ids
    comparison: Comparison

    def compare(self, name: str, before: Path, after: Path, watch: Watch | None = None) -> None:
        """Compare two documents; `name` is that of the first."""
        directory, _, filename = name.rpartition("/")
        tree = tree_for(directory, filename)
        self.comparison.documents += 1
        try:
            for one, other in _aligned(
                self._ours(name, before, tree, watch), _parts(after, tree), self._same(tree)
            ):
                self._pair(name, one, other, tree)
        except ArchiveProblem as problem:
            why = unreadable(name, before)
            said = None if why else str(problem)
            self.comparison.add(Difference(name, UNREADABLE, after=said, explained=why))

    def _ours(self, name: str, path: Path, tree: Tree, watch: Watch | None) -> Iterator[Part]:
        """The parts of the first that are to be in the second."""
        for part in _parts(path, tree):
            kept = self.terms.kept(part.element, part.path, tree)
            if watch and part.is_record:
                watch(part, kept is None or self.terms.may_be_gone(part.element, part.path))
            if kept is None:
                self.comparison.left_out += part.is_record
            else:
                yield part

    def _same(self, tree: Tree) -> Callable[[Part, Part], bool]:
        def same(one: Part, other: Part) -> bool:
            if one.path != other.path or one.is_record != other.is_record:
                return False
            ours, theirs = one.element.get("id"), other.element.get("id")
            if ours and theirs and not self.terms.renumbered and not self._is_person(one):
                return ours == theirs
            return not self._found(one, other, tree, "").differences

        return same

    def _is_person(self, part: Part) -> bool:
        return self.terms.anonymised and part.path == PERSON

    def _pair(self, name: str, one: Part | None, other: Part | None, tree: Tree) -> None:
        if one is None or other is None:
            self._alone(name, one, other)
            return
        if self._is_person(one):
            self.comparison.disguised += 1  # in another order, and with nothing left that could be compared
            return
        found = self._found(one, other, tree, name.rpartition("/")[2])
        self.comparison.elements += found.elements
        self.comparison.disguised += found.disguised
        for kind, old, new in found.ids:
            self.ids.note(kind, old, new)
        for what, place, old_text, new_text in found.differences:
            self.comparison.add(Difference(name, what, place, shown(old_text), shown(new_text)))

    def _found(self, one: Part, other: Part, tree: Tree, filename: str) -> Found:
        return compare_elements(one.element, other.element, one.path, tree, self.terms, filename)

    def _alone(self, name: str, one: Part | None, other: Part | None) -> None:
        if one is not None and self.terms.may_be_gone(one.element, one.path):
            self.comparison.left_out += 1
        elif one is not None:
            self.comparison.add(Difference(name, LOST, one.path, before=shown(_summary(one))))
        elif other is not None:
            self.comparison.add(Difference(name, ADDED, other.path, after=shown(_summary(other))))


def unreadable(name: str, path: Path) -> str | None:
    """Why a document can't be read; None if it can."""
    try:
        for _ in _parts(path, tree_for(*name.rpartition("/")[::2])):
            pass
    except ArchiveProblem as problem:
        return str(problem)
    return None


def is_empty(name: str, path: Path) -> bool:
    """Whether a document names lists, and has nothing in them. One that can't be read is not empty."""
    try:
        return not any(
            holds_something(part.element) for part in _parts(path, tree_for(*name.rpartition("/")[::2]))
        )
    except ArchiveProblem:
        return False


def _parts(path: Path, tree: Tree) -> Iterator[Part]:
    with path.open("rb") as stream:
        for part in split(stream, tree.is_record, DEFAULT_LIMITS):
            if isinstance(part, Record):
                yield Part(part.path, part.element, is_record=True)
            else:
                yield Part(str(part.element.tag), part.element, is_record=False)


def _summary(part: Part) -> str:
    texts = (str(text) for text in part.element.itertext())
    return f"id={part.element.get('id')} " + " ".join(text for text in texts if text.strip())


class _Stream:
    """Parts that come, of which some were looked at before their turn."""

    def __init__(self, parts: Iterator[Part]) -> None:
        self._parts = parts
        self._seen: deque[Part] = deque()

    def first(self) -> Part | None:
        return next(self._ahead(), None)

    def pop(self) -> Part:
        return self._seen.popleft()

    def until(self, wanted: Callable[[Part], bool]) -> int:
        """How many come before the one that is wanted; 0 if it is not near."""
        return next((number for number, one in enumerate(islice(self._ahead(), _AHEAD)) if wanted(one)), 0)

    def _ahead(self) -> Iterator[Part]:
        yield from list(self._seen)
        for part in self._parts:
            self._seen.append(part)
            yield part


def _aligned(
    before: Iterator[Part], after: Iterator[Part], same: Callable[[Part, Part], bool]
) -> Iterator[tuple[Part | None, Part | None]]:
    """Put the parts of both side by side; what only one side has stands alone."""
    ours, theirs = _Stream(before), _Stream(after)
    while True:
        one, other = ours.first(), theirs.first()
        if one is None and other is None:
            return
        if one is None or other is None:
            yield (ours.pop() if one else None), (theirs.pop() if other else None)
        elif same(one, other):
            yield ours.pop(), theirs.pop()
        else:
            yield from _caught_up(ours, theirs, one, other, same)


def _caught_up(
    ours: _Stream, theirs: _Stream, one: Part, other: Part, same: Callable[[Part, Part], bool]
) -> Iterator[tuple[Part | None, Part | None]]:
    if lost := ours.until(lambda later: same(later, other)):
        yield from ((ours.pop(), None) for _ in range(lost))
    elif added := theirs.until(lambda later: same(one, later)):
        yield from ((None, theirs.pop()) for _ in range(added))
    else:
        yield ours.pop(), theirs.pop()
