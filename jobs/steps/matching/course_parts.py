"""What of a course as a whole goes along when it is added to another one, and what does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from jobs.archive.ids.numbers import whole_number
from jobs.language import gettext as _, lazy_gettext as _l
from jobs.steps.matching.matches import LIBRARIES, Matches
from jobs.steps.matching.questions import QUESTIONS
from jobs.steps.matching.sides import Side
from jobs.steps.selecting.bank import is_top

ENROLMENTS = "course/enrolments.xml"
ROLES = "course/roles.xml"
GRADEBOOK = "gradebook.xml"
#: Documents whose content is added to what the course has.
TAKEN = ("roles.xml", "groups.xml", "scales.xml", "outcomes.xml", QUESTIONS, GRADEBOOK, "badges.xml",
         "course/calendar.xml", "course/contentbank.xml", ENROLMENTS, ROLES, "files.xml", "users.xml",
         LIBRARIES)  # fmt: skip
#: Documents that the course keeps as its own, with what there would be to take, and what that is in words.
_OWN = {
    "completion.xml": ("*", _l("The rules for when the course counts as completed")),
    "grade_history.xml": ("grade_grades/*", _l("What grades of the course itself were before")),
    "course/completiondefaults.xml": ("*", _l("What new activities ask for to count as completed")),
    "course/competencies.xml": ("competencies/*", _l("The competencies that the course teaches towards")),
    "course/filters.xml": ("*/*", _l("The text filters of the course")),
    "course/comments.xml": ("*", _l("Comments on the page of the course")),
    "course/logs.xml": ("*", _l("The log of who did what in the course as a whole")),
    "course/logstores.xml": ("*/*/*", _l("The log of who did what in the course as a whole")),
    ROLES: ("role_overrides/*", _l("What roles may do in the course beyond what is usual")),
}
#: Documents that only list what is taken or told elsewhere, or say how the course itself is set.
_LISTS = ("moodle_backup.xml", "course/course.xml", "course/inforef.xml",
          "course/loglastaccess.xml")  # fmt: skip


def unknown_to_all(names: Iterable[str]) -> set[str]:
    """Those documents of the course as a whole of which nobody knows what they say of it."""
    return set(names) - {*TAKEN, *_OWN, *_LISTS}


def unjoinable(incoming: Side, there: Iterable[str]) -> list[str]:
    """Those of them that the course has too, and that are no lists of things with ids, which could stand in one."""
    both = sorted(unknown_to_all(incoming.names()).intersection(there))
    return [name for name in both if not _lists_things(incoming, name)]


def _lists_things(side: Side, name: str) -> bool:
    numbered = [bool(whole_number(part.element.get("id"))) for part in side.records(name)]
    return bool(numbered) and all(numbered)


def not_taken(incoming: Side, matches: Matches, there: Iterable[str]) -> list[str]:
    """What comes in and is not taken, a sentence each; `there` are the names of the course's documents."""
    found = [
        _("%(words)s: not taken, the course keeps its own.", words=words)
        for words in dict.fromkeys(_own(incoming))
    ]
    found += [
        _(
            "%(name)s: not taken, the course has one of its own, and nobody here knows what they say.",
            name=name,
        )
        for name in unjoinable(incoming, there)
    ]
    return found + list(_grades_not_taken(incoming, matches))


def _own(incoming: Side) -> Iterator[str]:
    for name, (path, words) in _OWN.items():
        skeleton = incoming.skeleton(name)
        # Records leave a place behind in the skeleton, which `*` would not find.
        has_records = name != ROLES and next(incoming.records(name), None) is not None
        if skeleton is not None and (has_records or skeleton.find(path) is not None):
            yield words


def _grades_not_taken(incoming: Side, matches: Matches) -> Iterator[str]:
    gradebook = incoming.skeleton(GRADEBOOK)
    if gradebook is None or matches.top_grade_category is None:
        return
    for category in gradebook.iterfind("grade_categories/grade_category"):
        number = whole_number(category.get("id")) or 0
        if whole_number(category.findtext("parent")) and number not in matches.grade_categories:
            yield (
                _(
                    "The category “%(name)s” of the gradebook: not taken, the course has its own. What was "
                    "in it stands outside of them.",
                    name=category.findtext("fullname"),
                )
            )
    for item in gradebook.iterfind("grade_items/grade_item[itemtype='manual']"):
        if ("grade_item", whole_number(item.get("id")) or 0) in matches.known:
            yield _(
                "The grades under “%(name)s”: not taken, the course has a column of that name.",
                name=item.findtext("itemname"),
            )
    if gradebook.find("grade_letters/grade_letter") is not None:
        yield _("The letters for grades: not taken, the course keeps its own.")


def trim(
    name: str, root: etree._Element, into: etree._Element | None, first_id: int, *, people: bool
) -> bool:
    """Take out of a document what the course does not take, in place; false if nothing of it is taken.

    Ids below `first_id` are of things that the course has. `into` is the course's own document.
    """
    if name == GRADEBOOK:
        _trim_gradebook(root, first_id)
    elif name in (ENROLMENTS, ROLES) and not people:
        return False
    elif name == ROLES:
        _empty(root, "role_overrides")
    elif name == QUESTIONS and into is not None:
        _hang_under_top(root, into)
    return True


def _trim_gradebook(root: etree._Element, first_id: int) -> None:
    for name in ("attributes", "grade_letters", "grade_settings"):
        _empty(root, name)
    for path in ("grade_categories/grade_category", "grade_items/grade_item"):
        for element in root.findall(path):
            parent = element.getparent()
            if parent is not None and not _is_new(element, first_id):
                parent.remove(element)


def _is_new(element: etree._Element, first_id: int) -> bool:
    """Whether a category or column comes along; the total of a category does if the category does."""
    instance = whole_number(element.findtext("iteminstance")) or first_id
    is_total = element.findtext("itemtype") in ("category", "course")
    return (whole_number(element.get("id")) or 0) >= first_id and not (is_total and instance < first_id)


def _empty(root: etree._Element, name: str) -> None:
    for element in root.findall(name):
        del element[:]


def _hang_under_top(root: etree._Element, into: etree._Element) -> None:
    """Put categories that stand by themselves under the top one, as Moodle 3.5 and newer want it."""
    tops = {
        one.findtext("contextid"): one.get("id") for one in into.iterfind("question_category") if is_top(one)
    }
    for category in root.iterfind("question_category"):
        top, parent = tops.get(category.findtext("contextid")), category.find("parent")
        if top and parent is not None and parent.text == "0" and not is_top(category):
            parent.text = top
