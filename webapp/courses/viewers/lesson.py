"""A lesson: its pages in order, and for its teachers where each answer leads."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from jobs.language import gettext as _, lazy_gettext as _l, ngettext
from webapp.courses.viewers.documents import Pages, Source
from webapp.courses.viewers.exceptions import ExceptionFor, exceptions_of
from webapp.courses.viewers.leaves import figures, id_of, leaf, number, when
from webapp.courses.viewers.lesson_answers import Answers, Taker, answers_of, takers_of
from webapp.courses.viewers.names import Name
from webapp.pages.formatters import exact_duration, moment

#: Lesson pages on one page, and people named with their grades.
ROWS, NAMED = 50, 200
SHORT_ANSWER, MATCHING, NUMBER = 1, 5, 8
# Moodle 4.5 mod/lesson/pagetypes.
_KINDS = {
    SHORT_ANSWER: _l("Question: short answer"),
    2: _l("Question: true or false"),
    3: _l("Question: multiple choice"),
    MATCHING: _l("Question: matching"),
    NUMBER: _l("Question: a number"),
    10: _l("Question: essay, marked by a person"),
    20: _l("Page with buttons"),
    21: _l("End of a branch"),
    30: _l("Group of questions, of which some are drawn"),
    31: _l("End of a group of questions"),
}
# Moodle 4.5 mod/lesson/locallib.php LESSON_THISPAGE and so on.
_JUMPS = {
    0: _l("this page again"),
    -1: _l("the next page"),
    -9: _l("the end of the lesson"),
    -40: _l("the page before"),
    -50: _l("a question of this branch that was not seen yet"),
    -60: _l("any question of this branch"),
    -70: _l("any page with buttons"),
    -80: _l("a question of this group that was not seen yet"),
}


@dataclass(frozen=True)
class Answer:
    #: Plain, or cleaned where it is Markup; so is what it belongs to and what is said to it.
    text: str
    to: str
    response: str
    leads_to: str
    #: The page it leads to, where that is shown here too.
    page_id: int
    points: str


@dataclass(frozen=True)
class Page:
    id: int
    title: str
    kind: str
    text: str
    answers: list[Answer]


@dataclass(frozen=True)
class Graded:
    who: Name
    grade: str
    at: int | None


@dataclass(frozen=True)
class Lesson:
    settings: list[tuple[str, str]]
    shown: list[Page]
    pages: Pages
    graded: list[Graded]
    all_graded: int
    exceptions: list[ExceptionFor]
    takers: list[Taker]
    #: What the one person did who is asked for.
    answers: Answers | None


def lesson(source: Source) -> Lesson:
    """The pages hold what is right and what comes next: they are for those who may see people."""
    elements = _in_order(list(source.own.iterfind("pages/page")))
    pages = Pages(max(1, source.asked.page), len(elements), ROWS)
    here = elements[pages.first : pages.first + ROWS] if source.with_people else []
    titles = {id_of(one): leaf(one, "title") for one in elements}
    reader = _Reader(source, titles, {id_of(one) for one in here})
    return Lesson(
        _settings(source.own, len(elements)),
        [reader.page(one) for one in here],
        pages,
        [
            Graded(source.person(number(one, "userid")), figures(leaf(one, "grade")), when(one, "completed"))
            for one in source.all("grades/grade", limit=NAMED)
        ],
        source.count("grades/grade"),
        exceptions_of(source),
        takers_of(source) if source.with_people else [],
        answers_of(source, source.asked.item) if source.with_people else None,
    )


def _settings(own: etree._Element, pages: int) -> list[tuple[str, str]]:
    limit, tries = number(own, "timelimit"), number(own, "maxattempts")
    grade = number(own, "grade")
    return [
        (_("Pages"), str(pages)),
        (_("Open from"), moment(when(own, "available"))),
        (_("Last day"), moment(when(own, "deadline"))),
        (_("Time limit"), exact_duration(limit) if limit else ""),
        (_("Tries at a question"), ngettext("%(num)s try", "%(num)s tries", tries) if tries else ""),
        (_("May be taken again"), _("yes") if leaf(own, "retake") == "1" else _("no")),
        (_("Highest grade"), str(grade) if grade > 0 else _("by a scale") if grade else ""),
        (_("For practice"), _("it does not count") if leaf(own, "practice") == "1" else ""),
        (_("Password"), _("needed; not shown here") if leaf(own, "usepassword") == "1" else ""),
    ]


def _in_order(elements: list[etree._Element]) -> list[etree._Element]:
    """The pages as each names the next; those that no page names, or names again, come after."""
    by_id = {id_of(one): one for one in elements}
    first = next((one for one in elements if number(one, "prevpageid") == 0), None)
    ordered: dict[int, etree._Element] = {}
    at = first
    while at is not None and id_of(at) not in ordered:
        ordered[id_of(at)] = at
        at = by_id.get(number(at, "nextpageid"))
    return list((ordered | by_id).values())


class _Reader:
    """Reads pages, and says where their answers lead."""

    def __init__(self, source: Source, titles: dict[int, str], here: set[int]) -> None:
        self._source = source
        self._titles = titles
        self._here = here
        self._has_points = leaf(source.own, "custom") == "1"

    def page(self, element: etree._Element) -> Page:
        kind = number(element, "qtype")
        answers = list(element.iterfind("answers/answer"))
        if kind == MATCHING:
            shown = [
                self._said(one, words)
                for one, words in zip(answers, (_("All right"), _("Not all right")), strict=False)
            ]
            shown += [self._pair(one) for one in answers[2:]]
        else:
            shown = [self._answer(one, is_plain=kind in (SHORT_ANSWER, NUMBER)) for one in answers]
        return Page(
            id_of(element),
            leaf(element, "title"),
            _KINDS.get(kind, _("Page of an unknown kind")),
            self._text(element, "contents", "page_contents"),
            shown,
        )

    def _answer(self, one: etree._Element, *, is_plain: bool) -> Answer:
        text = leaf(one, "answer_text") if is_plain else self._text(one, "answer_text", "page_answers")
        return Answer(text, "", self._text(one, "response", "page_responses"), *self._way(one))

    def _said(self, one: etree._Element, words: str) -> Answer:
        """The first two answers of matching say what is told after it, right or wrong."""
        return Answer(words, "", self._text(one, "answer_text", "page_answers"), *self._way(one))

    def _pair(self, one: etree._Element) -> Answer:
        return Answer(leaf(one, "response"), self._text(one, "answer_text", "page_answers"), "", "", 0, "")

    def _way(self, one: etree._Element) -> tuple[str, int, str]:
        jump = number(one, "jumpto")
        leads_to = (
            _("“%(name)s”", name=self._titles[jump])
            if jump in self._titles
            else _JUMPS.get(jump, _("a page that is not there"))
        )
        score = number(one, "score") if self._has_points else 0
        return (
            leads_to,
            jump if jump in self._here else 0,
            ngettext("%(num)s point", "%(num)s points", score) if score else "",
        )

    def _text(self, element: etree._Element, name: str, area: str) -> str:
        format = "answerformat" if name == "answer_text" else ""
        return self._source.html(element, name, "mod_lesson", area, id_of(element), format=format)
