"""What of that which comes in is in the course already, and so is not added again.

As Moodle 4.5 has it (backup/moodle2/restore_stepslib.php): roles by their short name, groups by name and
description, question categories and questions by their stamps, people by user name and address.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from jobs.archive.ids.numbers import whole_number
from jobs.archive.trees import Node, tree_for
from jobs.archive.xml import text_of
from jobs.steps.building.documents import ENROLMENT
from jobs.steps.matching.people import PeopleMatch, match_people
from jobs.steps.matching.questions import match_questions
from jobs.steps.matching.sides import Side
from jobs.steps.matching.tags import match_tags

Known = dict[tuple[str, int], int]

#: What H5P of the plugin mod_hvp is made of, for all its activities together.
LIBRARIES = "activities/hvp_libraries.xml"
#: The document of the course as a whole, the path in it, and the leaves by which two records are the same.
_Rule = tuple[str, str, tuple[str, ...]]
_BEFORE_QUESTIONS: tuple[_Rule, ...] = (
    ("roles.xml", "roles_definition/role", ("shortname",)),
    ("groups.xml", "groups/group", ("name", "description")),
    ("groups.xml", "groups/groupings/grouping", ("name", "description")),
    ("scales.xml", "scales_definition/scale", ("name", "scale")),
    ("outcomes.xml", "outcomes_definition/outcome", ("shortname", "fullname", "scaleid")),
)
_AFTER_QUESTIONS: tuple[_Rule, ...] = (
    ("badges.xml", "badges/badge", ("name", "description")),
    ("course/calendar.xml", "events/event", ("name", "eventtype", "timestart", "groupid")),
    ("course/contentbank.xml", "contents/content", ("name", "contenttype")),
    (LIBRARIES, "hvp_libraries/library", ("machine_name", "major_version", "minor_version", "patch_version")),
    ("course/enrolments.xml", ENROLMENT, ("userid",)),
    ("course/roles.xml", "roles/role_assignments/assignment", ("roleid", "userid")),
)


@dataclass
class Matches:
    """What is the same on both sides."""

    #: Kind and id of what comes in -> the id of the same thing in the course.
    known: Known = field(default_factory=dict)
    #: Both come from one site, to which tags belong.
    is_same_site: bool = False
    #: The course's own category of grades; what comes in belongs under it.
    top_grade_category: int | None = None
    #: Categories of grades that come along, because the course has none but its own.
    grade_categories: set[int] = field(default_factory=set)
    people: PeopleMatch = field(default_factory=PeopleMatch)
    #: The course's way of taking people in by hand.
    manual_enrolment: int | None = None
    #: How many there are of each kind that comes in, and how many of those are there already.
    incoming: Counter[str] = field(default_factory=Counter)
    reused: Counter[str] = field(default_factory=Counter)

    def new(self, kind: str | None, number: int, offset: int) -> int:
        """The id that something gets in the course."""
        if kind == "grade_category" and number not in self.grade_categories and self.top_grade_category:
            return self.top_grade_category
        if kind == "tag" and self.is_same_site:
            return number
        return self.known.get((kind or "", number), number + offset)


def match(
    incoming: Side,
    target: Side,
    same_people: frozenset[str] = frozenset(),
    *,
    is_turned: bool = False,
    by_account: bool = False,
) -> Matches:
    """Compare both sides; for `same_people` and `by_account` see `match_people`.

    `is_turned` says that the questions that come in had another form (`jobs.steps.matching.question_forms`).
    """
    ours, theirs = target.origin, incoming.origin
    matches = Matches(is_same_site=bool(theirs.site) and theirs.site == ours.site)
    known = matches.known
    known["course", theirs.course_id] = ours.course_id
    known["context", theirs.system_context_id] = ours.system_context_id
    known["context", theirs.context_id] = ours.context_id
    matches.people = match_people(incoming, target, same_people, by_account=by_account)
    known |= matches.people.known
    for document, path, leaves in _BEFORE_QUESTIONS:
        _match_records(incoming, target, document, path, leaves, matches)
    matches.incoming["question"], matches.reused["question"] = match_questions(
        incoming, target, known, is_turned=is_turned
    )
    if not matches.is_same_site:
        known |= match_tags(incoming, target)
    _match_gradebook(incoming, target, matches)
    _match_enrolments(incoming, target, matches)
    for document, path, leaves in _AFTER_QUESTIONS:
        _match_records(incoming, target, document, path, leaves, matches)
    return matches


def _match_records(
    incoming: Side, target: Side, document: str, path: str, leaves: tuple[str, ...], matches: Matches
) -> None:
    directory, _, filename = document.rpartition("/")
    node = tree_for(directory, filename).node(path)
    if node is None or node.kind is None:
        raise LookupError(f"{document} has no {path} with an id")
    there: dict[tuple[str, ...], int] = {}
    for number, element in _numbered(target, document, path):
        there.setdefault(_key(element, leaves, node, None), number)
    for number, element in _numbered(incoming, document, path):
        matches.incoming[node.kind] += 1
        same = there.get(_key(element, leaves, node, matches.known))
        if same is not None:
            matches.known[node.kind, number] = same
            matches.reused[node.kind] += 1


def _numbered(side: Side, document: str, path: str) -> Iterator[tuple[int, etree._Element]]:
    for part in side.records(document):
        number = whole_number(part.element.get("id"))
        if part.path == path and number:
            yield number, part.element


def _key(
    element: etree._Element, leaves: tuple[str, ...], node: Node, known: Known | None
) -> tuple[str, ...]:
    return tuple(_comparable(element.find(leaf), leaf, node, known) for leaf in leaves)


def _comparable(leaf: etree._Element | None, name: str, node: Node, known: Known | None) -> str:
    """The text of a leaf; an id as the course has it, or as one that it can't have."""
    text = "" if leaf is None else (text_of(leaf) or "").strip()
    declared = node.leaves.get(name)
    number = whole_number(text)
    if known is None or declared is None or not declared.refers_to or not number:
        return text
    same = known.get((declared.refers_to, number))
    return f"new {number}" if same is None else str(same)


