"""Ids inside a text: lists, paths, formulas, JSON. What stands around them stays as it was, to the letter."""

import re
from collections.abc import Callable

from jobs.archive.ids.id_names import kind_named
from jobs.archive.ids.mentions import renumber_participants

#: What gives the new id for one of a kind; the kind is None where nobody knows it.
NewId = Callable[[str | None, int], int]

_NUMBER = re.compile(r"[0-9]{1,16}")
# An object of JSON with no object in it: a brace within a string is none of its own.
_OBJECT = r'\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}'
_FLAT = re.compile(_OBJECT)
_TYPE = re.compile(r'"type"\s*:\s*"(?P<type>\w+)"')
_CALCULATION = re.compile(r"(?<=##gi)[0-9]{1,16}(?=##)")
# Moodle 4.5 availability/condition/*: where a condition holds an id, and of what. The last of them is a widespread
# plugin's: so many days after an activity was completed.
_CONDITIONS = {
    "completion": ("cm", "course_module"),
    "grade": ("id", "grade_item"),
    "group": ("id", "group"),
    "grouping": ("id", "grouping"),
    "relativedate": ("m", "course_module"),
}
# Conditions of other plugins name their ids as leaves do, or as the one on completion does.
_LEAF = re.compile(r'(?P<before>"(?P<name>\w+)"\s*:\s*"?)(?P<id>[0-9]{1,16})(?=["\s,}])')
# Moodle 4.3 question/bank/managecategories: {"filter":{"category":{"values":[11]}}}, and "cat":"category,context". The
# tags that a question must have are another filter (question/bank/tagquestion); before, a list of "id,name".
_FILTER = re.compile(r'"(?P<name>category|qtagids)"\s*:\s*\{(?:[^{}"]|"(?:[^"\\]|\\.)*"|' + _OBJECT + r")*\}")
_FILTERED = {"category": "question_category", "qtagids": "tag"}
_TAGS = re.compile(r'"tags"\s*:\s*\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\]')
_TAG = re.compile(r'(?<=")[0-9]{1,16}(?=,)')
_VALUES = re.compile(r'(?<="values":)\s*\[[^\]]*\]')
_CAT = re.compile(r'"cat"\s*:\s*"(?P<category>[0-9]{1,16})(?P<comma>,|%2C)(?P<context>[0-9]{1,16})"')
_NAMED = {"questioncategoryid": "question_category", "cmid": "course_module", "courseid": "course"}


def renumber_within(text: str, within: str, kind: str, new: NewId) -> str:
    """Return the text with its ids replaced; `within` and `kind` are those of a declared leaf."""
    if within == "json":
        if kind == "user":
            return renumber_participants(text, lambda old: new(kind, old))
        return _filter(text, new) if kind == "question_category" else text
    pattern = _CALCULATION if within == "formula" else _NUMBER
    return pattern.sub(lambda found: number(found[0], kind, new), text)


def number(text: str, kind: str | None, new: NewId) -> str:
    """Return the new id for one that is written down; 0 means none, and stays."""
    return str(new(kind, int(text))) if int(text) else text


def renumber_conditions(text: str, new: NewId) -> str:
    """Replace the ids in a tree of conditions: {"op":"&","c":[{"type":"completion","cm":12,"e":1}],…}."""

    def condition(kind: str, text: str) -> str:
        if kind in _CONDITIONS:
            return _replace_leaf(text, *_CONDITIONS[kind], new)
        return _LEAF.sub(lambda found: found["before"] + _named(found["id"], found["name"], new), text)

    return rewrite_conditions(text, condition)


def _named(text: str, name: str, new: NewId) -> str:
    kind = "course_module" if name == "cm" else kind_named(name)
    return number(text, kind, new) if kind else text


def rewrite_conditions(text: str, change: Callable[[str, str], str]) -> str:
    """Replace each condition of a tree by what `change` makes of its type and its own text."""

    def condition(found: re.Match[str]) -> str:
        typed = _TYPE.search(found[0])
        return change(typed["type"], found[0]) if typed else found[0]

    return _FLAT.sub(condition, text)


def _filter(text: str, new: NewId) -> str:
    """Replace the ids in what a random slot draws from, in the form of Moodle 4.3 or the one before it."""

    def values(text: str, kind: str) -> str:
        return _VALUES.sub(lambda list_: _NUMBER.sub(lambda one: number(one[0], kind, new), list_[0]), text)

    text = _FILTER.sub(lambda found: values(found[0], _FILTERED[found["name"]]), text)
    text = _TAGS.sub(lambda found: _TAG.sub(lambda one: number(one[0], "tag", new), found[0]), text)
    for leaf, kind in _NAMED.items():
        text = _replace_leaf(text, leaf, kind, new)
    return _CAT.sub(lambda found: _cat(found, new), text)


def _cat(found: re.Match[str], new: NewId) -> str:
    category = number(found["category"], "question_category", new)
    return f'"cat":"{category}{found["comma"]}{number(found["context"], "context", new)}"'


def _replace_leaf(text: str, leaf: str, kind: str, new: NewId) -> str:
    pattern = rf'("{leaf}"\s*:\s*"?)([0-9]{{1,16}})(?=["\s,}}\]])'
    return re.sub(pattern, lambda found: found[1] + number(found[2], kind, new), text)
