"""When an activity counts as done.

Moodle 4.5 lib/completionlib.php, and classes/completion/custom_completion.php of each module.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from webapp.courses.viewers.leaves import leaf, number, when
from webapp.formatters import counted, exact_duration

_BY_HAND, _BY_ITSELF = 1, 2
#: Leaves of a type's own element that have to be 1, or a number, for it to be done, in words.
_OWN = {
    "completionsubmit": "Something was handed in",
    "completionendreached": "The end was reached",
    "completionattemptsexhausted": "No attempt is left",
    "completionpass": "It was passed",
}
_COUNTED = {
    "completionposts": ("post", "written"),
    "completiondiscussions": ("discussion", "begun"),
    "completionreplies": ("reply", "written"),
    "completionentries": ("entry", "made"),
    "completionminattempts": ("attempt", "made"),
}
#: What a SCORM package has to say of itself, as bits.
_PACKAGE = {2: "The package says “passed”", 4: "The package says “completed”"}
_PLURALS = {"reply": "replies", "entry": "entries"}


@dataclass(frozen=True)
class Completion:
    """How it comes to count as done."""

    #: Pupils tick it off themselves.
    is_by_hand: bool
    #: What all has to be true, where it goes by itself.
    rules: tuple[str, ...]
    #: Until when it is expected, in seconds since 1970.
    expected: int | None


def completion_of(module: etree._Element, own: etree._Element | None = None) -> Completion | None:
    """What module.xml and (where given) the type's own element say; None where nothing counts."""
    way = number(module, "completion")
    if way not in (_BY_HAND, _BY_ITSELF):
        return None
    rules = tuple(_rules(module, own)) if way == _BY_ITSELF else ()
    return Completion(way == _BY_HAND, rules, when(module, "completionexpected"))


def _rules(module: etree._Element, own: etree._Element | None) -> Iterator[str]:
    if leaf(module, "completionview") == "1":
        yield "It was looked at"
    if leaf(module, "completionpassgrade") == "1":
        yield "There is a grade that passes"
    elif leaf(module, "completiongradeitemnumber") not in ("", "$@NULL@$"):
        yield "There is a grade"
    if own is not None:
        yield from _own_rules(own)


def _own_rules(own: etree._Element) -> Iterator[str]:
    for name, words in _OWN.items():
        if leaf(own, name) == "1":
            yield words
    for name, (singular, verb) in _COUNTED.items():
        if (count := number(own, name)) > 0:
            are = "was" if count == 1 else "were"
            yield f"At least {counted(count, singular, _PLURALS.get(singular))} {are} {verb}"
    if (seconds := number(own, "completiontimespent")) > 0:
        yield f"At least {exact_duration(seconds)} were spent on it"
    if (score := number(own, "completionscorerequired")) > 0:
        yield f"A score of at least {score} was reached"
    for bit, words in _PACKAGE.items():
        if number(own, "completionstatusrequired") & bit:
            yield words
