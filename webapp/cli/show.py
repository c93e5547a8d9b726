"""`coursekeep show`: everything that a course holds, as one JSON object (docs/cli.md)."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import sqlalchemy as sa
from lxml import etree

from jobs.archive.xml import unpack
from webapp.cli.command import DONE, Commands, opened, say_json, say_table
from webapp.cli.finding import find_course
from webapp.extensions import db
from webapp.models import Activity, Course, CourseFile, Document, Person, Record, Section

GROUP = "groups/group"
#: Where a category's questions stand: in the 4.x layout, and in the one before.
QUESTIONS = (
    "question_categories/question_category/question_bank_entries/question_bank_entry",
    "question_categories/question_category/questions/question",
)


def add(commands: Commands) -> None:
    show = commands.add("show", run, "show what a course holds", json=True)
    show.add_argument("course", metavar="COURSE", help="its short name, or its number")


def run(args: Namespace) -> int:
    with opened(args):
        found = _described(find_course(args.course))
    if args.json:
        say_json(found)
    else:
        print(f"{found['fullname']} ({found['shortname']})")
        rows = [(section["number"], section["name"], one["id"], one["type"], one["name"])
                for section in found["sections"] for one in section["activities"]]  # fmt: skip
        say_table(("No.", "Section", "Id", "Type", "Activity"), rows)
        print(f"{len(found['files'])} files, {len(found['participants'])} people")
    return DONE


def _described(course: Course) -> dict[str, Any]:
    return {
        "id": course.id,
        "shortname": course.shortname,
        "fullname": course.fullname,
        "idnumber": course.idnumber,
        "visible": course.visible,
        "format": course.version.format,
        "start_date": course.start_date,
        "end_date": course.end_date,
        "sections": _sections(course.version_id),
        "files": _files(course.version_id),
        "participants": _participants(course.version_id),
        "groups": [element.findtext("name") for element in _records(course.version_id, GROUP)],
        "questions": _questions(course.version_id),
    }


def _sections(version_id: int) -> list[dict[str, Any]]:
    activities: dict[int, list[dict[str, Any]]] = {}
    for one in _rows(Activity, version_id):
        activities.setdefault(one.section_id, []).append(
            {"id": one.moodle_id, "type": one.type, "name": one.name, "visible": bool(one.visible)}
        )
    return [
        {"id": one.moodle_id, "number": one.number, "name": one.name or one.title, "visible": bool(one.visible),
         "activities": activities.get(one.id, [])}
        for one in _rows(Section, version_id)
    ]  # fmt: skip


def _files(version_id: int) -> list[dict[str, Any]]:
    return [
        {"name": one.filename, "path": one.filepath, "component": one.component, "area": one.filearea,
         "size": one.filesize, "sha1": one.contenthash, "sound": one.is_sound}
        for one in _rows(CourseFile, version_id) if not one.is_folder
    ]  # fmt: skip


def _participants(version_id: int) -> list[dict[str, Any]]:
    return [
        {"id": one.moodle_id, "username": one.username, "name": one.name, "email": one.email,
         "account": one.account_id}
        for one in _rows(Person, version_id)
    ]  # fmt: skip


def _questions(version_id: int) -> list[dict[str, Any]]:
    """Questions per category; a question in several versions is one question."""
    bank = sa.select(Document).where(Document.version_id == version_id, Document.name == "questions.xml")
    document = db.session.scalars(bank).first()
    if document is None:
        return []
    counted = sa.select(Record.slot, sa.func.count()).where(
        Record.document_id == document.id, Record.path.in_(QUESTIONS)
    )
    per_slot = {slot: int(number) for slot, number in db.session.execute(counted.group_by(Record.slot))}
    return [
        {
            "category": category.findtext("name"),
            "questions": sum(per_slot.get(slot, 0) for slot in _slots(category)),
        }
        for category in unpack(document.skeleton).iter("question_category")
    ]


def _slots(category: etree._Element) -> list[int]:
    """The gaps in a category that its questions fill."""
    return [int(gap.text or 0) for gap in category.iter(etree.ProcessingInstruction)]


def _records(version_id: int, path: str) -> list[etree._Element]:
    kept = sa.select(Record.body).join(Document).where(Document.version_id == version_id, Record.path == path)
    return [unpack(body) for body in db.session.scalars(kept.order_by(Document.position, Record.position))]


def _rows(table: type[Any], version_id: int) -> list[Any]:
    asked = sa.select(table).where(table.version_id == version_id)
    return list(db.session.scalars(asked.order_by(table.position, table.id)))
