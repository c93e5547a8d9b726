"""A feedback: its questions in their order, and for its teachers how often each answer was given."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from jobs.language import gettext as _
from webapp.courses.viewers.documents import MOST_READ, Source
from webapp.courses.viewers.feedback_items import Question, question
from webapp.courses.viewers.leaves import id_of, leaf, number, when

_ANSWERS = "completeds/completed"


@dataclass(frozen=True)
class Item:
    """A question, a text between questions, or the beginning of a new page."""

    id: int
    label: str
    question: Question | None
    text: Markup
    #: On which earlier answer it depends, in words.
    depends: str


@dataclass(frozen=True)
class Feedback:
    opens: int | None
    closes: int | None
    is_anonymous: bool
    items: list[Item]
    after: Markup
    with_results: bool
    answers: int
    counted: int


def feedback(source: Source) -> Feedback:
    own = source.own
    elements = sorted(own.iterfind("items/item"), key=lambda one: number(one, "position"))
    questions = {
        id_of(one): _question(one) for one in elements if leaf(one, "typ") not in ("label", "pagebreak")
    }
    for completed in source.all(_ANSWERS):
        for value in completed.iterfind("values/value"):
            if asked := questions.get(number(value, "item")):
                asked.take(leaf(value, "value"))
    total = source.count(_ANSWERS)
    return Feedback(
        when(own, "timeopen"), when(own, "timeclose"), leaf(own, "anonymous") == "1",
        [_item(source, one, questions) for one in elements],
        source.html(own, "page_after_submit", "mod_feedback", "page_after_submit"),
        source.with_people, total, min(total, MOST_READ),
    )  # fmt: skip


def _question(element: etree._Element) -> Question:
    return question(
        leaf(element, "typ"),
        leaf(element, "name"),
        leaf(element, "presentation"),
        required=leaf(element, "required") == "1",
    )


def _item(source: Source, element: etree._Element, questions: dict[int, Question]) -> Item:
    text = Markup("")
    if leaf(element, "typ") == "label":
        text = source.text(leaf(element, "presentation"), 1, ("mod_feedback", "item", id_of(element)))
    above = questions.get(number(element, "dependitem"))
    value = leaf(element, "dependvalue")
    depends = (
        _("Asked where “%(name)s” is answered with “%(value)s”.", name=above.name, value=value)
        if above
        else ""
    )
    return Item(id_of(element), leaf(element, "label"), questions.get(id_of(element)), text, depends)
