"""What teachers edit of a question, by its type: Moodle 4.5 question/type/*/edit_*_form.php."""

from __future__ import annotations

from jobs.language import lazy_gettext as _l
from webapp.courses.editing.things import Contents, Field, Kind, Part, Thing

_TEXT = Field("answertext", _l("Text"))
_LINE = Field("answertext", _l("Text"), Kind.LINE, needed=True, longest=2000)
_NUMBER = Field("answertext", _l("Number"), Kind.NUMERAL, hint=_l("* stands for every other answer."))
_FEEDBACK = Field("feedback", _l("Said after it"))


def _answers(kind: str, *fields: Field, word: str = _l("Answer"), named_by: str = "") -> Contents:
    path = f"plugin_qtype_{kind}_question/answers/answer"
    return Contents(parts=(Part(word, path, fields, named_by=named_by),))


def _tolerance(kind: str) -> Field:
    """It stands apart from the answers, in a record that names the answer."""
    record = f"../../{kind}_records/{kind}_record[answer='{{id}}']"
    hint = _l("How far off an answer may be. 0: not at all.") if kind == "numerical" else ""
    return Field(f"{record}/tolerance", _l("Tolerance"), Kind.TOLERANCE, hint=hint)


def _share(kind: Kind) -> Field:
    return Field("fraction", _l("Counts"), kind)


def _combined(kind: str, options: str = "") -> Contents:
    """What is said after a right, a partly right and a wrong answer as a whole."""
    said = {
        "correct": _l("Said after a right answer"),
        "partiallycorrect": _l("Said after a partly right answer"),
        "incorrect": _l("Said after a wrong answer"),
    }
    own = f"plugin_qtype_{kind}_question/{options or kind}"
    return Contents(asides=tuple(Field(f"{own}/{name}feedback", words) for name, words in said.items()))


def _own(kind: str, container: str, word: str, *fields: Field) -> Contents:
    return Contents(parts=(Part(word, f"plugin_qtype_{kind}_question/{container}", fields),))


_CALCULATED = "calculated_options/calculated_option"
_NAMED = Field("label", _l("What it says"), needed=True)
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
        "match", "matches/match", _l("Pair"),
        Field("questiontext", _l("This")), Field("answertext", _l("belongs to"), needed=True),
    )
    + _combined("match", "matchoptions"),
    "essay": Contents(
        asides=(
            Field(f"{_ESSAY}/graderinfo", _l("For those who mark it")),
            Field(f"{_ESSAY}/responsetemplate", _l("The answer begins with")),
        )
    ),
    "calculated": _answers("calculated", _LINE, _tolerance("calculated"), _share(Kind.GAIN), _FEEDBACK),
    "calculatedsimple": _answers("calculatedsimple", _LINE, _tolerance("calculated"), _share(Kind.GAIN), _FEEDBACK),
    "calculatedmulti": _answers("calculatedmulti", _TEXT, _share(Kind.SHARE), _FEEDBACK)
    + _combined("calculatedmulti", _CALCULATED),
    # Their fractions and feedback hold the order, and the groups of words.
    "ordering": _answers("ordering", _TEXT, word=_l("Step")) + _combined("ordering"),
    "ddwtos": _answers("ddwtos", _LINE, word=_l("Word")) + _combined("ddwtos"),
    "gapselect": _answers("gapselect", _LINE, word=_l("Word")) + _combined("gapselect"),
    "ddimageortext": _own("ddimageortext", "drags/drag", _l("Thing to drag"), Field("label", _l("What it says")))
    + _combined("ddimageortext"),
    "ddmarker": _own("ddmarker", "drags/drag", _l("Marker"), _NAMED) + _combined("ddmarker"),
    "randomsamatch": _combined("randomsamatch"),
}  # fmt: skip
QUESTION = Thing(
    _l("Edit the question"),
    always=Contents(
        (Field("name", _l("Name"), needed=True), Field("questiontext", _l("Question"))),
        asides=(
            Field("generalfeedback", _l("Said after the question")),
            Part(_l("Hint"), "question_hints/question_hint", (Field("hint", _l("Text")),)),
        ),
    ),
    by="qtype",
    kinds=_KINDS,
)
