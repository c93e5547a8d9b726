"""The form that people assess each other by in a workshop: Moodle 4.5 mod/workshop/form."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.courses.viewers.documents import Source
from webapp.courses.viewers.leaves import figures, id_of, leaf, number, shown, whole

_STRATEGIES = {
    "accumulative": _l("Points for each aspect"),
    "comments": _l("Comments without points"),
    "numerrors": _l("Right or wrong, statement by statement"),
    "rubric": _l("A rubric"),
}


@dataclass(frozen=True)
class Dimension:
    id: int
    #: Cleaned.
    text: str
    about: str
    #: What one may choose in a rubric: the points, and what they are given for.
    levels: list[tuple[str, str]]


@dataclass(frozen=True)
class Form:
    strategy: str
    kind: str
    dimensions: list[Dimension]


def form_of(source: Source) -> Form:
    strategy = leaf(source.own, "strategy")
    if strategy not in _STRATEGIES:
        return Form(strategy, strategy, [])
    own = source.own.find(f"subplugin_workshopform_{strategy}_workshop")
    found = own.findall(f"workshopform_{strategy}_dimension") if own is not None else []
    ordered = sorted(found, key=lambda one: number(one, "sort"))
    return Form(strategy, _STRATEGIES[strategy], [_dimension(source, one, strategy) for one in ordered])


def _dimension(source: Source, one: etree._Element, strategy: str) -> Dimension:
    levels = sorted(
        one.findall("workshopform_rubric_level"), key=lambda level: whole(figures(leaf(level, "grade")))
    )
    return Dimension(
        id_of(one),
        source.html(one, "description", f"workshopform_{strategy}", "description", id_of(one)),
        _about(source, one, strategy),
        [(shown(leaf(level, "grade")), source.html(level, "definition")) for level in levels],
    )


def _about(source: Source, one: etree._Element, strategy: str) -> str:
    weight = number(one, "weight")
    if strategy == "accumulative":
        about = _("Up to %(most)s", most=source.around.most(number(one, "grade")))
    elif strategy == "numerrors":
        right, wrong = leaf(one, "grade1") or _("Yes"), leaf(one, "grade0") or _("No")
        about = _("%(one)s or %(other)s", one=right, other=wrong)
    else:
        return ""
    return _("%(about)s, counts %(weight)s times", about=about, weight=weight) if weight > 1 else about
