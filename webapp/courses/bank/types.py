"""What the question types of Moodle's core hold: reference mod question/type/*/db/install.xml."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from webapp.courses.bank.pictures import read_image_or_text, read_markers
from webapp.courses.bank.source import Answer, Question, Source, amount, written
from webapp.courses.viewers.leaves import id_of, leaf
from webapp.formatters import counted

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
    said = {"correct": "a right", "partiallycorrect": "a partly right", "incorrect": "a wrong"}
    for name, words in said.items():
        if text := source.html(element, f"{name}feedback", f"{name}feedback"):
            question.texts.append((f"After {words} answer", text))


def _choices(source: Source, question: Question) -> None:
    options = source.options(TYPES[source.type].options)
    if options is not None and source.type != "truefalse":
        question.notes.append("One answer" if leaf(options, "single") == "1" else "Several answers")
    question.answers += [_answer(source, one) for one in source.rows("answers", "answer")]


def _short_answers(source: Source, question: Question) -> None:
    if leaf(source.options("shortanswer"), "usecase") == "1":
        question.notes.append("Capital and small letters count")
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
        question.notes.append(f"Units: {named}")
    _datasets(source, question)


def _datasets(source: Source, question: Question) -> None:
    for one in source.rows("dataset_definitions", "dataset_definition"):
        values = [amount(item, "value") for item in one.iterfind("dataset_items/dataset_item")]
        if values:
            reach = f"{counted(len(values), 'value')} from {written(min(values))} to {written(max(values))}"
            question.notes.append(f"{{{leaf(one, 'name')}}}: {reach}")


def _calculated_choices(source: Source, question: Question) -> None:
    _choices(source, question)
    _datasets(source, question)


def _pairs(source: Source, question: Question) -> None:
    for one in source.rows("matches", "match"):
        to = source.html(one, "questiontext", "subquestion", id_of(one), "qtype_match")
        answer = leaf(one, "answertext")
        question.answers.append(Answer(answer, to, bool(to), "" if to else "Belongs to nothing"))


def _gaps(source: Source, question: Question) -> None:
    asked = {int(found) for found in _GAP.findall(leaf(source.element, "questiontext"))}
    for place, one in enumerate(source.rows("answers", "answer"), 1):
        is_right = place in asked
        text = source.html(one, "answertext", "answer", id_of(one))
        verdict = "" if is_right else "Fits no gap"
        question.answers.append(Answer(text, f"[[{place}]]" if is_right else "", is_right, verdict))


def _essay(source: Source, question: Question) -> None:
    options = source.options("essay")
    least, most = amount(options, "minwordlimit"), amount(options, "maxwordlimit")
    if least:
        question.notes.append(f"At least {counted(int(least), 'word')}")
    if most:
        question.notes.append(f"At most {counted(int(most), 'word')}")
    files = leaf(options, "attachments")
    if files not in ("", "0"):
        question.notes.append("Any number of files" if files == "-1" else f"Files allowed: {files}")
    question.notes.append("A person marks it")
    for name, words in (
        ("graderinfo", "For those who mark it"),
        ("responsetemplate", "The answer begins with"),
    ):
        if text := source.html(options, name, "graderinfo", None, "qtype_essay"):
            question.texts.append((words, text))


def _whole(source: Source, question: Question) -> None:
    ids = leaf(source.options("multianswer"), "sequence").split(",")
    question.part_ids += [int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 18]


def _in_order(source: Source, question: Question) -> None:
    question.notes.append("The right order is the one shown")
    for place, one in enumerate(source.rows("answers", "answer"), 1):
        text = source.html(one, "answertext", "answer", id_of(one))
        question.answers.append(Answer(text, f"{place}.", is_right=True))


def _random_pairs(source: Source, question: Question) -> None:
    options = source.options("randomsamatch")
    below = " and those below it" if leaf(options, "subcats") == "1" else ""
    drawn = counted(int(amount(options, "choose")), "short answer")
    question.notes.append(f"Matches {drawn} drawn from its category{below}")


def _drawn(source: Source, question: Question) -> None:
    # Moodle 3.x question/type/random: its text says whether subcategories count.
    question.draws_below = leaf(source.element, "questiontext") == "1"
    below = " or those in it" if question.draws_below else ""
    question.notes.append(f"Any question of its category{below}")


def _nothing(_source: Source, _question: Question) -> None:
    return None


def _answer(source: Source, one: etree._Element, *, is_plain: bool = False, after: str = "") -> Answer:
    fraction = amount(one, "fraction")
    text = leaf(one, "answertext") if is_plain else source.html(one, "answertext", "answer", id_of(one))
    feedback = source.html(one, "feedback", "answerfeedback", id_of(one))
    return Answer(text + after, is_right=fraction > 0, verdict=_verdict(fraction), feedback=feedback)


def _verdict(fraction: float) -> str:
    if not fraction:
        return ""
    if fraction >= 1:
        return "Right"
    return f"Counts {written(round(fraction * 100, 1))}%".replace("-", "−")


TYPES = {
    "multichoice": Type("Multiple choice", _choices, "multichoice"),
    "truefalse": Type("True or false", _choices, "truefalse"),
    "shortanswer": Type("Short answer", _short_answers),
    "numerical": Type("Number", _numbers),
    "match": Type("Matching", _pairs, "matchoptions"),
    "essay": Type("Essay", _essay),
    "description": Type("A text, no question", _nothing),
    "multianswer": Type("Text with questions in it", _whole),
    "ddwtos": Type("Words to drag into gaps", _gaps, "ddwtos"),
    "gapselect": Type("Words to choose for gaps", _gaps, "gapselect"),
    "calculated": Type("Calculated", _numbers, "calculated_options/calculated_option"),
    "calculatedsimple": Type("Calculated, simple", _numbers, "calculated_options/calculated_option"),
    "calculatedmulti": Type(
        "Calculated multiple choice", _calculated_choices, "calculated_options/calculated_option"
    ),
    "ordering": Type("Putting in order", _in_order, "ordering"),
    "randomsamatch": Type("Short answers to match, drawn", _random_pairs, "randomsamatch"),
    "ddimageortext": Type("Things to drag onto a picture", read_image_or_text, "ddimageortext"),
    "ddmarker": Type("Markers to drag onto a picture", read_markers, "ddmarker"),
    "random": Type("Drawn from a category", _drawn),
}
