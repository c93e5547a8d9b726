"""A SCORM package: its contents as a tree, and for its teachers who got how far."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from jobs.language import gettext as _, lazy_gettext as _l, ngettext
from webapp.courses.viewers.documents import MOST_READ, Pages, Source
from webapp.courses.viewers.leaves import leaf, number, when
from webapp.courses.viewers.names import Name
from webapp.pages.formatters import moment

#: Parts deeper than this stand beside those above, and attempts on one page.
DEEPEST, ROWS = 8, 100
_KINDS = {
    "local": _l("a file"),
    "external": _l("elsewhere"),
    "localsync": _l("elsewhere, fetched"),
    "aiccurl": _l("elsewhere"),
}
# Moodle 4.5 mod/scorm/locallib.php: GRADEHIGHEST and so on; how several attempts count.
_METHODS = {
    0: _l("parts that were done"),
    1: _l("the best part"),
    2: _l("the average of the parts"),
    3: _l("the sum of the parts"),
}
_WHICH = {0: _l("the best one"), 1: _l("the average"), 2: _l("the first one"), 3: _l("the last one")}
# What the two versions of SCORM call the same.
_STATUS = {"cmi.core.lesson_status", "cmi.completion_status"}
_SCORE = {"cmi.core.score.raw", "cmi.score.raw"}
_WORDS = {
    "completed": _l("Done"),
    "passed": _l("Passed"),
    "failed": _l("Failed"),
    "incomplete": _l("Begun"),
    "browsed": _l("Looked at"),
    "not attempted": _l("Not begun"),
    "notattempted": _l("Not begun"),
}


@dataclass
class Part:
    title: str
    launch: str
    inside: list[Part] = field(default_factory=list)


@dataclass
class Attempt:
    who: Name
    number: int
    part: str
    status: str = ""
    score: str = ""
    at: int | None = None


@dataclass(frozen=True)
class Scorm:
    settings: list[tuple[str, str]]
    parts: list[Part]
    attempts: list[Attempt]
    pages: Pages
    #: Whether more was tracked than is read here.
    is_cut: bool


def scorm(source: Source) -> Scorm:
    elements = list(source.own.iterfind("scoes/sco"))
    attempts = _attempts(source, elements) if source.with_people else []
    tracked = source.count("scoes/sco/sco_tracks/sco_track")
    pages = Pages(max(1, source.asked.page), len(attempts), ROWS)
    shown = attempts[pages.first : pages.first + ROWS]
    return Scorm(_settings(source.own), _tree(elements), shown, pages, tracked > MOST_READ)


def _settings(own: etree._Element) -> list[tuple[str, str]]:
    tries = number(own, "maxattempt")
    return [
        (_("Package"), _KINDS.get(leaf(own, "scormtype"), "")),
        (_("Version"), leaf(own, "version").replace("_", " ")),
        (_("Opens"), moment(when(own, "timeopen"))),
        (_("Closes"), moment(when(own, "timeclose"))),
        (
            _("Attempts"),
            ngettext("%(num)s attempt", "%(num)s attempts", tries) if tries else _("as many as one likes"),
        ),
        (_("Grade"), _METHODS.get(number(own, "grademethod"), "")),
        (_("What counts"), _WHICH.get(number(own, "whatgrade"), "") if tries != 1 else ""),
        (_("Highest grade"), leaf(own, "maxgrade")),
    ]


def _tree(elements: list[etree._Element]) -> list[Part]:
    """The parts as each names the one above; what names none that is there stands at the top."""
    roots: list[Part] = []
    known: dict[tuple[str, str], tuple[Part, int]] = {}
    for element in sorted(elements, key=lambda one: number(one, "sortorder")):
        identifier, manifest = leaf(element, "identifier"), leaf(element, "manifest")
        part = Part(leaf(element, "title") or identifier, leaf(element, "launch"))
        above, depth = known.get((manifest, leaf(element, "parent")), (None, 0))
        (above.inside if above is not None and depth < DEEPEST else roots).append(part)
        known[manifest, identifier] = part, depth + 1
    return roots


def _attempts(source: Source, elements: list[etree._Element]) -> list[Attempt]:
    """What was tracked, put together by person, attempt and part."""
    titles = {slot: leaf(one, "title") for one in elements for slot in _slots(one)}
    attempts: dict[tuple[int, int, int], Attempt] = {}
    for slot, track in source.with_slots("scoes/sco/sco_tracks/sco_track"):
        who, tried = number(track, "userid"), number(track, "attempt")
        name = source.person(who)
        attempt = attempts.setdefault((who, tried, slot), Attempt(name, tried, titles.get(slot, "")))
        _take(attempt, track)
    return [attempts[key] for key in sorted(attempts)]


def _take(attempt: Attempt, track: etree._Element) -> None:
    element, value = leaf(track, "element"), leaf(track, "value")
    if element in _STATUS:
        attempt.status = _WORDS.get(value, value)
    elif element in _SCORE:
        attempt.score = value
    attempt.at = max(filter(None, (attempt.at, when(track, "timemodified"))), default=None)


def _slots(element: etree._Element) -> list[int]:
    return [int(one.text or 0) for one in element.iter(etree.ProcessingInstruction)]