def _match_gradebook(incoming: Side, target: Side, matches: Matches) -> None:
    """Hang what comes in under the course's own category; others come along only where it has none."""
    ours, theirs = target.skeleton("gradebook.xml"), incoming.skeleton("gradebook.xml")
    if ours is None:
        return
    top, others = _grade_categories(ours)
    matches.top_grade_category = top
    if theirs is None:
        return
    their_top, their_others = _grade_categories(theirs)
    if not others:
        matches.grade_categories = their_others
    if top and their_top:
        matches.known["grade_category", their_top] = top
    there = dict(_grade_items(ours))
    for key, number in _grade_items(theirs):
        if key in there:
            matches.known["grade_item", number] = there[key]


def _grade_categories(gradebook: etree._Element) -> tuple[int | None, set[int]]:
    """The course's own category, and the others."""
    top, others = None, set()
    for category in gradebook.iterfind("grade_categories/grade_category"):
        number = whole_number(category.get("id")) or 0
        if whole_number(category.findtext("parent")):
            others.add(number)
        else:
            top = number
    return top, others


def _grade_items(gradebook: etree._Element) -> Iterator[tuple[tuple[str, str], int]]:
    """The course's own total and the columns made by hand, each with what makes it the same."""
    for item in gradebook.iterfind("grade_items/grade_item"):
        kind, number = item.findtext("itemtype") or "", whole_number(item.get("id"))
        if number and kind in ("course", "manual"):
            yield (kind, (item.findtext("itemname") or "") if kind == "manual" else ""), number


def _match_enrolments(incoming: Side, target: Side, matches: Matches) -> None:
    """Take members in by a way of the same type, else by hand: a backup opens no new way into a course."""
    ours, theirs = target.skeleton("course/enrolments.xml"), incoming.skeleton("course/enrolments.xml")
    if ours is None or theirs is None:
        return
    ways: dict[str, int] = {}
    for way in ours.iterfind("enrols/enrol"):
        ways.setdefault(way.findtext("enrol") or "", whole_number(way.get("id")) or 0)
    matches.manual_enrolment = ways.get("manual")
    for way in theirs.iterfind("enrols/enrol"):
        same = ways.get(way.findtext("enrol") or "") or ways.get("manual")
        if same and (number := whole_number(way.get("id"))):
            matches.known["enrol", number] = same
