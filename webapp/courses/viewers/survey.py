"""A survey: one of Moodle's own questionnaires, and for its teachers how often each answer was given.

The questions themselves belong to Moodle and are in no archive; answers name them by number.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from markupsafe import Markup

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.courses.viewers.documents import MOST_READ, Source
from webapp.courses.viewers.leaves import leaf, number
from webapp.courses.viewers.names import Name

# Moodle 4.5 mod/survey/db/install.php: the templates by their numbers, and their answers by theirs.
_TEMPLATES = {
    1: _l("COLLES: what it is like"),
    2: _l("COLLES: what one would like"),
    3: _l("COLLES: what it is like, and what one would like"),
    4: _l("ATTLS: attitudes to thinking and learning"),
    5: _l("Critical incidents"),
}
_OFTEN = (_l("Almost never"), _l("Seldom"), _l("Sometimes"), _l("Often"), _l("Almost always"))
_AGREE = (
    _l("Strongly disagree"),
    _l("Somewhat disagree"),
    _l("Neither agree nor disagree"),
    _l("Somewhat agree"),
    _l("Strongly agree"),
)
_ATTLS = 4
#: Answers in words that are shown of one question, and notes.
MOST_WORDS = 50


@dataclass
class Question:
    number: int
    #: How often each answer was given; first what is so, then what one would like.
    chosen: tuple[Counter[int], Counter[int]] = field(default_factory=lambda: (Counter(), Counter()))
    words: list[str] = field(default_factory=list)

    def take(self, actual: str, preferred: str) -> None:
        for answer, chosen in zip((actual, preferred), self.chosen, strict=True):
            if answer.isdecimal() and len(answer) == 1:
                chosen[int(answer)] += answer != "0"
            elif answer and len(self.words) < MOST_WORDS:
                self.words.append(answer)


@dataclass(frozen=True)
class Counted:
    """A question's answers in words, with how often each was given."""

    number: int
    actual: list[tuple[str, int]]
    preferred: list[tuple[str, int]]
    words: list[str]


@dataclass(frozen=True)
class Survey:
    template: str
    questions: list[Counted]
    notes: list[tuple[Name, Markup]]
    with_results: bool
    answers: int
    counted: int


def survey(source: Source) -> Survey:
    template = number(source.own, "template")
    questions: dict[int, Question] = {}
    for answer in source.all("answers/answer"):
        asked = number(answer, "question")
        questions.setdefault(asked, Question(asked)).take(leaf(answer, "answer1"), leaf(answer, "answer2"))
    words = _AGREE if template == _ATTLS else _OFTEN
    notes = [
        (source.person(number(one, "userid")), source.text(leaf(one, "notes"), 2))
        for one in source.all("analysis/analys", limit=MOST_WORDS)
        if leaf(one, "notes")
    ]
    total = source.count("answers/answer")
    return Survey(
        _TEMPLATES.get(template, _("A questionnaire that is not known here")),
        [_counted(questions[one], words) for one in sorted(questions)],
        notes,
        source.with_people,
        total,
        min(total, MOST_READ),
    )


def _counted(question: Question, words: tuple[str, ...]) -> Counted:
    actual, preferred = (
        [(word, chosen[place]) for place, word in enumerate(words, 1) if chosen[place]]
        for chosen in question.chosen
    )
    return Counted(question.number, actual, preferred, question.words)
