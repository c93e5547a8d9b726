"""What in a course needs a kind of thing that stays out of a backup: said before it is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.archive.availability import conditions_in
from jobs.archive.xml import unpack
from jobs.language import gettext as _
from jobs.steps.selecting.parts import Selection, select
from webapp.models import Activity, CourseVersion, Document, Record, Section


def kind_dependants(session: Session, version: CourseVersion, options: dict[str, Any]) -> list[str]:
    """Say in a sentence each what is no longer right without the kinds that a backup with these options lacks."""
    chosen = select(session, version, options)
    found: list[str] = []
    if chosen.people and "role_assignments" in chosen.without.kinds and _has_roles(session, version):
        found.append(
            _(
                "People come back without their roles. Whoever restores the backup in a Moodle gives them again."
            )
        )
    closed = list(_closed(session, chosen))
    return [*found, *dict.fromkeys(closed)]


def _closed(session: Session, chosen: Selection) -> Iterator[str]:
    """Whom nobody can open, or everybody, without the groups or the completion that it asks for."""
    by_group = "groups" in chosen.without.kinds
    by_completion = chosen.people and "userscompletion" in chosen.without.kinds
    for name, kinds in _conditions(session, chosen) if by_group or by_completion else ():
        if by_group and kinds & {"group", "grouping"}:
            yield _("“%(name)s” opens only for some groups, and groups stay out.", name=name)
        if by_completion and "completion" in kinds:
            yield _(
                "“%(name)s” opens only once something is completed, and what people have completed stays out.",
                name=name,
            )


def _conditions(session: Session, chosen: Selection) -> Iterator[tuple[str, set[str]]]:
    """The name of what is restricted, and the kinds of its conditions."""
    things: Sequence[tuple[Any, str, Sequence[Section | Activity]]] = (
        (Document.section_id, "section.xml", chosen.sections),
        (Document.activity_id, "module.xml", chosen.activities),
    )
    for column, document, rows in things:
        by_id = {row.id: row for row in rows}
        asked = sa.select(column, Document.skeleton).where(
            Document.version_id == chosen.version.id, column.is_not(None), Document.name == document
        )
        for owner, skeleton in session.execute(asked.order_by(Document.position, Document.id)):
            kinds = {str(one["type"]) for one in conditions_in(unpack(skeleton))} if owner in by_id else set()
            if kinds:
                row = by_id[owner]
                yield row.name or row.title, kinds


def _has_roles(session: Session, version: CourseVersion) -> bool:
    found = sa.select(Record.id).join(Document, Record.document_id == Document.id)
    mine = (Document.version_id == version.id) & (Record.path == "roles/role_assignments/assignment")
    return session.execute(found.where(mine).limit(1)).first() is not None
