"""A question bank with one question of each core type, as Moodle 4 writes it and as the Moodles before it did."""

from html import escape
from itertools import count

_ids = count(1)


def _answers(*given):
    """Answers with what each is worth, and what is said to it."""
    return _rows(
        "answers",
        "answer",
        *(
            {
                "answertext": one[0],
                "answerformat": 1,
                "fraction": one[1],
                "feedback": one[2] if len(one) > 2 else "",
            }
            for one in given
        ),
    )


def _rows(container, name, *rows):
    return f"<{container}>{''.join(_row(name, **row) for row in rows)}</{container}>"


def _row(tag, /, **leaves):
    number = leaves.pop("id", None) or next(_ids)
    inside = leaves.pop("inside", "")
    texts = "".join(f"<{leaf}>{escape(str(value))}</{leaf}>" for leaf, value in leaves.items())
    return f'<{tag} id="{number}">{texts}{inside}</{tag}>'


_VALUES = _rows("dataset_items", "dataset_item", {"number": 1, "value": 2.5}, {"number": 2, "value": 4})
#: By type: the text of its question, and what only the type knows.
OWN = {
    "multichoice": (
        "Which sea?",
        _answers(("<p>The North Sea</p>", 0.5, "Cold."), ("<p>The desert</p><script>alert(1)</script>", -0.5))
        + _row("multichoice", single=0, correctfeedback="All found."),
    ),
    "truefalse": ("Is it wet?", _answers(("True", 1), ("False", 0))),
    "shortanswer": ("What falls?", _answers(("<b>ebb*", 1)) + _row("shortanswer", usecase=1)),
    "numerical": (
        "How many?",
        _rows("answers", "answer", {"id": 6001, "answertext": 12, "fraction": 1})
        + _rows("numerical_units", "numerical_unit", {"unit": "hours"})
        + _rows("numerical_records", "numerical_record", {"answer": 6001, "tolerance": 0.5}),
    ),
    "match": (
        "Match them",
        _rows(
            "matches",
            "match",
            {"questiontext": "flood", "answertext": "rising"},
            {"questiontext": "", "answertext": "dry"},
        ),
    ),
    "essay": ("Describe it", _row("essay", minwordlimit=50, attachments=2, graderinfo="Look for dates.")),
    "description": ("Read this first", None),
    "multianswer": ("{#1} floats", _row("multianswer", question=1, sequence="1201,9999")),
    "ddwtos": ("The [[2]] turns", _answers(("cow", 0), ("tide", 1))),
    "gapselect": ("A [[1]]", _answers(("gap word", 1))),
    "calculated": (
        "What is {a} + 1?",
        _rows("answers", "answer", {"id": 6002, "answertext": "{a} + 1", "fraction": 1})
        + _rows("dataset_definitions", "dataset_definition", {"name": "a", "inside": _VALUES})
        + _rows("calculated_records", "calculated_record", {"answer": 6002, "tolerance": 0.01}),
    ),
    "ordering": ("Sort", _answers(("dawn", 1), ("dusk", 1))),
    "randomsamatch": ("Pairs", _row("randomsamatch", choose=3, subcats=1)),
    "ddimageortext": (
        "Drag",
        _rows("drags", "drag", {"no": 1, "label": "buoy"}, {"no": 2, "label": "cactus"})
        + _rows("drops", "drop", {"no": 1, "xleft": 10, "ytop": 20, "choice": 1}),
    ),
    "ddmarker": (
        "Mark",
        _rows("drags", "drag", {"no": 1, "label": "pier"})
        + _rows("drops", "drop", {"no": 1, "shape": "circle", "coords": "5,5;3", "choice": 1}),
    ),
    "crossword": ("Fill it", _row("crossword", rows=7, hidden_word="kelp forest")),
}


def bank(*, modern=True):
    """Return questions.xml; the questions have the ids from 1101 on, their entries from 101 on."""
    questions = [
        _question(number, kind, f"About {kind}", *OWN[kind]) for number, kind in enumerate(OWN, 1101)
    ]
    questions.append(_question(1201, "shortanswer", "A part", "floats", _answers(("cork", 1)), parent=1108))
    if not modern:
        questions.append(_question(1301, "random", "Random (Tides)", "1", None, parent=1301))
    held = "".join(_entry(one, number) if modern else one for number, one in enumerate(questions, 101))
    categories = [(80, "top", 0, ""), (81, "Tides", 80, held), (82, "Spring tides", 81, "")]
    inside = "".join(_category(*one, modern) for one in categories)
    return f"<question_categories>{inside}</question_categories>".encode()


def _category(number, name, parent, held, modern):
    container = "question_bank_entries" if modern else "questions"
    return _row(
        "question_category",
        id=number,
        name=name,
        contextid=70,
        contextlevel=50,
        contextinstanceid=7,
        stamp=f"school.example+c{number}",
        parent=parent,
        inside=f"<{container}>{held}</{container}>",
    )


def _entry(question, number):
    version = _row(
        "question_versions", version=1, status="ready", inside=f"<questions>{question}</questions>"
    )
    inside = f"<question_version>{version}</question_version>"
    return _row("question_bank_entry", id=number, questioncategoryid=81, inside=inside)


def _question(number, kind, name, text, own, parent=0):
    return _row(
        "question",
        id=number,
        parent=parent,
        name=name,
        questiontext=text,
        questiontextformat=1,
        defaultmark="2.0000000",
        qtype=kind,
        stamp=f"school.example+q{number}",
        inside=f"<plugin_qtype_{kind}_question>{own}</plugin_qtype_{kind}_question>" if own else "",
    )
