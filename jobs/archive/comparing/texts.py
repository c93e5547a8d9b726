"""Whether two texts say the same but for ids in them: of links, conditions, lists and packed settings."""

import base64
import binascii
import re

from jobs.archive.ids.mentions import renumber_mentions

_NUMBER = re.compile(r"-?[0-9]+")
_DIGITS = re.compile(r"[0-9]+")
#: Texts in which ids stand: a token, a list or path of numbers, JSON, a formula, what PHP serialised.
_HOLDS_IDS = re.compile(r"\$@[A-Z0-9]+\*|##gi[0-9]|/pluginfile\.php/|\A[\[{]|\A[aO]:[0-9]|\A[0-9,/:_ ]+\Z")
_IN_BASE64 = ("YTo", "Tzo")
#: Leaves that hold the id of one thing or another, though they are not named like it.
_INSTANCES = frozenset({"instance", "iteminstance", "value", "name"})


def is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def is_id_name(name: str) -> bool:
    """Whether a leaf or attribute that nobody has declared is called like one that holds an id."""
    return name.endswith("id") or name in _INSTANCES


def differ_in_ids(before: str, after: str) -> bool:
    """Whether a text holds ids, and is the same with all numbers taken out."""
    before, after = _unpacked(before), _unpacked(after)
    return _blank(before) == _blank(after) and _HOLDS_IDS.search(before) is not None


def differ_in_people(before: str, after: str) -> bool:
    """Whether two texts are the same but for the ids of the people whom they mention."""
    return renumber_mentions(before, _nobody) == renumber_mentions(after, _nobody)


def _nobody(_number: int) -> int:
    return 0


def _blank(text: str) -> str:
    return _DIGITS.sub("#", text)


def _unpacked(text: str) -> str:
    if not text.startswith(_IN_BASE64):
        return text
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except binascii.Error:
        return text
