"""A choice: its question's options, how often each was chosen, and by whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from webapp.courses.viewers.documents import MOST_READ, Source
from webapp.courses.viewers.leaves import id_of, leaf, number, when
from webapp.courses.viewers.names import Name

#: How many are named for one option.
NAMED = 100


@dataclass(frozen=True)
class Option:
    text: str
    #: How many may choose it; 0 for any number.
    limit: int
    chosen: int
    people: list[Name]


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


def choice(source: Source) -> Choice:
    own, chosen, people = source.own, Counter[int](), defaultdict[int, list[Name]](list)
    for answer in source.all("answers/answer"):
        option = number(answer, "optionid")
        chosen[option] += 1
        if len(people[option]) < NAMED:
            people[option].append(source.person(number(answer, "userid")))
    total = source.count("answers/answer")
    limited = leaf(own, "limitanswers") == "1"
    options = [
        Option(
            leaf(one, "text"),
            number(one, "maxanswers") if limited else 0,
            chosen[id_of(one)],
            people[id_of(one)],
        )
        for one in own.iterfind("options/option")
    ]
    return Choice(
        when(own, "timeopen"), when(own, "timeclose"), leaf(own, "allowmultiple") == "1", options,
        source.with_people, total, min(total, MOST_READ),
    )  # fmt: skip
