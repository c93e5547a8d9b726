"""A question as the archive has it, and as a page shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import isfinite

from lxml import etree
from markupsafe import Markup

from jobs.language import decimal
from webapp.courses.viewers.documents import Area
from webapp.courses.viewers.leaves import id_of, leaf, shown
from webapp.html import format_of
from webapp.reading import Branch

#: Cleans a text: its HTML, its format, and where its files lie (component, area, item).
Write = Callable[[str, int, Area | None], Markup]


@dataclass(frozen=True)
class Answer:
    """An answer, or one half of a pair with what it belongs to."""

    #: Plain, or cleaned where it is Markup; so is what it belongs to.
    text: str
    #: What it is the answer to: a gap, a place in a picture, the other half of a pair.
    to: str = ""
    is_right: bool = False
    #: What giving it means: "Right", "Counts 50%".
    verdict: str = ""
    feedback: str = ""
    #: The archive's id, where an attempt may name it.
    id: int = 0


@dataclass
class Question:
    """A question as it is shown."""

    id: int
    name: str
    type: str
    kind: str
    text: Markup
    points: str = ""
    #: Whether it is only there as a part of another question.
    is_part: bool = False
    #: What a version before the newest, or one that is not ready, is said to be.
    state: str = ""
    answers: list[Answer] = field(default_factory=list)
    #: How it is asked, in words.
    notes: list[str] = field(default_factory=list)
    #: Further texts with what they are: feedback, hints.
    texts: list[tuple[str, Markup]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    parts: list[Question] = field(default_factory=list)
    #: The ids of the questions that it consists of.
    part_ids: list[int] = field(default_factory=list)
    #: Where its picture is: component, area and item.
    picture_at: Area | None = None
    picture: str | None = None
    #: What is kept of a type that is not known here.
    rest: Branch | None = None
    #: Whether it stands for any question of its category and of those within it.
    draws_below: bool = False
    #: The context that its files belong to, and the gap of the document that it fills.
    context_id: int = 0
    slot: int = 0
    #: Our number of what it is kept in: the entry with all its versions, or before Moodle 4.0 itself.
    record_id: int = 0

    @property
    def is_editable(self) -> bool:
        """Whether it has a text of its own: a part of another question is written in that one’s text."""
        return not self.is_part and self.type != "random"


def amount(element: etree._Element | None, name: str) -> float:
    """A leaf's number; 0 where it is none."""
    try:
        found = float(leaf(element, name))
    except ValueError:
        return 0.0
    return found if isfinite(found) else 0.0


def written(value: float) -> str:
    """A number as people write it: "1", "2.5"."""
    return shown(f"{value:.4f}") if abs(value) < 1e12 else decimal(f"{value:g}")


class Source:
    """One element `question`, and its texts cleaned."""

    def __init__(self, element: etree._Element, write: Write) -> None:
        self.element = element
        self.id = id_of(element)
        self.type = leaf(element, "qtype")
        #: What only the type knows; empty where there is none.
        self.own = element.find(f"plugin_qtype_{self.type}_question") if self.type.isidentifier() else None
        self._write = write

    def rows(self, *path: str) -> Iterator[etree._Element]:
        """The elements at a path of the type's own part."""
        return self.own.iterfind("/".join(path)) if self.own is not None else iter(())

    def options(self, name: str) -> etree._Element | None:
        return self.own.find(name) if self.own is not None else None

    def html(
        self,
        at: etree._Element | None,
        name: str,
        area: str = "",
        item: int | None = None,
        of: str = "question",
    ) -> Markup:
        """A text of the question or of a part of it; `area` is where its pictures lie, if there can be any."""
        text = leaf(at, name)
        if not text:
            return Markup("")
        # The leaf answertext has its format in answerformat.
        format = leaf(at, "answerformat" if name == "answertext" else f"{name}format")
        place = (of, area, self.id if item is None else item) if area else None
        return self._write(text, format_of(format), place)
