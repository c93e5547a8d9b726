"""Adds a version that was made ready to the content of a course, in the transaction that ends the job.

What is added keeps the rows that it has: they change hands. What was edited in the course meanwhile stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.manifest.settings import PEOPLE_SETTINGS
from jobs.archive.trees import tree_for
from jobs.archive.xml import pack, unpack
from jobs.language import gettext as _
from jobs.problems import JobProblem
from jobs.steps.matching.course_parts import TAKEN, trim, unjoinable, unknown_to_all
from jobs.steps.matching.sides import NOWHERE, VersionSide, course_document
from jobs.steps.merging.carrying import Carrying
from jobs.steps.merging.grafting import Graft
from jobs.steps.root_documents import free_name
from webapp.content.columns import SECTION
from webapp.content.documents import move_into_columns, open_document, set_leaf
from webapp.content.edit import Edit
from webapp.content.ordering import activities_in, place_activities, renumber_sections
from webapp.models import Activity, Block, CourseFile, CourseVersion, Document, Person, Record, Section

_UNSYNCED = {"synchronize_session": False}


@dataclass
class Adoption:
    """What is to be added to a course, and how."""

    #: The version that comes in, and the first and last of the ids that were kept free for it.
    incoming_id: int
    first_id: int
    last_id: int
    #: The version of the course for which it was made ready.
    version_id: int
    #: Its sections that go into sections of the course.
    goes_to: dict[int, int]
    people: bool
    #: The stamp by which the same backup is known again.
    stamp: dict[str, Any] = field(default_factory=dict)


def adopt(change: Edit, adoption: Adoption) -> dict[str, Any]:
    """Add it; returns what taking it out again has to know. Raises JobProblem if the course is another by now."""
    _check(change, adoption)
    ahead = _places_ahead(change)
    kept = _adopt_sections(change, adoption, ahead)
    _adopt_activities(change, adoption, ahead)
    lists = _unknown_lists(change, adoption)
    whole, carried = _adopt_course_documents(change, adoption, lists)
    _adopt_rest(change, adoption, ahead)
    change.session.expire_all()
    filled = _into_sections(change, adoption)
    if _own_sections(change, adoption):
        renumber_sections(change)
    before = _join_manifests(change, adoption)
    return {
        "first": adoption.first_id, "last": adoption.last_id, "version_id": adoption.version_id,
        "documents": [*kept, *whole], "lists": lists, "carried": carried, "filled": filled,
        "sections": sorted(set(adoption.goes_to.values())), "root_settings": before, "stamp": adoption.stamp,
    }  # fmt: skip


def _check(change: Edit, adoption: Adoption) -> None:
    goals = set(adoption.goes_to.values())
    there = sa.select(sa.func.count()).where(Section.id.in_(goals), Section.version_id == change.version.id)
    if change.version.id != adoption.version_id or change.session.scalars(there).one() != len(goals):
        raise JobProblem(
            _(
                "The sections of the course were changed while this was made ready. Nothing was added. "
                "Begin again."
            )
        )


def _places_ahead(change: Edit) -> dict[type[Any], int]:
    """How far the places of what comes in move, so that it stands behind what is there."""
    ahead = {}
    for table in (Section, Activity, Block, Person, CourseFile):
        last = sa.select(sa.func.max(table.position)).where(table.version_id == change.version.id)
        position = change.session.scalars(last).one()
        ahead[table] = 0 if position is None else position + 1
    return ahead


def _take(
    change: Edit, table: type[Any], ahead: dict[type[Any], int], *which: sa.ColumnElement[bool]
) -> None:
    values: dict[str, Any] = {"version_id": change.version.id}
    if table in ahead:
        values["position"] = table.position + ahead[table]
    change.session.execute(sa.update(table).where(*which).values(values), execution_options=_UNSYNCED)


def _adopt_sections(change: Edit, adoption: Adoption, ahead: dict[type[Any], int]) -> list[int]:
    """Take the sections that become sections of their own, as the course's Moodle would list them.

    Returns the documents that sections of the course got.
    """
    session, incoming = change.session, adoption.incoming_id
    kept = _keep_documents(session, adoption)
    session.execute(sa.delete(Document).where(Document.section_id.in_(list(adoption.goes_to))))
    _take(change, Section, ahead, Section.version_id == incoming, Section.id.not_in(list(adoption.goes_to)))
    new = (Section.version_id == change.version.id) & (Section.moodle_id >= adoption.first_id)
    if _knows_subsections(change, adoption):
        values = {"parent_cmid": "", "parent_module": ""}
        session.execute(sa.update(Section).where(new, Section.parent_cmid.is_(None)).values(values),
                        execution_options=_UNSYNCED)  # fmt: skip
    else:
        session.execute(sa.update(Section).where(new, Section.parent_cmid == "").values(
            {"parent_cmid": None, "parent_module": None}), execution_options=_UNSYNCED)  # fmt: skip
    return kept


def _keep_documents(session: Session, adoption: Adoption) -> list[int]:
    """Give a section of the course what one that goes into it has besides what every section has."""
    kept = []
    for incoming_id, goal_id in adoption.goes_to.items():
        taken = set(session.scalars(sa.select(Document.name).where(Document.section_id == goal_id)))
        coming = sa.select(Document).where(
            Document.section_id == incoming_id, Document.name.not_in(("section.xml", "inforef.xml"))
        )
        for document in session.scalars(coming.order_by(Document.position, Document.id)).all():
            document.name, document.section_id = free_name(document.name, taken), goal_id
            taken.add(document.name)
            kept.append(document.id)
    session.flush()
    return kept


def _knows_subsections(change: Edit, adoption: Adoption) -> bool:
    """Whether the course's manifest has leaves for subsections (Moodle 4.5 and newer)."""
    older = sa.select(Section.id).where(
        Section.version_id == change.version.id, Section.moodle_id < adoption.first_id,
        Section.parent_cmid.is_(None),
    )  # fmt: skip
    return change.session.scalars(older.limit(1)).first() is None


