"""The gradebook's settings in words: how a category is worked out, and what an item counts in it."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.courses.grades.model import GradeCategory, GradeItem, GradeType, Mark, Shut
from webapp.courses.viewers.leaves import decimal
from webapp.formatters import moment

# Moodle 4.5 lib/grade/constants.php GRADE_AGGREGATE_*
_WAYS = {
    0: "The mean of what is in it",
    2: "The median of what is in it",
    4: "The lowest of what is in it",
    6: "The highest of what is in it",
    8: "The commonest of what is in it",
    10: "The mean, weighted",
    11: "The mean, weighted by what one can get",
    12: "The mean, with extra marks",
    13: "All of it added up",
}
_WEIGHTED, _BY_MAXIMUM, _WITH_EXTRA, _SUM = 10, 11, 12, 13


def way_of(category: GradeCategory) -> str:
    """How the total of a category comes about, with what is left out or counted besides."""
    return ". ".join(_way(category)) + "."


def _way(category: GradeCategory) -> Iterator[str]:
    yield _WAYS.get(category.aggregation, "In a way that is not known here")
    if category.drop_lowest:
        yield f"The lowest {_so_many(category.drop_lowest)} left out"
    if category.keep_highest:
        yield f"Only the highest {_so_many(category.keep_highest)}"
    if not category.only_graded:
        yield "What has no grade yet counts as the lowest"
    if category.with_outcomes:
        yield "Outcomes count too"


def _so_many(count: int) -> str:
    return "one" if count == 1 else str(count)


def range_of(item: GradeItem, scale: list[str]) -> str:
    """What one can get: "0 to 100", the words of a scale, or that there is no mark."""
    if item.grade_type == GradeType.SCALE:
        return " · ".join(scale) or "A scale that is not in the course"
    if item.grade_type == GradeType.TEXT:
        return "Words only"
    if item.grade_type == GradeType.NONE:
        return "Not graded"
    return f"{item.least or '0'} to {item.most}"


def weight_of(item: GradeItem, category: GradeCategory) -> str:
    """What an item, or the total of a category inside, counts in the category."""
    way = category.aggregation
    if item.grade_type in (GradeType.NONE, GradeType.TEXT):
        return "Does not count"
    if way == _SUM and item.coefficient > 0:
        return "Extra"
    if way == _SUM:
        return f"{_percent(item.share)}{', set by hand' if item.is_weight_set else ''}"
    if way == _WEIGHTED:
        return f"Weight {_plain(item.coefficient)}"
    if way == _BY_MAXIMUM:
        return "Extra" if item.coefficient > 0 else f"Weight {item.most}"
    if way == _WITH_EXTRA and item.coefficient > 0:
        return f"Extra, times {_plain(item.coefficient)}"
    return ""


def states_of(hidden: Shut, locked: Shut = Shut()) -> list[tuple[str, str]]:  # noqa: B008 (it never changes)
    """What is hidden or locked in words, each with its icon."""
    states = []
    if hidden:
        states.append((f"Hidden until {moment(hidden.at)}" if hidden.at else "Hidden from pupils", "hide"))
    if locked:
        states.append((f"Locked, {moment(locked.at)}" if locked.at else "Locked", "lock"))
    return states


def notes_of(mark: Mark) -> list[str]:
    """What is particular about a mark."""
    notes = [words for words, _icon in states_of(mark.hidden, mark.locked)]
    if mark.is_overridden:
        notes.append("Set by hand in the gradebook")
    if mark.is_excluded:
        notes.append("Does not count for this person")
    return notes


def _percent(share: float) -> str:
    return f"{_plain(share * 100)} %"


def _plain(value: float) -> str:
    return decimal(f"{value:.2f}")
