"""Reads one question: what every type has, then what is its own."""

from __future__ import annotations

from lxml import etree
from markupsafe import Markup

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.courses.bank.source import Question, Source, Write
from webapp.courses.bank.types import TYPES, Type, add_combined_feedback
from webapp.courses.viewers.leaves import id_of, leaf, shown

_STATES = {"draft": _l("Draft"), "hidden": _l("Put away")}


def read_question(element: etree._Element, write: Write) -> Question:
    """The question as it is shown. Its parts and its picture are found by whoever has the course."""
    source = Source(element, write)
    known = TYPES.get(source.type)
    parent = leaf(element, "parent")
    question = Question(
        id=source.id,
        name=leaf(element, "name"),
        type=source.type,
        kind=known.words if known else _unknown(source.type),
        text=Markup("") if source.type == "random" else source.html(element, "questiontext", "questiontext"),
        points="" if source.type == "description" else shown(leaf(element, "defaultmark")),
        # A random question of Moodle 3 names itself.
        is_part=parent not in ("", "0", element.get("id")),
        tags=[word for tag in element.iterfind("tags/tag") if (word := leaf(tag, "rawname") or leaf(tag, "name"))],
    )  # fmt: skip
    if leaf(element, "hidden") == "1":
        question.state = _STATES["hidden"]
    if known is not None:
        _read_own(known, source, question)
    _add_texts(source, question)
    return question


def state_of(version: etree._Element) -> str:
    """What the element question_versions says of its question, where it is not simply ready."""
    return _STATES.get(leaf(version, "status"), "")


def _read_own(known: Type, source: Source, question: Question) -> None:
    known.read(source, question)
    add_combined_feedback(source, question, known.options)


def _add_texts(source: Source, question: Question) -> None:
    feedback = source.html(source.element, "generalfeedback", "generalfeedback")
    if feedback:
        question.texts.append((_("Feedback to everybody"), feedback))
    for hint in source.element.iterfind("question_hints/question_hint"):
        if text := source.html(hint, "hint", "hint", id_of(hint)):
            question.texts.append((_("Hint"), text))


def _unknown(type: str) -> str:
    return _("Of the type “%(name)s”", name=type) if type else _("Of no known type")
