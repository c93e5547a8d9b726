"""`coursekeep courses`: what courses there are."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.cli.command import DONE, Commands, opened, say_json, say_table
from webapp.extensions import db
from webapp.models import Activity, Course, Section
from webapp.pages.formatters import iso


def add(commands: Commands) -> None:
    commands.add("courses", run, "list the courses", json=True)


def run(args: Namespace) -> int:
    with opened(args):
        courses = [_described(course) for course in _all_courses()]
    if args.json:
        say_json({"courses": courses})
    else:
        columns = ("id", "shortname", "fullname", "category", "sections", "activities")
        head = ("Id", "Short name", "Name", "Category", "Sections", "Activities")
        say_table(head, [[course[column] for column in columns] for course in courses])
    return DONE


def _all_courses() -> list[Course]:
    by_name = sa.select(Course).options(joinedload(Course.category)).order_by(Course.shortname)
    return list(db.session.scalars(by_name))


def _described(course: Course) -> dict[str, Any]:
    return {
        "id": course.id,
        "shortname": course.shortname,
        "fullname": course.fullname,
        "category": course.category.name if course.category else "",
        "visible": course.visible,
        "sections": _count(Section, course),
        "activities": _count(Activity, course),
        "changed_at": iso(course.changed_at),
    }


def _count(kind: type[Section] | type[Activity], course: Course) -> int:
    of_course = sa.select(sa.func.count()).select_from(kind).where(kind.version_id == course.version_id)
    return db.session.scalars(of_course).one()
