"""Reads how the grades of a course are made up.

Totals and items of no activity stand in gradebook.xml, every activity's own items in its grades.xml. An archive of
part of a course has no gradebook.xml (Moodle writes it only with every graded activity): its items are shown alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from lxml import etree

from jobs.archive.xml import unpack
from webapp.content.lookups import activities_of
from webapp.courses.grades.model import GradeCategory, GradeItem, GradeType, Shut
from webapp.courses.viewers.documents import slots_of
from webapp.courses.viewers.leaves import figures, id_of, leaf, number, whole
from webapp.extensions import db
from webapp.models import Activity, Course, Document

_NAMES = ("gradebook.xml", "grades.xml")


def gradebook_of(course: Course) -> GradeCategory | None:
    """The category of the whole course with all that is in it; None where nothing is graded."""
    categories: dict[int, GradeCategory] = {}
    items: list[GradeItem] = []
    activities = {one.id: one for one in activities_of(course.version_id)}
    for document_id, activity_id, root in _documents(course):
        categories |= {
            one.id: one for one in map(_category, root.iterfind("grade_categories/grade_category"))
        }
        activity = activities.get(activity_id) if activity_id else None
        items += [_item(one, document_id, activity) for one in root.iterfind("grade_items/grade_item")]
    if not items:
        return None
    top = _tree(categories)
    _fill(top, categories, items)
    return top


def _documents(course: Course) -> Iterator[tuple[int, int | None, etree._Element]]:
    """Every document with grade items or categories, without the marks themselves."""
    asked = sa.select(Document.id, Document.activity_id, Document.skeleton).where(
        Document.version_id == course.version_id,
        Document.section_id.is_(None),
        Document.block_id.is_(None),
        Document.name.in_(_NAMES),
        sa.func.instr(Document.skeleton, b"<grade_item ") > 0,
    )
    for document_id, activity_id, skeleton in db.session.execute(asked):
        yield document_id, activity_id, unpack(skeleton)


def _tree(categories: dict[int, GradeCategory]) -> GradeCategory:
    """Put each category into its parent; returns the topmost, which stands for the course."""
    tops = [
        one for one in categories.values() if one.parent_id not in categories or _circles(one, categories)
    ]
    top = min(tops, key=lambda one: (one.parent_id, one.id), default=None)
    if top is None:
        top = GradeCategory(0, "", 0, -1, 0, 0, True, False, Shut())
    for one in categories.values():
        if one is not top:
            (top if one in tops else categories[one.parent_id]).inside.append(one)
    return top


def _circles(category: GradeCategory, categories: dict[int, GradeCategory]) -> bool:
    """Whether its parents lead nowhere: a damaged archive may name one that is within it."""
    seen = {category.id}
    at = categories.get(category.parent_id)
    while at is not None:
        if at.id in seen:
            return True
        seen.add(at.id)
        at = categories.get(at.parent_id)
    return False


def _fill(top: GradeCategory, categories: dict[int, GradeCategory], items: Iterable[GradeItem]) -> None:
    for item in sorted(items, key=lambda one: (one.place, one.id)):
        if item.kind == "course":
            top.total = item
        elif item.kind == "category" and item.instance_id in categories:
            categories[item.instance_id].total = item
        else:
            categories.get(item.category_id, top).items.append(item)


def _category(element: etree._Element) -> GradeCategory:
    name = leaf(element, "fullname")
    return GradeCategory(
        id_of(element),
        # Moodle calls the category of the whole course so.
        "" if name == "?" else name,
        number(element, "parent"),
        number(element, "aggregation"),
        number(element, "keephigh"),
        number(element, "droplow"),
        leaf(element, "aggregateonlygraded") != "0",
        leaf(element, "aggregateoutcomes") == "1",
        shut(leaf(element, "hidden")),
    )


def _item(element: etree._Element, document_id: int, activity: Activity | None) -> GradeItem:
    decimals = leaf(element, "decimals")
    kind = number(element, "gradetype")
    return GradeItem(
        id_of(element),
        document_id,
        min(slots_of(element), default=0),
        leaf(element, "itemtype"),
        leaf(element, "itemname"),
        number(element, "categoryid"),
        number(element, "iteminstance"),
        GradeType(kind) if kind in list(GradeType) else GradeType.VALUE,
        figures(leaf(element, "grademax")),
        figures(leaf(element, "grademin")),
        _unless_nothing(figures(leaf(element, "gradepass"))),
        number(element, "scaleid"),
        number(element, "outcomeid"),
        leaf(element, "calculation"),
        _real(leaf(element, "aggregationcoef")),
        _real(leaf(element, "aggregationcoef2")),
        leaf(element, "weightoverride") == "1",
        shut(leaf(element, "hidden")),
        shut(leaf(element, "locked"), leaf(element, "locktime")),
        number(element, "sortorder"),
        int(decimals) if decimals in ("0", "1", "2", "3", "4", "5") else None,
        leaf(element, "display"),
        activity,
    )


def shut(said: str, later: str = "") -> Shut:
    """What `hidden` or `locked` says: 0, 1, or a moment. The moment from which it is may stand in another leaf."""
    value, from_then = whole(said), whole(later)
    return Shut(value == 1, value if value > 1 else from_then if from_then > 1 else None)


def _real(text: str) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def _unless_nothing(text: str) -> str:
    return "" if text in ("0", "0.0") else text