def _adopt_activities(change: Edit, adoption: Adoption, ahead: dict[type[Any], int]) -> None:
    """Take the activities with their blocks and documents, and the documents of sections and course blocks."""
    incoming = adoption.incoming_id
    _take(change, Activity, ahead, Activity.version_id == incoming)
    _take(change, Block, ahead, Block.version_id == incoming)
    owned = sa.or_(
        Document.activity_id.is_not(None), Document.section_id.is_not(None), Document.block_id.is_not(None)
    )
    _take(change, Document, ahead, Document.version_id == incoming, owned)
    taken = sa.select(Document.id).where(Document.version_id == change.version.id)
    _take(change, Record, ahead, Record.version_id == incoming, Record.document_id.in_(taken))
    for section in _own_sections(change, adoption):
        flag = "1" if section.parent_cmid else section.parent_cmid
        change.session.execute(
            sa.update(Activity).where(Activity.section_id == section.id).values(in_subsection=flag),
            execution_options=_UNSYNCED,
        )


def _own_sections(change: Edit, adoption: Adoption) -> list[Section]:
    found = sa.select(Section).where(
        Section.version_id == change.version.id,
        Section.moodle_id.between(adoption.first_id, adoption.last_id),
    )
    return list(change.session.scalars(found.order_by(Section.position)))


def _adopt_course_documents(
    change: Edit, adoption: Adoption, lists: list[str]
) -> tuple[list[int], list[list[Any]]]:
    """Join the documents of the course as a whole; returns those that it did not have, and what others got."""
    session, whole, carried = change.session, list[int](), list[list[Any]]()
    for name in (*TAKEN, *lists):
        incoming = course_document(session, adoption.incoming_id, name)
        into = course_document(session, change.version.id, name)
        if incoming is None:
            continue
        root = unpack(incoming.skeleton)
        own = unpack(into.skeleton) if into else None
        if not trim(name, root, own, adoption.first_id, people=adoption.people):
            continue
        if into is None:
            incoming.skeleton, incoming.version_id = pack(root), change.version.id
            session.flush()
            _take(change, Record, {}, Record.document_id == incoming.id)
            whole.append(incoming.id)
            continue
        directory, _, filename = name.rpartition("/")
        tree = tree_for(directory, filename)
        Graft(session, into, incoming, tree.root, adoption.first_id).join(root)
        # Only now: what nobody knows finds its place by its neighbours.
        carried += Carrying(session, into, incoming, tree, adoption.first_id).carry(root)
        session.flush()
        if name == "groups.xml":
            _join_members(change, into, incoming)
    return whole, carried


