"""An H5P activity: how it counts, its package, and for its teachers who tried it."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.courses.viewers.documents import Pages, Source
from webapp.courses.viewers.leaves import leaf, number, when
from webapp.courses.viewers.names import Name
from webapp.pages.formatters import duration

# Moodle 4.5 mod/h5pactivity/classes/local/manager.php: GRADEMANUAL and so on.
_METHODS = {
    0: _l("a teacher gives it"),
    1: _l("the best attempt"),
    2: _l("the average"),
    3: _l("the last attempt"),
    4: _l("the first attempt"),
}
_PASSED = {"1": _l("Passed"), "0": _l("Not passed")}


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
        (_("Attempts"), _("kept") if is_tracked else _("not kept")),
        (_("Grade"), _METHODS.get(number(own, "grademethod"), "") if is_tracked else ""),
        (_("Highest grade"), source.around.most(number(own, "grade"))),
    ]
    return H5P(settings, [_attempt(source, one) for one in source.page_of("attempts/attempt", pages)], pages)


def _attempt(source: Source, one: etree._Element) -> Attempt:
    most, took = leaf(one, "maxscore"), number(one, "duration")
    state = _PASSED.get(leaf(one, "success"), "") or (
        _("Done") if leaf(one, "completion") == "1" else _("Begun")
    )
    return Attempt(
        source.person(number(one, "userid")),
        number(one, "attempt"),
        _("%(got)s of %(most)s", got=leaf(one, "rawscore"), most=most) if number(one, "maxscore") else "",
        duration(took) if took > 0 else "",
        state,
        when(one, "timecreated"),
    )
