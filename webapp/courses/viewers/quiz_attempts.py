"""One attempt at a quiz, question by question: what was asked, answered and given for it.

Moodle 4.5 question/engine: an attempt keeps all of this in itself, whatever becomes of the question later; its steps
are what happened one after the other, and their variables that begin with "-" are what people did to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.courses.viewers.documents import Source
from webapp.courses.viewers.leaves import id_of, leaf, number, shown, when
from webapp.courses.viewers.names import Name
from webapp.models import CourseFile

# Moodle 4.5 question/engine/states.php
_STATES = {
    "todo": _l("Not answered"),
    "invalid": _l("Not answered as it should be"),
    "complete": _l("Answered"),
    "needsgrading": _l("Waits to be marked"),
    "gaveup": _l("Not answered"),
    "gradedwrong": _l("Wrong"),
    "gradedpartial": _l("Partly right"),
    "gradedright": _l("Right"),
    "finished": _l("Answered"),
    "mangaveup": _l("Not answered; marked by a person"),
    "manfinished": _l("Marked by a person"),
    "mangrwrong": _l("Wrong; marked by a person"),
    "mangrpartial": _l("Partly right; marked by a person"),
    "mangrright": _l("Right; marked by a person"),
}
_FILES = ("response_attachments", "response_answer")


@dataclass(frozen=True)
class Answered:
    """One question of an attempt."""

    slot: int
    asked: str
    answer: str
    right: str
    state: str
    points: str
    remark: Markup
    remark_by: Name | None
    files: list[CourseFile]


@dataclass(frozen=True)
class WholeAttempt:
    who: Name
    number: int
    begun: int | None
    finished: int | None
    points: str
    answered: list[Answered]


def whole_attempt(
    source: Source, moodle_id: int | None, *, before: Callable[[Source, etree._Element], list[Answered]]
) -> WholeAttempt | None:
    """The attempt with this id of the archive; None if there is none, or it is not for this person to see.

    `before` reads what was answered in one from before Moodle 2.1.
    """
    element = source.one("attempts/attempt", moodle_id) if moodle_id else None
    if element is None:
        return None
    asked = sorted(element.iter("question_attempt"), key=lambda one: number(one, "slot"))
    steps = [id_of(step) for one in asked for step in one.iterfind("steps/step")]
    files = [source.files("question", area, steps) for area in _FILES]
    return WholeAttempt(
        source.person(number(element, "userid")),
        number(element, "attemptnum"),
        when(element, "timestart"),
        when(element, "timefinish"),
        shown(leaf(element, "sumgrades")),
        [_answered(source, one, files) for one in asked] or before(source, element),
    )


def _answered(source: Source, element: etree._Element, files: list[dict[int, list[CourseFile]]]) -> Answered:
    steps = sorted(element.iterfind("steps/step"), key=lambda one: number(one, "sequencenumber"))
    last = steps[-1] if steps else None
    remark, step = _remark(steps)
    kept = {row.id: row for step in steps for some in files for row in some.get(id_of(step), [])}
    return Answered(
        number(element, "slot"),
        leaf(element, "questionsummary"),
        leaf(element, "responsesummary"),
        leaf(element, "rightanswer"),
        _STATES.get(leaf(last, "state"), leaf(last, "state")),
        _points(steps, leaf(element, "maxmark")),
        source.text(remark, 1) if remark else Markup(""),
        source.person(number(step, "userid")) if step is not None else None,
        list(kept.values()),
    )


def _points(steps: list[etree._Element], most: str) -> str:
    """What it got of what it could get; nothing where nobody has marked it."""
    fractions = [one for one in (leaf(step, "fraction") for step in steps) if one]
    try:
        got = shown(f"{float(fractions[-1]) * float(most):.2f}") if fractions else ""
        return _("%(got)s of %(most)s", got=got, most=shown(most)) if fractions else ""
    except ValueError:
        return ""


def _remark(steps: list[etree._Element]) -> tuple[str, etree._Element | None]:
    """What a teacher wrote with the mark last, and the step in which that was."""
    for step in reversed(steps):
        for variable in step.iterfind("response/variable"):
            if leaf(variable, "name") == "-comment" and leaf(variable, "value"):
                return leaf(variable, "value"), step
    return "", None
