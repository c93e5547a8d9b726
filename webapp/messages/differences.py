"""What differs between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

#: Words, and what stands between them.
_WORDS = re.compile(r"\s+|\S+")

#: A stretch of a text, and whether the other text lacks it.
Stretch = tuple[str, bool]


def differences(one: str, other: str) -> tuple[list[Stretch], list[Stretch]]:
    """Both texts in stretches, each with whether the other text has something else there."""
    words, others = _WORDS.findall(one), _WORDS.findall(other)
    steps = SequenceMatcher(None, words, others, autojunk=False).get_opcodes()
    return (
        list(_stretches(words, ((start, end, how != "equal") for how, start, end, _, _ in steps))),
        list(_stretches(others, ((start, end, how != "equal") for how, _, _, start, end in steps))),
    )


def _stretches(words: list[str], places: Iterator[tuple[int, int, bool]]) -> Iterator[Stretch]:
    for start, end, differs in places:
        if start < end:
            yield "".join(words[start:end]), differs
