"""An H5P activity: how it counts, its package, and for its teachers who tried it."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from webapp.courses.viewers.documents import Pages, Source
from webapp.courses.viewers.leaves import leaf, number, when
from webapp.courses.viewers.names import Name
from webapp.formatters import duration

# Moodle 4.5 mod/h5pactivity/classes/local/manager.php: GRADEMANUAL and so on.
_METHODS = {
    0: "a teacher gives it",
    1: "the best attempt",
    2: "the average",
    3: "the last attempt",
    4: "the first attempt",
}
_PASSED = {"1": "Passed", "0": "Not passed"}


@dataclass(frozen=True)
class Attempt:
    who: Name
    number: int
    score: str
    took: str
    state: str
    at: int | None


@dataclass(frozen=True)
class H5P:
    settings: list[tuple[str, str]]
    attempts: list[Attempt]
    pages: Pages


def h5pactivity(source: Source) -> H5P:
    own, pages = source.own, source.pages("attempts/attempt")
    is_tracked = leaf(own, "enabletracking") != "0"
    settings = [
        ("Attempts", "kept" if is_tracked else "not kept"),
        ("Grade", _METHODS.get(number(own, "grademethod"), "") if is_tracked else ""),
        ("Highest grade", source.around.most(number(own, "grade"))),
    ]
    return H5P(settings, [_attempt(source, one) for one in source.page_of("attempts/attempt", pages)], pages)


def _attempt(source: Source, one: etree._Element) -> Attempt:
    most, took = leaf(one, "maxscore"), number(one, "duration")
    state = _PASSED.get(leaf(one, "success"), "") or ("Done" if leaf(one, "completion") == "1" else "Begun")
    return Attempt(
        source.person(number(one, "userid")),
        number(one, "attempt"),
        f"{leaf(one, 'rawscore')} of {most}" if number(one, "maxscore") else "",
        duration(took) if took > 0 else "",
        state,
        when(one, "timecreated"),
    )
