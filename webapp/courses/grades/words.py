"""The gradebook's settings in words: how a category is worked out, and what an item counts in it."""

from __future__ import annotations

from collections.abc import Iterator

from jobs.language import gettext as _, lazy_gettext as _l, ngettext, percent
from webapp.courses.grades.model import GradeCategory, GradeItem, GradeType, Mark, Shut
from webapp.courses.viewers.leaves import figures, shown
from webapp.pages.formatters import moment

# Moodle 4.5 lib/grade/constants.php GRADE_AGGREGATE_*
_WAYS = {
    0: _l("The mean of what is in it"),
    2: _l("The median of what is in it"),
    4: _l("The lowest of what is in it"),
    6: _l("The highest of what is in it"),
    8: _l("The commonest of what is in it"),
    10: _l("The mean, weighted"),
    11: _l("The mean, weighted by what one can get"),
    12: _l("The mean, with extra marks"),
    13: _l("All of it added up"),
}
_WEIGHTED, _BY_MAXIMUM, _WITH_EXTRA, _SUM = 10, 11, 12, 13


def way_of(category: GradeCategory) -> str:
    """How the total of a category comes about, with what is left out or counted besides."""
    return " ".join(_("%(way)s.", way=way) for way in _way(category))


def _way(category: GradeCategory) -> Iterator[str]:
    yield str(_WAYS.get(category.aggregation, _("In a way that is not known here")))
    if category.drop_lowest:
        yield _left_out(category.drop_lowest)
    if category.keep_highest:
        yield _kept(category.keep_highest)
    if not category.only_graded:
        yield _("What has no grade yet counts as the lowest")
    if category.with_outcomes:
        yield _("Outcomes count too")


def _left_out(count: int) -> str:
    return ngettext("The lowest one left out", "The lowest %(num)s left out", count)


def _kept(count: int) -> str:
    return ngettext("Only the highest one", "Only the highest %(num)s", count)


def range_of(item: GradeItem, scale: list[str]) -> str:
    """What one can get: "0 to 100", the words of a scale, or that there is no mark."""
    if item.grade_type == GradeType.SCALE:
        return " · ".join(scale) or _("A scale that is not in the course")
    if item.grade_type == GradeType.TEXT:
        return _("Words only")
    if item.grade_type == GradeType.NONE:
        return _("Not graded")
    return _("%(least)s to %(most)s", least=shown(item.least) or "0", most=shown(item.most))


def weight_of(item: GradeItem, category: GradeCategory) -> str:
    """What an item, or the total of a category inside, counts in the category."""
    way = category.aggregation
    if item.grade_type in (GradeType.NONE, GradeType.TEXT):
        return _("Does not count")
    if way == _SUM and item.coefficient > 0:
        return _("Extra")
    if way == _SUM:
        share = _percent(item.share)
        return _("%(share)s, set by hand", share=share) if item.is_weight_set else share
    if way == _WEIGHTED:
        return _("Weight %(weight)s", weight=shown(f"{item.coefficient:.2f}"))
    if way == _BY_MAXIMUM:
        return _("Extra") if item.coefficient > 0 else _("Weight %(weight)s", weight=shown(item.most))
    if way == _WITH_EXTRA and item.coefficient > 0:
        return _("Extra, times %(factor)s", factor=shown(f"{item.coefficient:.2f}"))
    return ""


def states_of(hidden: Shut, locked: Shut = Shut()) -> list[tuple[str, str]]:  # noqa: B008 (it never changes)
    """What is hidden or locked in words, each with its icon."""
    states = []
    if hidden:
        until = _("Hidden until %(time)s", time=moment(hidden.at)) if hidden.at else _("Hidden from pupils")
        states.append((until, "hide"))
    if locked:
        since = _("Locked, %(time)s", time=moment(locked.at)) if locked.at else _("Locked")
        states.append((since, "lock"))
    return states


def notes_of(mark: Mark) -> list[str]:
    """What is particular about a mark."""
    notes = [words for words, _icon in states_of(mark.hidden, mark.locked)]
    if mark.is_overridden:
        notes.append(_("Set by hand in the gradebook"))
    if mark.is_excluded:
        notes.append(_("Does not count for this person"))
    return notes


def _percent(share: float) -> str:
    return percent(figures(f"{share * 100:.2f}"))
