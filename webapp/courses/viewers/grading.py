"""Rubrics and marking guides, and how pieces of work were marked by them (grading.xml of an activity)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from lxml import etree
from markupsafe import Markup

from jobs.language import gettext as _
from webapp.courses.viewers.documents import Source
from webapp.courses.viewers.leaves import leaf, number, shown
from webapp.html import words

_DEFINITION = "area/definitions/definition"
_INSTANCES = f"{_DEFINITION}/instances/instance"
_RUBRIC = "plugin_gradingform_rubric_definition/criteria/criterion"
_GUIDE = "plugin_gradingform_guide_definition/guidecriteria/guidecriterion"
# Moodle 4.5 grade/grading/form/lib.php INSTANCE_STATUS_ACTIVE, INSTANCE_STATUS_NEEDUPDATE
_COUNTS = ("1", "2")


@dataclass(frozen=True)
class Level:
    points: str
    words: Markup


@dataclass(frozen=True)
class Criterion:
    title: str
    words: Markup
    #: What the markers alone read.
    for_markers: Markup
    most: str
    levels: list[Level]


@dataclass(frozen=True)
class Filling:
    """What a piece of work got for one criterion."""

    criterion: str
    got: str
    remark: Markup


class Grading:
    """How an activity is marked: by a rubric or a marking guide."""

    def __init__(self, source: Source, definition: etree._Element) -> None:
        self._source = source
        self._definition = definition

    @property
    def title(self) -> str:
        name = leaf(self._definition, "name")
        if leaf(self._definition, "method") == "guide":
            return _("Marking guide “%(name)s”", name=name) if name else _("Marking guide")
        return _("Rubric “%(name)s”", name=name) if name else _("Rubric")

    @property
    def is_for_all(self) -> bool:
        """Whether its teachers show it to pupils beforehand, as both kinds can be set."""
        try:
            options = json.loads(leaf(self._definition, "options") or "{}")
        except ValueError:
            return False
        return isinstance(options, dict) and str(options.get("alwaysshowdefinition", 0)) in ("1", "True")

    @cached_property
    def criteria(self) -> list[Criterion]:
        elements = [*self._definition.iterfind(_RUBRIC), *self._definition.iterfind(_GUIDE)]
        return [self._criterion(one) for one in sorted(elements, key=lambda one: number(one, "sortorder"))]

    def fillings(self, grades: Collection[int]) -> dict[int, list[Filling]]:
        """What pieces of work got, by the ids of their grades."""
        found: dict[int, list[Filling]] = defaultdict(list)
        for instance in self._source.all(_INSTANCES):
            grade = number(instance, "itemid")
            if grade in grades and leaf(instance, "status") in _COUNTS:
                found[grade] = [self._filling(one) for one in instance.iter("filling")]
        return found

    def _criterion(self, element: etree._Element) -> Criterion:
        markers = self._text(element, "descriptionmarkers") if self._source.with_people else Markup("")
        levels = sorted(element.iterfind("levels/level"), key=lambda one: float(points(one) or 0))
        return Criterion(
            leaf(element, "shortname"),
            self._text(element, "description"),
            markers,
            shown(leaf(element, "maxscore")),
            [Level(points(one), self._text(one, "definition")) for one in levels],
        )

    def _filling(self, element: etree._Element) -> Filling:
        criterion = self._named.get(leaf(element, "criterionid"))
        level = self._levels.get(leaf(element, "levelid"))
        got = f"{points(level)}: {words(leaf(level, 'definition'))}" if level is not None else ""
        title = (
            (leaf(criterion, "shortname") or words(leaf(criterion, "description")))
            if criterion is not None
            else ""
        )
        return Filling(title, got or shown(leaf(element, "score")), self._text(element, "remark"))

    @cached_property
    def _named(self) -> dict[str, etree._Element]:
        elements = [*self._definition.iterfind(_RUBRIC), *self._definition.iterfind(_GUIDE)]
        return {one.get("id") or "": one for one in elements}

    @cached_property
    def _levels(self) -> dict[str, etree._Element]:
        return {one.get("id") or "": one for one in self._definition.iterfind(f"{_RUBRIC}/levels/level")}

    def _text(self, element: etree._Element, name: str) -> Markup:
        return self._source.html(element, name)


def grading_of(source: Source) -> Grading | None:
    """The rubric or marking guide that is in use for what is handed in."""
    document = source.beside("grading.xml")
    if document is None:
        return None
    for area in document.own.iterfind("area"):
        method = leaf(area, "activemethod")
        for definition in area.iterfind("definitions/definition"):
            if method in ("rubric", "guide") and leaf(definition, "method") == method:
                return Grading(document, definition)
    return None


def points(level: etree._Element) -> str:
    """A level's points; nothing where they are no number."""
    score = leaf(level, "score")
    return shown(score) if score.replace(".", "", 1).removeprefix("-").isdecimal() else ""
