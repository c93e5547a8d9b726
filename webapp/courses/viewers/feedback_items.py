"""The questions of a feedback: what Moodle writes into `presentation`, and what it means by a value.

Moodle 4.5 mod/feedback/item/*/lib.php: options stand after "r>>>>>" (r: one, c: several, d: one from a list),
parted by "|", with "<<<<<1" behind them where they stand side by side; a rated option is "5####Very good".
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from jobs.language import decimal, gettext as _, lazy_gettext as _l

_WORDS = {
    "textfield": _l("A short answer"),
    "textarea": _l("A longer answer"),
    "numeric": _l("A number"),
    "multichoice": _l("Choices"),
    "multichoicerated": _l("Choices with points"),
    "info": _l("Something that Moodle fills in"),
    "captcha": _l("A check that nobody’s machine answers"),
}
CHOICES = frozenset({"multichoice", "multichoicerated"})
#: Answers in words that are shown of one question.
MOST_WORDS = 50


@dataclass(frozen=True)
class Question:
    """One question with what was counted for it so far."""

    type: str
    name: str
    kind: str
    required: bool
    options: list[str]
    chosen: Counter[int] = field(default_factory=Counter)
    words: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return self.answers["all"]

    @property
    def results(self) -> list[tuple[str, int]]:
        """Each option with how often it was chosen; their numbers begin with 1."""
        return [(text, self.chosen[place]) for place, text in enumerate(self.options, 1)]

    @property
    def mean(self) -> str:
        numbers = [float(one) for one in self.words if re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", one)]
        return decimal(f"{sum(numbers) / len(numbers):g}") if self.type == "numeric" and numbers else ""

    def take(self, value: str) -> None:
        """Count an answer in: the numbers of options, or words."""
        if not value or (self.type in CHOICES and value == "0"):
            return
        self.answers["all"] += 1
        if self.type in CHOICES:
            self.chosen.update(int(one) for one in value.split("|") if one.isdecimal() and len(one) < 9)
        elif len(self.words) < MOST_WORDS or self.type == "numeric":
            self.words.append(value)


def question(type: str, name: str, presentation: str, *, required: bool) -> Question:
    options, kind = [], str(_WORDS.get(type, type))
    if type in CHOICES:
        shape, _mark, rest = presentation.rpartition(">>>>>")
        options = [_option(one) for one in rest.partition("<<<<<")[0].split("|") if one.strip()]
        kind = _("Several choices") if shape.startswith("c") else _("One choice")
    elif type == "numeric":
        lowest, _bar, highest = presentation.partition("|")
        limits = [
            _("from %(lowest)s", lowest=lowest) if _is_number(lowest) else "",
            _("to %(highest)s", highest=highest) if _is_number(highest) else "",
        ]
        kind = " ".join([kind, *filter(None, limits)])
    return Question(type, name, kind, required, options)


def _option(text: str) -> str:
    points, mark, words = text.strip().partition("####")
    return f"{words.strip()} ({points.strip()})" if mark else text.strip()


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text.strip()) is not None
