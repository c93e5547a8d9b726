"""What an element of the archive is shown as, whatever its type."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from webapp.reading.leaves import Fact

#: Elements deeper than this are not opened any further.
DEEPEST = 8


@dataclass
class Branch:
    """An element as it is shown."""

    kind: str
    title: str = ""
    texts: list[tuple[str, Markup]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    inside: list[Branch] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.title or self.texts or self.facts or self.inside)

    @property
    def has_texts(self) -> bool:
        """Whether there is something to read here or further in; the rest is details."""
        return bool(self.texts) or any(branch.has_texts for branch in self.inside)

    @property
    def to_read(self) -> list[Branch]:
        return [branch for branch in self.inside if branch.has_texts]

    @property
    def details(self) -> list[Branch]:
        return [branch for branch in self.inside if not branch.has_texts]

    @property
    def byline(self) -> str:
        """Who made it and when, as far as it says so."""
        people = [fact.text for fact in self.facts if fact.kind == "person"]
        moments = [fact.text for fact in self.facts if fact.kind == "moment"]
        return ", ".join([*people[:1], *moments[:1]]) if people else ""
