"""Makes, renames and deletes groups and groupings of a course, and says who and what is in them.

All of it is written into groups.xml as the course's own Moodle would have written it; what isn't touched stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import sqlalchemy as sa
from lxml import etree

from jobs.archive.ids.numbers import whole
from jobs.archive.xml import pack, set_text, unpack
from jobs.language import gettext as _
from webapp.access.audit import note
from webapp.content.documents import set_leaf
from webapp.content.edit import ContentChanged, Edit, EditRefused, edit
from webapp.content.enrolling import person_of
from webapp.content.groups import DOCUMENT, GROUP, GROUPING, groups_of
from webapp.content.records import Container, add_record, child, of_course
from webapp.content.shapes import Value, tree
from webapp.models import Course, CourseFile, Document, Membership, Person, Record

#: Since this one groups say who sees them and whether they take part in activities: Moodle 4.2.
_WITH_VISIBILITY = 2023042400
#: The one for which courses that were made here are written.
_MADE_HERE = 2022112800


@dataclass(frozen=True)
class Kind:
    """What groups and groupings have in common: a name, and a list of what is in them."""

    path: str
    #: The list, one entry of it, and the leaf of the entry that says what it is.
    inside: str
    entry: str
    leaf: str
    shape: Callable[[int], dict[str, Value]]
    #: Where in the document all of them are.
    container: Container


def _group(dialect: int) -> dict[str, Value]:
    newer: dict[str, Value] = {"visibility": 0, "participation": 1} if dialect >= _WITH_VISIBILITY else {}
    return {
        "name": "", "idnumber": "", "description": "", "descriptionformat": 1, "enrolmentkey": "",
        "picture": 0, **newer,
    }  # fmt: skip


def _grouping(_dialect: int) -> dict[str, Value]:
    return {"name": "", "idnumber": "", "description": "", "descriptionformat": 1, "configdata": None}


GROUPS = Kind(GROUP, "group_members", "group_member", "userid", _group, lambda root: root)
GROUPINGS = Kind(
    GROUPING, "grouping_groups", "grouping_group", "groupid", _grouping, lambda root: child(root, "groupings")
)


def make(course: Course, kind: Kind, name: str) -> int:
    """Add an empty group or grouping; returns its id. Raises EditRefused where the name is taken."""
    with edit(course) as change:
        _check_name(change, kind, name)
        (moodle_id,) = change.take_ids(1)
        leaves = kind.shape(_dialect(change)) | {"timecreated": change.now, "timemodified": change.now}
        element = tree(kind.path.rpartition("/")[2], leaves, tree(kind.inside), id=moodle_id)
        set_text(element[0], name)
        add_record(change, DOCUMENT, kind.path, element, kind.container)
        _say_that_groups_go_along(change)
        note(change.session, "groups changed", course=change.course, title=name, detail="made")
    return moodle_id


def rename(course: Course, kind: Kind, moodle_id: int, name: str) -> None:
    """Raises EditRefused where the name is taken, ContentChanged where there is no such group any more."""
    with edit(course) as change:
        _check_name(change, kind, name, but=moodle_id)
        record = _record(change, kind, moodle_id)
        element = unpack(record.body)
        set_leaf(element, "name", name)
        _keep(change, record, element)
        note(change.session, "groups changed", course=change.course, title=name, detail="renamed")


def delete(course: Course, kind: Kind, moodle_id: int) -> None:
    """Delete a group or grouping; who and what was in it stays. Raises ContentChanged where it is gone."""
    with edit(course) as change:
        record = _record(change, kind, moodle_id)
        title = unpack(record.body).findtext("name") or ""
        change.session.delete(record)
        if kind is GROUPS:
            _take_out_of_groupings(change, moodle_id)
        _forget_rest(change, kind.path.rpartition("/")[2], moodle_id)
        note(change.session, "groups changed", course=change.course, title=title, detail="deleted")


def put_in(
    course: Course, kind: Kind, moodle_id: int, numbers: Collection[int], members: Collection[Membership] = ()
) -> int:
    """Put people into a group, or groups into a grouping; returns how many were not in it. Raises ContentChanged.

    `members` are people who have a role here, of whom the content of the course may not know yet.
    """
    accounts = [one.id for one in members]
    with edit(course) as change:
        joined = change.session.scalars(sa.select(Membership).where(Membership.id.in_(accounts))).all()
        numbers = [*numbers, *(person_of(change, one) for one in joined)]
        change.session.flush()
        record = _record(change, kind, moodle_id)
        element = unpack(record.body)
        inside = element.find(kind.inside)
        if inside is None:
            inside = etree.SubElement(element, kind.inside)
        there = {entry.findtext(kind.leaf) for entry in inside}
        new = [number for number in _known(change, kind, numbers) if str(number) not in there]
        for number, entry_id in zip(new, change.take_ids(len(new)), strict=True):
            inside.append(_entry(kind, entry_id, number, change.now))
        _keep(change, record, element)
        note(change.session, "groups changed", course=change.course, title=element.findtext("name") or "",
             detail=f"{len(new)} put in")  # fmt: skip
    return len(new)


def take_out(course: Course, kind: Kind, moodle_id: int, numbers: Collection[int]) -> int:
    """The contrary of `put_in`; returns how many were in it."""
    with edit(course) as change:
        record = _record(change, kind, moodle_id)
        element = unpack(record.body)
        gone = _remove_entries(element, kind, {str(number) for number in numbers})
        _keep(change, record, element)
        note(change.session, "groups changed", course=change.course, title=element.findtext("name") or "",
             detail=f"{gone} taken out")  # fmt: skip
    return gone


def _check_name(change: Edit, kind: Kind, name: str, but: int = 0) -> None:
    """Moodle has no two groups, and no two groupings, of one name in a course."""
    others = sa.select(Record.body).where(*_mine(change, kind), Record.moodle_id != but)
    if any((unpack(body).findtext("name") or "").strip() == name for body in change.session.scalars(others)):
        raise EditRefused(_("There is one of this name already."), "name")


def _dialect(change: Edit) -> int:
    said = (change.version.manifest.get("information") or {}).get("backup_version", "")
    return whole(said, _MADE_HERE)


def _record(change: Edit, kind: Kind, moodle_id: int) -> Record:
    found = sa.select(Record).where(*_mine(change, kind), Record.moodle_id == moodle_id)
    record = change.session.scalars(found).first()
    if record is None:
        raise ContentChanged
    return record


def _mine(change: Edit, kind: Kind) -> tuple[sa.ColumnElement[bool], ...]:
    documents = sa.select(Document.id).where(of_course(change, DOCUMENT))
    return Record.document_id.in_(documents), Record.path == kind.path


def _keep(change: Edit, record: Record, element: etree._Element) -> None:
    set_leaf(element, "timemodified", str(change.now))
    record.body = pack(element)


def _known(change: Edit, kind: Kind, numbers: Collection[int]) -> list[int]:
    """Those of the numbers that are people, or groups, of this course."""
    if kind is GROUPINGS:
        return sorted({one.moodle_id for one in groups_of(change.version.id)} & set(numbers))
    found = sa.select(Person.moodle_id).where(
        Person.version_id == change.version.id, Person.moodle_id.in_(numbers)
    )
    return sorted(change.session.scalars(found))


def _entry(kind: Kind, entry_id: int, number: int, now: int) -> etree._Element:
    more: dict[str, Value] = {"component": "", "itemid": 0} if kind is GROUPS else {}
    return tree(kind.entry, {kind.leaf: number, "timeadded": now, **more}, id=entry_id)


def _remove_entries(element: etree._Element, kind: Kind, numbers: Collection[str]) -> int:
    inside = element.find(kind.inside)
    gone = [one for one in inside if one.findtext(kind.leaf) in numbers] if inside is not None else []
    for one in gone:
        one.getparent().remove(one)  # type: ignore[union-attr]
    return len(gone)


def _take_out_of_groupings(change: Edit, group_id: int) -> None:
    for record in change.session.scalars(sa.select(Record).where(*_mine(change, GROUPINGS))).all():
        element = unpack(record.body)
        if _remove_entries(element, GROUPINGS, {str(group_id)}):
            _keep(change, record, element)


def _forget_rest(change: Edit, name: str, moodle_id: int) -> None:
    """Delete the values that a site’s own fields have of what is deleted, and its pictures."""
    fields = sa.select(Record).join(Document).where(
        of_course(change, DOCUMENT), Record.path.endswith("customfield")
    )  # fmt: skip
    for record in change.session.scalars(fields).all():
        if unpack(record.body).findtext(f"{name}id") == str(moodle_id):
            change.session.delete(record)
    own = (CourseFile.version_id == change.version.id) & (CourseFile.context_id == change.version.context_id)
    own &= (CourseFile.component == name) & (CourseFile.itemid == moodle_id)
    change.session.execute(sa.delete(CourseFile).where(own))


def _say_that_groups_go_along(change: Edit) -> None:
    """An archive that came without groups says so; then a Moodle would not look for any."""
    settings = change.version.manifest.get("root_settings")
    if settings and settings.get("groups") == "0":
        change.version.manifest = {
            **change.version.manifest, "root_settings": {**settings, "groups": "1"},
        }  # fmt: skip
