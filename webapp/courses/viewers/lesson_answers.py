"""What people answered in a lesson, and which way they took: for its teachers.

An answer hangs from the answer of the page that it counts as (or the page's first, of an essay), the way on from a page
with buttons from the page. Both are numbered by the time that the person took the lesson, from 0 on. Moodle 4.5
mod/lesson/pagetypes say what `useranswer` is of each kind of page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from jobs.archive.ids.php import PhpError, as_dict, is_packed, parse
from jobs.language import gettext as _, percent
from webapp.courses.viewers.documents import Source, slots_of
from webapp.courses.viewers.leaves import figures, id_of, leaf, number, when
from webapp.courses.viewers.names import Name
from webapp.html import words

_ANSWERS, _BRANCHES = "pages/page/answers/answer/attempts/attempt", "pages/page/branches/branch"
_ESSAY = 10


@dataclass(frozen=True)
class Step:
    """One thing that somebody did: an answer, or the way on from a page."""

    page: str
    said: str
    #: Whether it was right; None where a page has nothing right or wrong.
    is_right: bool | None
    at: int | None


@dataclass
class Taking:
    """One time that somebody took the lesson."""

    number: int
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Taker:
    """Somebody who took the lesson, in a line of the list."""

    person_id: int
    who: Name
    times: int
    answered: int
    right: int
    grades: Sequence[str]


@dataclass(frozen=True)
class Answers:
    """All that one person did in the lesson."""

    who: Name
    takings: Sequence[Taking]
    grades: Sequence[str]


def takers_of(source: Source) -> list[Taker]:
    """Everybody who did something in the lesson."""
    found: dict[int, list[tuple[int, Step]]] = {}
    for person, time, step in _Reading(source).steps():
        found.setdefault(person, []).append((time, step))
    grades = _grades(source)
    return [
        Taker(
            person, source.person(person), len({time for time, _step in done}),
            sum(step.is_right is not None for _time, step in done), sum(bool(step.is_right) for _time, step in done),
            grades.get(person, []),
        )
        for person, done in found.items()
    ]  # fmt: skip


def answers_of(source: Source, person_id: int | None) -> Answers | None:
    """What one person did, each time that they took the lesson; None if nobody is asked for or did anything."""
    takings: dict[int, Taking] = {}
    for person, time, step in _Reading(source).steps() if person_id else ():
        if person == person_id:
            takings.setdefault(time, Taking(time + 1)).steps.append(step)
    if not takings or not person_id:
        return None
    for one in takings.values():
        one.steps.sort(key=lambda step: step.at or 0)
    in_order = [takings[time] for time in sorted(takings)]
    return Answers(source.person(person_id), in_order, _grades(source).get(person_id, []))


def _grades(source: Source) -> Mapping[int, list[str]]:
    """The grades of each person, one for each time."""
    grades: dict[int, list[str]] = {}
    for one in source.all("grades/grade"):
        grades.setdefault(number(one, "userid"), []).append(percent(figures(leaf(one, "grade"))))
    return grades


class _Reading:
    """Reads what people did, with the pages and the answers that it hangs from."""

    def __init__(self, source: Source) -> None:
        self._source = source
        pages = list(source.own.iterfind("pages/page"))
        self._titles = {id_of(page): leaf(page, "title") for page in pages}
        self._texts = {id_of(one): words(leaf(one, "answer_text")) for one in source.own.iter("answer")}
        #: By the gap in the document that the attempts, or the ways on, fill.
        self._answers = {slot: (page, one) for page in pages for one in page.iterfind("answers/answer")
                         for slot in slots_of(one)}  # fmt: skip
        self._pages = {
            slot: page for page in pages for one in page.iterfind("branches") for slot in slots_of(one)
        }

    def steps(self) -> Iterator[tuple[int, int, Step]]:
        """The person, the number of the time from 0 on, and what was done."""
        for slot, element in self._source.with_slots(_ANSWERS):
            if slot in self._answers:
                yield number(element, "userid"), number(element, "retry"), self._answered(slot, element)
        for slot, element in self._source.with_slots(_BRANCHES):
            if slot in self._pages:
                yield number(element, "userid"), number(element, "retry"), self._went_on(slot, element)

    def _answered(self, slot: int, element: etree._Element) -> Step:
        page, answer = self._answers[slot]
        is_essay = number(page, "qtype") == _ESSAY
        said = self._said(leaf(element, "useranswer")) or self._texts.get(id_of(answer), "")
        right = None if is_essay else leaf(element, "correct") == "1"
        return Step(leaf(page, "title"), said, right, when(element, "timeseen"))

    def _said(self, given: str) -> str:
        """What was written or ticked: a text, the ids of answers, or what an essay packs its text into."""
        if is_packed(given):
            try:
                essay = as_dict(parse(given.encode()))
            except PhpError:
                return ""
            return words(str(essay.get("answer", ""))) if isinstance(essay, dict) else ""
        ids = [int(one) for one in given.split(",") if one.isascii() and one.isdigit()]
        if ids and all(one in self._texts for one in ids):
            return ", ".join(self._texts[one] for one in ids)
        return given

    def _went_on(self, slot: int, element: etree._Element) -> Step:
        page = self._pages[slot]
        goal = self._titles.get(number(element, "nextpageid"))
        said = _("Went on to “%(page)s”", page=goal) if goal else _("Went on")
        return Step(leaf(page, "title"), said, None, when(element, "timeseen"))
