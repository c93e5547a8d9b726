"""A quiz: how it goes, what it asks, and for its teachers who tried it and what they got."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from lxml import etree
from markupsafe import Markup

from jobs.language import gettext as _, lazy_gettext as _l, ngettext
from webapp.courses.bank.lookup import QuestionBank
from webapp.courses.viewers.documents import Pages, Source
from webapp.courses.viewers.exceptions import ExceptionFor, exceptions_of
from webapp.courses.viewers.leaves import id_of, leaf, number, shown, when
from webapp.courses.viewers.names import Name
from webapp.courses.viewers.quiz_attempts import WholeAttempt, whole_attempt
from webapp.courses.viewers.quiz_slots import Slot, slots_of
from webapp.courses.viewers.quiz_states import answered_before
from webapp.pages.formatters import exact_duration, moment

# Moodle 4.5 mod/quiz/lib.php QUIZ_GRADEHIGHEST and so on.
_METHODS = {1: _l("the best one"), 2: _l("the average"), 3: _l("the first one"), 4: _l("the last one")}
_BEHAVIOURS = {
    "deferredfeedback": _l("after the whole quiz"),
    "deferredcbm": _l("after the whole quiz, with how sure one is"),
    "adaptive": _l("at once, and one may try again"),
    "adaptivenopenalty": _l("at once, and one may try again without losing points"),
    "immediatefeedback": _l("at once"),
    "immediatecbm": _l("at once, with how sure one is"),
    "interactive": _l("at once, with hints and further tries"),
    "manualgraded": _l("by a person"),
}
_STATES = {
    "finished": _l("Finished"),
    "inprogress": _l("Begun"),
    "overdue": _l("Late"),
    "abandoned": _l("Never handed in"),
    "submitted": _l("Handed in"),
    "notstarted": _l("Not begun"),
}
# Moodle 4.5 mod/quiz/classes/question/display_options.php: when something may be looked at.
_LOOKS = (
    (0x10000, _l("while answering")),
    (0x01000, _l("right after")),
    (0x00100, _l("later")),
    (0x00010, _l("once it is closed")),
)


@dataclass(frozen=True)
class Attempt:
    id: int
    who: Name
    number: int
    state: str
    begun: int | None
    finished: int | None
    points: str
    #: What the person's attempts come to.
    grade: str


@dataclass(frozen=True)
class Feedback:
    least: str
    text: Markup


@dataclass(frozen=True)
class Quiz:
    settings: list[tuple[str, str]]
    with_questions: bool
    asked: int
    #: The slots by the page of the quiz that they are on.
    sheets: list[tuple[int, list[Slot]]]
    feedback: list[Feedback]
    attempts: list[Attempt]
    pages: Pages
    most_points: str
    most_grade: str
    exceptions: list[ExceptionFor]
    #: The one attempt that is asked for, with all that was answered.
    attempt: WholeAttempt | None


def quiz(source: Source) -> Quiz:
    """What is right, and what is asked at all, is for those who may see people."""
    own = source.own
    asked = len(own.findall("question_instances/question_instance"))
    pages = source.pages("attempts/attempt")
    shows_questions = source.with_people and pages.number == 1
    slots = slots_of(own, QuestionBank(source.course)) if shows_questions else []
    return Quiz(
        settings=_settings(own),
        with_questions=shows_questions,
        asked=asked,
        sheets=[(page, list(some)) for page, some in groupby(slots, key=lambda slot: slot.page)],
        feedback=_feedback(source) if shows_questions else [],
        attempts=_attempts(source, pages) if source.with_people else [],
        pages=pages,
        most_points=shown(leaf(own, "sumgrades")),
        most_grade=shown(leaf(own, "grade")),
        exceptions=exceptions_of(source),
        attempt=whole_attempt(source, source.asked.item, before=answered_before),
    )


def _settings(own: etree._Element) -> list[tuple[str, str]]:
    limit, tries = number(own, "timelimit"), number(own, "attempts_number")
    return [
        (_("Opens"), moment(when(own, "timeopen"))),
        (_("Closes"), moment(when(own, "timeclose"))),
        (_("Time to answer"), exact_duration(limit) if limit else _("as long as one likes")),
        (
            _("Attempts"),
            ngettext("%(num)s attempt", "%(num)s attempts", tries) if tries else _("as many as one likes"),
        ),
        (_("What counts"), _METHODS.get(number(own, "grademethod"), "") if tries != 1 else ""),
        (_("Highest grade"), shown(leaf(own, "grade"))),
        (
            _("Feedback comes"),
            _BEHAVIOURS.get(leaf(own, "preferredbehaviour"), leaf(own, "preferredbehaviour")),
        ),
        (_("Right answers are shown"), _looks(number(own, "reviewrightanswer"))),
        (
            _("Questions on a page"),
            leaf(own, "questionsperpage") if number(own, "questionsperpage") else _("all"),
        ),
        (_("Order"), _("one after the other, never back") if leaf(own, "navmethod") == "sequential" else ""),
        (_("Answers"), _("in another order each time") if leaf(own, "shuffleanswers") == "1" else ""),
        (_("Password"), _("needed; not shown here") if leaf(own, "password") else ""),
        (_("Where from"), _("certain addresses only") if leaf(own, "subnet") else ""),
    ]


def _looks(bits: int) -> str:
    return ", ".join(str(words) for bit, words in _LOOKS if bits & bit) or _("never")


def _feedback(source: Source) -> list[Feedback]:
    said = []
    for one in source.own.iterfind("feedbacks/feedback"):
        text = source.html(one, "feedbacktext", "mod_quiz", "feedback", id_of(one))
        if text:
            said.append(Feedback(shown(leaf(one, "mingrade")), text))
    return said


def _attempts(source: Source, pages: Pages) -> list[Attempt]:
    grades = {number(one, "userid"): shown(leaf(one, "gradeval")) for one in source.all("grades/grade")}
    return [_attempt(source, one, grades) for one in source.page_of("attempts/attempt", pages)]


def _attempt(source: Source, one: etree._Element, grades: dict[int, str]) -> Attempt:
    who = number(one, "userid")
    state = _("A teacher’s trial") if leaf(one, "preview") == "1" else _STATES.get(leaf(one, "state"), "")
    return Attempt(
        id_of(one),
        source.person(who),
        number(one, "attemptnum"),
        state,
        when(one, "timestart"),
        when(one, "timefinish"),
        shown(leaf(one, "sumgrades")),
        grades.get(who, ""),
    )