def _unknown_lists(change: Edit, adoption: Adoption) -> list[str]:
    """The documents that nobody knows, unless the course has one of that name and they can't be joined."""
    sides = (VersionSide(change.session, one, NOWHERE) for one in (adoption.incoming_id, change.version.id))
    incoming, there = sides
    return sorted(unknown_to_all(incoming.names()) - set(unjoinable(incoming, there.names())))


def _join_members(change: Edit, into: Document, incoming: Document) -> None:
    """Put new members into groups that the course has, and groups into its groupings."""
    for record in change.session.scalars(sa.select(Record).where(Record.document_id == incoming.id)):
        mine = sa.select(Record).where(
            Record.document_id == into.id, Record.path == record.path, Record.moodle_id == record.moodle_id
        )
        own = change.session.scalars(mine).first()
        if own is None:
            continue
        source, goal = unpack(record.body), unpack(own.body)
        for container, leaf in (("group_members", "userid"), ("grouping_groups", "groupid")):
            coming, here = source.find(container), goal.find(container)
            if coming is not None and here is not None:
                there = {one.findtext(leaf) for one in here}
                here.extend([one for one in coming if one.findtext(leaf) not in there])
        own.body = pack(goal)


def _adopt_rest(change: Edit, adoption: Adoption, ahead: dict[type[Any], int]) -> None:
    _take(change, Person, ahead, Person.version_id == adoption.incoming_id)
    _take(change, CourseFile, ahead, CourseFile.version_id == adoption.incoming_id)


def _into_sections(change: Edit, adoption: Adoption) -> list[list[Any]]:
    """Put activities into the sections of the course that they go to; returns what those sections lacked and got."""
    filled: list[list[Any]] = []
    for incoming_id, goal_id in adoption.goes_to.items():
        incoming = change.session.get_one(Section, incoming_id)
        goal = change.session.get_one(Section, goal_id)
        _append(change, goal, activities_in(change, incoming))
        filled += _fill(change, goal, incoming)
    change.session.flush()
    return filled


def _append(change: Edit, goal: Section, coming: list[Activity]) -> None:
    """Put activities behind those of a section; its list of them keeps what it says, be it out of date."""
    document = open_document(change, goal, "section.xml")
    listed = (document.root.findtext("sequence") or "") if document else ""
    if not coming:
        return
    place_activities(change, goal, [*activities_in(change, goal), *coming])
    document = open_document(change, goal, "section.xml")
    if document is not None:
        numbers = [str(one.moodle_id) for one in coming]
        set_leaf(document.root, "sequence", ",".join([*filter(None, listed.split(",")), *numbers]))
        document.keep()


def _fill(change: Edit, goal: Section, incoming: Section) -> list[list[Any]]:
    """Give a section the name and summary that it lacks, as Moodle does."""
    values: dict[str, Any] = {}
    if incoming.name and not goal.name:
        values["name"] = incoming.name
    if incoming.summary and not goal.summary:
        values |= {"summary": incoming.summary, "summary_format": incoming.summary_format}
    document = open_document(change, goal, "section.xml") if values else None
    if document is None:
        return []
    move_into_columns(document.root, SECTION, values)
    document.keep()
    before = {name: getattr(goal, name) for name in values} | {"title": goal.title}
    for name, value in values.items():
        setattr(goal, name, value)
    goal.title = goal.name or goal.title
    return [[goal.id, before, values.get("name")]]


def _join_manifests(change: Edit, adoption: Adoption) -> dict[str, str]:
    """Note what the course's next manifest has to say; returns its settings as they were."""
    incoming = change.session.get_one(CourseVersion, adoption.incoming_id).manifest
    kept: dict[str, Any] = dict(change.version.manifest)
    before: dict[str, str] = dict(kept.get("root_settings") or {})
    settings = dict(before)
    for name in PEOPLE_SETTINGS:
        on = adoption.people and name != "anonymize" and incoming["root_settings"].get(name) == "1"
        if on and name in settings:
            settings[name] = "1"
    if before:
        kept["root_settings"] = settings
    for part in ("settings", "others"):
        kept[part] = kept.get(part, {}) | incoming[part]
    kept["merged"] = [*kept.get("merged", []), adoption.stamp]
    change.version.manifest = kept
    return before
