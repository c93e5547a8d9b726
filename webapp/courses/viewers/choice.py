"""A choice: its question's options, how often each was chosen, and by whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from webapp.courses.viewers.documents import MOST_READ, Pages, Source
from webapp.courses.viewers.leaves import id_of, leaf, number, when
from webapp.courses.viewers.names import Name

#: How many are named for one option, and on a page of all who chose it.
NAMED, ROWS = 100, 200
_ANSWERS = "answers/answer"


@dataclass(frozen=True)
class Option:
    id: int
    text: str
    #: How many may choose it; 0 for any number.
    limit: int
    chosen: int
    people: list[Name]


@dataclass(frozen=True)
class Chosen:
    """The one option that is asked for, with a page of those who chose it."""

    id: int
    text: str
    people: list[Name]
    pages: Pages


@dataclass(frozen=True)
class Choice:
    opens: int | None
    closes: int | None
    several: bool
    options: list[Option]
    with_results: bool
    #: How many answers there are, and how many of them were counted.
    answers: int
    counted: int
    chosen: Chosen | None


def choice(source: Source) -> Choice:
    own, total = source.own, source.count(_ANSWERS)
    asked = source.own.find(f"options/option[@id='{source.asked.item}']") if source.with_people else None
    return Choice(
        when(own, "timeopen"), when(own, "timeclose"), leaf(own, "allowmultiple") == "1", _options(source),
        source.with_people, total, min(total, MOST_READ),
        _chosen(source, id_of(asked), leaf(asked, "text")) if asked is not None else None,
    )  # fmt: skip


def _options(source: Source) -> list[Option]:
    own, chosen, people = source.own, Counter[int](), defaultdict[int, list[Name]](list)
    for answer in source.all(_ANSWERS):
        option = number(answer, "optionid")
        chosen[option] += 1
        if len(people[option]) < NAMED:
            people[option].append(source.person(number(answer, "userid")))
    limited = leaf(own, "limitanswers") == "1"
    return [
        Option(
            id_of(one),
            leaf(one, "text"),
            number(one, "maxanswers") if limited else 0,
            chosen[id_of(one)],
            people[id_of(one)],
        )
        for one in own.iterfind("options/option")
    ]


def _chosen(source: Source, option: int, text: str) -> Chosen:
    answers = source.all(_ANSWERS)
    people = [number(one, "userid") for one in answers if number(one, "optionid") == option]
    pages = Pages(max(1, source.asked.page), len(people), ROWS)
    return Chosen(
        option, text, [source.person(one) for one in people[pages.first : pages.first + ROWS]], pages
    )
