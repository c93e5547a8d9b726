"""An attempt at a quiz from before Moodle 2.1, question by question, in the form in which newer ones are shown.

Moodle 2.0 mod/quiz and question/type/*/questiontype.php: each state says what was answered by then and its points. That
of a random question begins with the one that was drawn, `random12-`; that of a choice lists the ids of its answers as
they were shown and, behind a colon, those that were chosen; that of true or false is the id of one. Sessions say what
a teacher wrote in the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from markupsafe import Markup

from jobs.language import gettext as _
from webapp.courses.bank.lookup import QuestionBank
from webapp.courses.bank.source import Question
from webapp.courses.viewers.documents import Source
from webapp.courses.viewers.leaves import leaf, number, shown, whole
from webapp.courses.viewers.quiz_attempts import Answered
from webapp.html import words

_DRAWN = re.compile(r"random([0-9]{1,16})-")
_WITH_IDS = frozenset({"multichoice", "truefalse", "calculatedmulti"})


def answered_before(source: Source, attempt: etree._Element) -> list[Answered]:
    """What was answered, in the order in which it was asked."""
    last: dict[int, etree._Element] = {}
    for state in sorted(attempt.iterfind("states/state"), key=lambda one: number(one, "seq_number")):
        last[number(state, "question")] = state
    drawn = {one: _drawn(state) or one for one, state in last.items()}
    known = QuestionBank(source.course).questions({*last, *drawn.values()})
    sessions = {number(one, "questionid"): one for one in attempt.iterfind("sessions/session")}
    return [
        _answered(source, place, last[one], known.get(drawn[one]), sessions.get(one))
        for place, one in enumerate(_in_order(attempt, last), 1)
    ]


def _drawn(state: etree._Element) -> int:
    found = _DRAWN.match(leaf(state, "answer"))
    return int(found[1]) if found else 0


def _in_order(attempt: etree._Element, known: dict[int, etree._Element]) -> Iterator[int]:
    """The questions as the layout of the attempt lists them; 0 is the end of a page."""
    listed = [whole(one) for one in leaf(attempt, "layout").split(",")]
    yield from (one for one in dict.fromkeys([*listed, *known]) if one in known)


def _answered(
    source: Source,
    place: int,
    state: etree._Element,
    question: Question | None,
    session: etree._Element | None,
) -> Answered:
    remark = source.html(session, "manualcomment") if session is not None else Markup("")
    said = _said(_DRAWN.sub("", leaf(state, "answer"), count=1), question)
    instances = source.own.iterfind("question_instances/question_instance")
    asked = number(state, "question")
    most = next((leaf(one, "grade") for one in instances if number(one, "question") == asked), "")
    got = leaf(state, "grade")
    return Answered(
        place,
        (words(question.text) or question.name) if question else "",
        said,
        ", ".join(words(one.text) for one in question.answers if one.is_right) if question else "",
        _("Answered") if said else _("Not answered"),
        _("%(got)s of %(most)s", got=shown(got), most=shown(most)) if got and most and said else "",
        remark,
        None,
        [],
    )


def _said(answer: str, question: Question | None) -> str:
    if question is None or question.type not in _WITH_IDS:
        return answer
    texts = {one.id: words(one.text) for one in question.answers}
    chosen = [whole(one) for one in answer.rpartition(":")[2].split(",")]
    return ", ".join(texts[one] for one in chosen if one in texts)
