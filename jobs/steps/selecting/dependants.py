"""What in a course needs something else of it: said before a backup that leaves this out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.ids.availability import needs_in
from jobs.archive.ids.numbers import whole_number
from jobs.archive.ids.tokens import links_in
from jobs.archive.xml import unpack
from jobs.language import gettext as _
from jobs.steps.batch import BODIES
from jobs.steps.selecting import needs
from jobs.steps.selecting.needs import Absent, Part, Reference
from jobs.steps.selecting.parts import Selection, select
from webapp.models import Activity, CourseVersion, Document, Record, Section

_TOKEN = re.compile(rb"\$@[A-Z0-9]+\*")


def dependants(session: Session, version: CourseVersion, leave_out: dict[str, Any]) -> list[str]:
    """Say in a sentence each what is no longer right in a backup without what is left out."""
    chosen = select(session, version, {"leave_out": leave_out})
    return [] if chosen.is_whole else needs.sentences(_Rest(session, chosen))


def left_alone(session: Session, chosen: Selection) -> list[str]:
    """Say in a sentence each which of the chosen parts restrict or link to what is not among them."""
    return needs.left_alone(_Rest(session, chosen))


def kind_dependants(session: Session, version: CourseVersion, options: dict[str, Any]) -> list[str]:
    """Say in a sentence each what is no longer right without the kinds that a backup with these options lacks."""
    chosen = select(session, version, options)
    kinds, found = chosen.without.kinds, list[str]()
    if chosen.people and "role_assignments" in kinds and _has_roles(session, version):
        found.append(
            _(
                "People come back without their roles. Whoever restores the backup in a Moodle gives them again."
            )
        )
    completion = chosen.people and "userscompletion" in kinds
    return found + needs.closed(_Rest(session, chosen), groups="groups" in kinds, completion=completion)


def _has_roles(session: Session, version: CourseVersion) -> bool:
    found = sa.select(Record.id).join(Document, Record.document_id == Document.id)
    mine = (Document.version_id == version.id) & (Record.path == "roles/role_assignments/assignment")
    return session.execute(found.where(mine).limit(1)).first() is not None


@dataclass(frozen=True)
class _Rest:
    """What is chosen of a version; see `jobs.steps.selecting.needs.Rest`."""

    session: Session
    chosen: Selection

    @cached_property
    def absent(self) -> Absent:
        everything = select(self.session, self.chosen.version, {})
        absent = Absent(has_activities=bool(self.chosen.absent_activities))
        for section in everything.sections:
            if section.moodle_id in self.chosen.absent_sections:
                absent.names["course_section", section.moodle_id] = str(_part(section))
        gone = {one.id: one for one in everything.activities if one.id in self.chosen.absent_activities}
        for activity in gone.values():
            for kind, number in (
                ("course_module", activity.moodle_id),
                ("context", activity.context_id),
                (activity.type, activity.instance_id),
            ):
                absent.names[kind, number] = str(_part(activity))
        for activity_id, root in self._documents(Document.activity_id, gone, "grades.xml"):
            for item in root.iter("grade_item"):
                name = str(_part(gone[activity_id]))
                absent.names["grade_item", whole_number(item.get("id")) or 0] = name
                absent.graded.append(name)
        return absent

    def has(self, name: str, *tags: str) -> bool:
        mine = (Document.version_id == self.chosen.version.id) & (Document.name == name)
        mine &= Document.activity_id.is_(None) & Document.section_id.is_(None) & Document.block_id.is_(None)
        skeletons = sa.select(Document.skeleton).where(mine)
        records = sa.select(Record.body).join(Document, Record.document_id == Document.id).where(mine)
        parts = (part for asked in (skeletons, records) for part in self.session.scalars(asked))
        return any(next(unpack(part).iter(*tags), None) is not None for part in parts)

    def restrictions(self) -> Iterator[tuple[Part, Reference]]:
        things: Sequence[tuple[Any, str, Sequence[Section | Activity]]] = (
            (Document.section_id, "section.xml", self.chosen.sections),
            (Document.activity_id, "module.xml", self.chosen.activities),
        )
        for column, name, rows in things:
            by_id = {row.id: row for row in rows}
            for row_id, root in self._documents(column, by_id, name):
                for reference in needs_in(root):
                    yield _part(by_id[row_id]), reference

    def links(self) -> Iterator[tuple[str, Reference]]:
        for subject, text in self._texts():
            for reference in links_in(text):
                yield subject, reference

    def _texts(self) -> Iterator[tuple[str, str]]:
        chosen = self.chosen
        yield _("The summary of the course"), chosen.version.summary or ""
        by_id = {activity.id: activity for activity in chosen.activities}
        sections = {section.id: section for section in chosen.sections}
        for table, names, parts in (
            (Section, ("summary",), sections),
            (Activity, ("intro", "content", "external_url"), by_id),
        ):
            for number, *texts in self._columns(table, names):
                if number in parts:
                    yield from ((_part(parts[number]).subject, text or "") for text in texts)
        of_activity = (Document.version_id == chosen.version.id) & Document.activity_id.is_not(None)
        skeletons = sa.select(Document.activity_id, Document.skeleton).where(of_activity)
        records = sa.select(Document.activity_id, Record.body).join(Record, Record.document_id == Document.id)
        records = records.where(of_activity, Record.user_data.is_(False))
        for asked in (skeletons, records):
            for activity_id, body in self.session.execute(asked.execution_options(yield_per=BODIES)):
                if activity_id in by_id and _TOKEN.search(body):
                    yield _part(by_id[activity_id]).subject, body.decode()

    def _columns(self, table: type[Any], names: Sequence[str]) -> Iterator[Any]:
        """The ids of the rows of the course with these columns, a few at a time, for they may be large."""
        asked = sa.select(table.id, *(getattr(table, name) for name in names))
        asked = asked.where(table.version_id == self.chosen.version.id).order_by(table.position, table.id)
        yield from self.session.execute(asked.execution_options(yield_per=BODIES))

    def _documents(
        self, column: Any, owners: Collection[int], name: str
    ) -> Iterator[tuple[int, etree._Element]]:
        """The documents of this name that the owners have."""
        asked = sa.select(column, Document.skeleton).where(column.in_(list(owners)), Document.name == name)
        for owner, skeleton in self.session.execute(asked.order_by(Document.position, Document.id)):
            yield owner, unpack(skeleton)


def _part(one: Section | Activity) -> Part:
    if isinstance(one, Section):
        return Part(one.name or one.title or str(one.number), is_section=True)
    return Part(one.name or one.title or one.type)
