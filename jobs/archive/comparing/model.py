"""What a comparison found, and its form as JSON."""

from dataclasses import asdict, dataclass, field
from typing import Any

LOST, ADDED, CHANGED, MOVED, UNREADABLE = "lost", "added", "changed", "moved", "unreadable"
# So many are listed; the rest is counted.
LISTED = 1000
_SHOWN = 160


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same. `entry` is its name in the first archive (in the second, if only that has it).

    `place` is the path of the element or leaf in a document. `what` is one of: lost, added, changed, moved,
    unreadable. `explained` says what is wrong with the first archive itself that it comes from.
    """

    entry: str
    what: str
    place: str = ""
    before: str | None = None
    after: str | None = None
    explained: str | None = None


@dataclass
class Comparison:
    """Counts of what was compared, of what stayed out on purpose, and the differences.

    `left_out` counts records that are somebody's, of an archive without people; `disguised` the texts that are
    others because people are anonymous; `renumbered` says whether ids are others. `more` counts differences
    beyond the listed thousand.
    """

    documents: int = 0
    elements: int = 0
    contents: int = 0
    bytes: int = 0
    left_out: int = 0
    disguised: int = 0
    renumbered: bool = False
    differences: list[Difference] = field(default_factory=list)
    more: int = 0
    unexplained: int = 0

    @property
    def is_equal(self) -> bool:
        return not self.differences

    def add(self, difference: Difference) -> None:
        self.unexplained += difference.explained is None
        if len(self.differences) < LISTED:
            self.differences.append(difference)
        else:
            self.more += 1

    def to_json(self) -> dict[str, Any]:
        """Return a plain dict with the fields' names as keys, nested alike."""
        return asdict(self)


def shown(text: str | None) -> str | None:
    """A text as it stands in a list of differences."""
    return text if text is None or len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
