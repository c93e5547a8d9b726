"""When an activity counts as done.

Moodle 4.5 lib/completionlib.php, and classes/completion/custom_completion.php of each module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from jobs.language import gettext as _, lazy_gettext as _l, ngettext
from webapp.courses.viewers.leaves import leaf, number, when
from webapp.pages.formatters import exact_duration

_BY_HAND, _BY_ITSELF = 1, 2
#: Leaves of a type's own element that have to be 1, or a number, for it to be done, in words.
_OWN = {
    "completionsubmit": _l("Something was handed in"),
    "completionendreached": _l("The end was reached"),
    "completionattemptsexhausted": _l("No attempt is left"),
    "completionpass": _l("It was passed"),
}
_COUNTED: Mapping[str, Callable[[int], str]] = {
    "completionposts": lambda count: ngettext(
        "At least %(num)s post was written", "At least %(num)s posts were written", count
    ),
    "completiondiscussions": lambda count: ngettext(
        "At least %(num)s discussion was begun", "At least %(num)s discussions were begun", count
    ),
    "completionreplies": lambda count: ngettext(
        "At least %(num)s reply was written", "At least %(num)s replies were written", count
    ),
    "completionentries": lambda count: ngettext(
        "At least %(num)s entry was made", "At least %(num)s entries were made", count
    ),
    "completionminattempts": lambda count: ngettext(
        "At least %(num)s attempt was made", "At least %(num)s attempts were made", count
    ),
}
#: What a SCORM package has to say of itself, as bits.
_PACKAGE = {2: _l("The package says “passed”"), 4: _l("The package says “completed”")}


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
        yield _("It was looked at")
    if leaf(module, "completionpassgrade") == "1":
        yield _("There is a grade that passes")
    elif leaf(module, "completiongradeitemnumber") not in ("", "$@NULL@$"):
        yield _("There is a grade")
    if own is not None:
        yield from _own_rules(own)


def _own_rules(own: etree._Element) -> Iterator[str]:
    for name, words in _OWN.items():
        if leaf(own, name) == "1":
            yield str(words)
    for name, say in _COUNTED.items():
        if (count := number(own, name)) > 0:
            yield say(count)
    if (seconds := number(own, "completiontimespent")) > 0:
        yield _("At least %(length)s were spent on it", length=exact_duration(seconds))
    if (score := number(own, "completionscorerequired")) > 0:
        yield _("A score of at least %(score)s was reached", score=score)
    for bit, words in _PACKAGE.items():
        if number(own, "completionstatusrequired") & bit:
            yield str(words)
