"""What the question types of Moodle's core hold: reference mod question/type/*/db/install.xml."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from jobs.language import gettext as _, lazy_gettext as _l, ngettext, percent
from webapp.courses.bank.pictures import read_image_or_text, read_markers
from webapp.courses.bank.source import Answer, Question, Source, amount, written
from webapp.courses.viewers.leaves import figures, id_of, leaf

_GAP = re.compile(r"\[\[(\d{1,4})\]\]")


@dataclass(frozen=True)
class Type:
    """A type in words, and what reads its own part; `options` is the element of its settings."""

    words: str
    read: Callable[[Source, Question], None]
    options: str = ""


def add_combined_feedback(source: Source, question: Question, options: str) -> None:
    """Add what is said after a right, a partly right and a wrong answer."""
    element = source.options(options) if options else None
    said = {
        "correct": _("After a right answer"),
        "partiallycorrect": _("After a partly right answer"),
        "incorrect": _("After a wrong answer"),
    }
    for name, words in said.items():
        if text := source.html(element, f"{name}feedback", f"{name}feedback"):
            question.texts.append((words, text))


def _choices(source: Source, question: Question) -> None:
    options = source.options(TYPES[source.type].options)
    if options is not None and source.type != "truefalse":
        question.notes.append(_("One answer") if leaf(options, "single") == "1" else _("Several answers"))
    question.answers += [_answer(source, one) for one in source.rows("answers", "answer")]


def _short_answers(source: Source, question: Question) -> None:
    if leaf(source.options("shortanswer"), "usecase") == "1":
        question.notes.append(_("Capital and small letters count"))
    question.answers += [_answer(source, one, is_plain=True) for one in source.rows("answers", "answer")]


def _numbers(source: Source, question: Question) -> None:
    tolerances = {
        leaf(one, "answer"): amount(one, "tolerance")
        for path in (("numerical_records", "numerical_record"), ("calculated_records", "calculated_record"))
        for one in source.rows(*path)
    }
    for one in source.rows("answers", "answer"):
        tolerance = tolerances.get(one.get("id") or "", 0)
        after = f" ± {written(tolerance)}" if tolerance else ""
        question.answers.append(_answer(source, one, is_plain=True, after=after))
    units = [leaf(one, "unit") for one in source.rows("numerical_units", "numerical_unit")]
    if named := ", ".join(unit for unit in units if unit):
        question.notes.append(_("Units: %(units)s", units=named))
    _datasets(source, question)


def _datasets(source: Source, question: Question) -> None:
    for one in source.rows("dataset_definitions", "dataset_definition"):
        values = [amount(item, "value") for item in one.iterfind("dataset_items/dataset_item")]
        if values:
            least, most = written(min(values)), written(max(values))
            reach = ngettext(
                "%(num)s value from %(least)s to %(most)s",
                "%(num)s values from %(least)s to %(most)s",
                len(values),
                least=least,
                most=most,
            )
            question.notes.append(f"{{{leaf(one, 'name')}}}: {reach}")


def _calculated_choices(source: Source, question: Question) -> None:
    _choices(source, question)
    _datasets(source, question)


def _pairs(source: Source, question: Question) -> None:
    for one in source.rows("matches", "match"):
        to = source.html(one, "questiontext", "subquestion", id_of(one), "qtype_match")
        answer = leaf(one, "answertext")
        question.answers.append(Answer(answer, to, bool(to), "" if to else _("Belongs to nothing")))


def _gaps(source: Source, question: Question) -> None:
    asked = {int(found) for found in _GAP.findall(leaf(source.element, "questiontext"))}
    for place, one in enumerate(source.rows("answers", "answer"), 1):
        is_right = place in asked
        text = source.html(one, "answertext", "answer", id_of(one))
        verdict = "" if is_right else _("Fits no gap")
        question.answers.append(Answer(text, f"[[{place}]]" if is_right else "", is_right, verdict))


def _essay(source: Source, question: Question) -> None:
    options = source.options("essay")
    least, most = amount(options, "minwordlimit"), amount(options, "maxwordlimit")
    if least:
        question.notes.append(ngettext("At least %(num)s word", "At least %(num)s words", int(least)))
    if most:
        question.notes.append(ngettext("At most %(num)s word", "At most %(num)s words", int(most)))
    files = leaf(options, "attachments")
    if files not in ("", "0"):
        question.notes.append(
            _("Any number of files") if files == "-1" else _("Files allowed: %(files)s", files=files)
        )
    question.notes.append(_("A person marks it"))
    for name, words in (
        ("graderinfo", _("For those who mark it")),
        ("responsetemplate", _("The answer begins with")),
    ):
        if text := source.html(options, name, "graderinfo", None, "qtype_essay"):
            question.texts.append((words, text))


def _whole(source: Source, question: Question) -> None:
    ids = leaf(source.options("multianswer"), "sequence").split(",")
    question.part_ids += [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 18]


def _in_order(source: Source, question: Question) -> None:
    question.notes.append(_("The right order is the one shown"))
    for place, one in enumerate(source.rows("answers", "answer"), 1):
        text = source.html(one, "answertext", "answer", id_of(one))
        question.answers.append(Answer(text, f"{place}.", is_right=True))


def _random_pairs(source: Source, question: Question) -> None:
    options = source.options("randomsamatch")
    drawn = int(amount(options, "choose"))
    if leaf(options, "subcats") == "1":
        note = ngettext(
            "Matches %(num)s short answer drawn from its category and those below it",
            "Matches %(num)s short answers drawn from its category and those below it",
            drawn,
        )
    else:
        note = ngettext(
            "Matches %(num)s short answer drawn from its category",
            "Matches %(num)s short answers drawn from its category",
            drawn,
        )
    question.notes.append(note)


def _drawn(source: Source, question: Question) -> None:
    # Moodle 3.x question/type/random: its text says whether subcategories count.
    question.draws_below = leaf(source.element, "questiontext") == "1"
    below = question.draws_below
    question.notes.append(
        _("Any question of its category or those in it") if below else _("Any question of its category")
    )


def _nothing(_source: Source, _question: Question) -> None:
    return None


def _answer(source: Source, one: etree._Element, *, is_plain: bool = False, after: str = "") -> Answer:
    fraction = amount(one, "fraction")
    text = leaf(one, "answertext") if is_plain else source.html(one, "answertext", "answer", id_of(one))
    feedback = source.html(one, "feedback", "answerfeedback", id_of(one))
    return Answer(text + after, "", fraction > 0, _verdict(fraction), feedback, id_of(one))


def _verdict(fraction: float) -> str:
    if not fraction:
        return ""
    if fraction >= 1:
        return _("Right")
    return _("Counts %(share)s", share=percent(figures(f"{fraction * 100:.1f}")).replace("-", "−"))


TYPES = {
    "multichoice": Type(_l("Multiple choice"), _choices, "multichoice"),
    "truefalse": Type(_l("True or false"), _choices, "truefalse"),
    "shortanswer": Type(_l("Short answer"), _short_answers),
    "numerical": Type(_l("Number"), _numbers),
    "match": Type(_l("Matching"), _pairs, "matchoptions"),
    "essay": Type(_l("Essay"), _essay),
    "description": Type(_l("A text, no question"), _nothing),
    "multianswer": Type(_l("Text with questions in it"), _whole),
    "ddwtos": Type(_l("Words to drag into gaps"), _gaps, "ddwtos"),
    "gapselect": Type(_l("Words to choose for gaps"), _gaps, "gapselect"),
    "calculated": Type(_l("Calculated"), _numbers, "calculated_options/calculated_option"),
    "calculatedsimple": Type(_l("Calculated, simple"), _numbers, "calculated_options/calculated_option"),
    "calculatedmulti": Type(
        _l("Calculated multiple choice"), _calculated_choices, "calculated_options/calculated_option"
    ),
    "ordering": Type(_l("Putting in order"), _in_order, "ordering"),
    "randomsamatch": Type(_l("Short answers to match, drawn"), _random_pairs, "randomsamatch"),
    "ddimageortext": Type(_l("Things to drag onto a picture"), read_image_or_text, "ddimageortext"),
    "ddmarker": Type(_l("Markers to drag onto a picture"), read_markers, "ddmarker"),
    "random": Type(_l("Drawn from a category"), _drawn),
}
