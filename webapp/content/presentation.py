"""The options of a feedback's question, as Moodle writes them into `presentation`.

Moodle 4.5 mod/feedback/item/multichoice and multichoicerated: the options stand after "r>>>>>" (r: one, c: several,
d: one from a list), parted by "|", with "<<<<<1" behind them where they stand side by side; a rated option is
"5####Very good". What is not touched stays as it is written.
"""

from __future__ import annotations

import re

from jobs.language import gettext as _

_BEGINNING, _ENDING, _PARTING, _POINTS = ">>>>>", "<<<<<", "|", "####"
_RATED = re.compile(r"(-?\d{1,9})\s*/\s*(.+)")


def options_in(presentation: str) -> list[str]:
    """The options as one types them, a rated one as "5/Very good"; blank ones are none."""
    return [_typed(one) for one in _pieces(presentation)[1] if one.strip()]


def words_in(presentation: str) -> list[str]:
    """The words of the options without their points, as other questions name them."""
    return [one.strip().rpartition(_POINTS)[2].strip() for one in _pieces(presentation)[1] if one.strip()]


def with_options(presentation: str, typed: list[str]) -> str:
    """The same with these options; those that say what they did before stay as they are written."""
    before, pieces, after = _pieces(presentation)
    written: list[str] = []
    lines = iter(typed)
    for piece in pieces:
        if not piece.strip():
            written.append(piece)
            continue
        line = next(lines, _typed(piece))
        written.append(piece if line == _typed(piece) else _written(line, is_rated=_POINTS in piece))
    is_rated = any(_POINTS in piece for piece in pieces)
    written += [_written(line, is_rated=is_rated) for line in lines]
    return f"{before}{_PARTING.join(written)}{after}"


def problem_of_option(presentation: str, typed: str) -> str:
    """What is wrong with an option as it is typed, in a sentence; empty if nothing is."""
    if any(mark in typed for mark in (_BEGINNING, _ENDING, _PARTING, _POINTS)):
        return _(
            "“%(option)s”: Moodle parts options by |, #### and <<<<<, so none can have these in it.",
            option=typed,
        )
    if _POINTS in presentation and not _RATED.fullmatch(typed):
        return _("“%(option)s”: begin with the points and a slash, like 5/%(option)s.", option=typed)
    return ""


def _pieces(presentation: str) -> tuple[str, list[str], str]:
    """What stands before the options, the options as they are written, and what stands after them."""
    shape, mark, rest = presentation.rpartition(_BEGINNING)
    options, ending, more = rest.partition(_ENDING)
    return shape + mark, options.split(_PARTING), ending + more


def _typed(piece: str) -> str:
    points, mark, text = piece.strip().partition(_POINTS)
    return f"{points.strip()}/{text.strip()}" if mark else points


def _written(line: str, *, is_rated: bool) -> str:
    rated = _RATED.fullmatch(line) if is_rated else None
    return f"{rated[1]}{_POINTS}{rated[2]}" if rated else line
