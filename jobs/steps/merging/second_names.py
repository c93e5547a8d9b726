"""Gives a duplicate a name of its own, and takes from it what only one thing in a course may have."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from lxml import etree
from sqlalchemy.orm import Session

from jobs.archive.xml import pack, set_text, text_of, unpack
from jobs.language import gettext as _
from jobs.progress import Run
from webapp.content.documents import set_leaf
from webapp.database import separate_write
from webapp.models import Activity, Document, Record, Section


def second_name(name: str) -> str:
    return _("%(name)s (copy)", name=name)


def give_second_names(run: Run, version_id: int, moodle_id: int, *, is_section: bool) -> None:
    """Name the section or activity with this id as the copy that it is, before it comes into the course.

    As in Moodle 4.5 (course/lib.php duplicate_module), what is in a section keeps its name, and no activity
    its id number.
    """
    table: Any = Section if is_section else Activity
    with separate_write() as session:
        run.hold(session)
        mine = sa.select(table).where(table.version_id == version_id, table.moodle_id == moodle_id)
        row = session.scalars(mine).one()
        before, after = row.name or "", second_name(row.name or "")
        if row.name:
            row.name = row.title = after
        for activity in session.scalars(sa.select(Activity).where(Activity.version_id == version_id)):
            renamed = (before, after) if activity is row and row.name else None
            _without_idnumber(session, activity, renamed)


def _without_idnumber(session: Session, activity: Activity, renamed: tuple[str, str] | None) -> None:
    """Clear the id numbers of an activity and its columns in the gradebook; these may be named as it is."""
    found = sa.select(Document).where(Document.activity_id == activity.id)
    for document in session.scalars(found.where(Document.name.in_(("module.xml", "grades.xml")))):
        root = unpack(document.skeleton)
        _change(root, renamed)
        document.skeleton = pack(root)
        records = sa.select(Record).where(Record.document_id == document.id)
        for record in session.scalars(records.where(Record.path.endswith("/grade_item"))):
            element = unpack(record.body)
            _change(element, renamed)
            record.body = pack(element)


def _change(root: etree._Element, renamed: tuple[str, str] | None) -> None:
    for element in root.iter("module", "grade_item"):
        idnumber = element.find("idnumber")
        if idnumber is not None and text_of(idnumber):
            set_text(idnumber, "")
        if renamed and element.findtext("itemname") == renamed[0]:
            set_leaf(element, "itemname", renamed[1])
