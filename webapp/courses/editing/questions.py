"""What teachers edit of a question, by its type: Moodle 4.5 question/type/*/edit_*_form.php."""

from __future__ import annotations

from webapp.courses.editing.things import Contents, Field, Kind, Part, Thing

_TEXT = Field("answertext", "Text")
_LINE = Field("answertext", "Text", Kind.LINE, needed=True, longest=2000)
_NUMBER = Field("answertext", "Number", Kind.NUMERAL, hint="* stands for every other answer.")
_FEEDBACK = Field("feedback", "Said after it")


def _answers(kind: str, *fields: Field, word: str = "Answer", named_by: str = "") -> Contents:
    path = f"plugin_qtype_{kind}_question/answers/answer"
    return Contents(parts=(Part(word, path, fields, named_by=named_by),))


def _tolerance(kind: str) -> Field:
    """It stands apart from the answers, in a record that names the answer."""
    record = f"../../{kind}_records/{kind}_record[answer='{{id}}']"
    hint = "How far off an answer may be. 0: not at all." if kind == "numerical" else ""
    return Field(f"{record}/tolerance", "Tolerance", Kind.TOLERANCE, hint=hint)


def _share(kind: Kind) -> Field:
    return Field("fraction", "Counts", kind)


def _combined(kind: str, options: str = "") -> Contents:
    """What is said after a right, a partly right and a wrong answer as a whole."""
    said = {"correct": "a right", "partiallycorrect": "a partly right", "incorrect": "a wrong"}
    own = f"plugin_qtype_{kind}_question/{options or kind}"
    return Contents(
        asides=tuple(
            Field(f"{own}/{name}feedback", f"Said after {words} answer") for name, words in said.items()
        )
    )


def _own(kind: str, container: str, word: str, *fields: Field) -> Contents:
    return Contents(parts=(Part(word, f"plugin_qtype_{kind}_question/{container}", fields),))


_CALCULATED = "calculated_options/calculated_option"
_NAMED = Field("label", "What it says", needed=True)
_ESSAY = "plugin_qtype_essay_question/essay"
#: Of a type that is not here, only what every question has is edited.
_KINDS = {
    "multichoice": _answers("multichoice", _TEXT, _share(Kind.SHARE), _FEEDBACK) + _combined("multichoice"),
    "truefalse": _answers("truefalse", _share(Kind.RIGHT), _FEEDBACK, named_by="answertext"),
    "shortanswer": _answers("shortanswer", _LINE, _share(Kind.GAIN), _FEEDBACK),
    "numerical": _answers(
        "numerical", _NUMBER, _tolerance("numerical"), _share(Kind.GAIN), _FEEDBACK
    ),
    "match": _own(
        "match", "matches/match", "Pair", Field("questiontext", "This"), Field("answertext", "belongs to", needed=True)
    )
    + _combined("match", "matchoptions"),
    "essay": Contents(
        asides=(
            Field(f"{_ESSAY}/graderinfo", "For those who mark it"),
            Field(f"{_ESSAY}/responsetemplate", "The answer begins with"),
        )
    ),
    "calculated": _answers("calculated", _LINE, _tolerance("calculated"), _share(Kind.GAIN), _FEEDBACK),
    "calculatedsimple": _answers("calculatedsimple", _LINE, _tolerance("calculated"), _share(Kind.GAIN), _FEEDBACK),
    "calculatedmulti": _answers("calculatedmulti", _TEXT, _share(Kind.SHARE), _FEEDBACK)
    + _combined("calculatedmulti", _CALCULATED),
    # Their fractions and feedback hold the order, and the groups of words.
    "ordering": _answers("ordering", _TEXT, word="Step") + _combined("ordering"),
    "ddwtos": _answers("ddwtos", _LINE, word="Word") + _combined("ddwtos"),
    "gapselect": _answers("gapselect", _LINE, word="Word") + _combined("gapselect"),
    "ddimageortext": _own("ddimageortext", "drags/drag", "Thing to drag", Field("label", "What it says"))
    + _combined("ddimageortext"),
    "ddmarker": _own("ddmarker", "drags/drag", "Marker", _NAMED) + _combined("ddmarker"),
    "randomsamatch": _combined("randomsamatch"),
}  # fmt: skip
QUESTION = Thing(
    "question",
    always=Contents(
        (Field("name", "Name", needed=True), Field("questiontext", "Question")),
        asides=(
            Field("generalfeedback", "Said after the question"),
            Part("Hint", "question_hints/question_hint", (Field("hint", "Text"),)),
        ),
    ),
    by="qtype",
    kinds=_KINDS,
)
