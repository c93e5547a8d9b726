"""`coursekeep bin`: what was deleted and can come back, how it does, and how it goes for good."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from jobs.archive.ids.numbers import is_whole
from webapp.bin.listing import Row, rows_of_course, rows_of_courses
from webapp.bin.operations import throw_away
from webapp.cli.command import DONE, Commands, Problem, opened, say_json, say_table
from webapp.cli.finding import find_course
from webapp.cli.terminal import counted
from webapp.content.edit import EditRefused
from webapp.content.putting_back import GONE, Returned, put_back, put_course_back
from webapp.extensions import db
from webapp.models import BinEntry, BinKind, Course
from webapp.pages.formatters import iso, moment


def add(commands: Commands) -> None:
    command = commands.add("bin", run, "list what was deleted, put it back, or delete it for ever", json=True)
    command.add_argument(
        "what", nargs="*", metavar="[put-back ID | empty] [COURSE]",
        help="put-back ID, as the list has it; empty; and the course, else the deleted courses",
    )  # fmt: skip


def run(args: Namespace) -> int:
    with opened(args):
        match args.what:
            case ["put-back", number] if is_whole(number):
                return _put_back(int(number), as_json=args.json)
            case ["empty", *named] if len(named) <= 1:
                return _empty(_rows(named), as_json=args.json)
            case [*named] if len(named) <= 1 and named != ["put-back"]:
                return _list(_rows(named), as_json=args.json)
    raise Problem("Say “bin”, “bin COURSE”, “bin put-back ID”, “bin empty” or “bin empty COURSE”.")


def _rows(named: list[str]) -> list[Row]:
    return rows_of_course(find_course(named[0])) if named else rows_of_courses()


def _list(rows: list[Row], *, as_json: bool) -> int:
    if as_json:
        say_json({"bin": [_described(row) for row in rows]})
    elif rows:
        head = ("Id", "What", "Name", "Where it was", "Deleted", "Can come back until")
        say_table(head, [_cells(row) for row in rows])
    else:
        print("The bin is empty.")
    return DONE


def _cells(row: Row) -> tuple[object, ...]:
    entry = row.entry
    return (entry.id, row.kind, entry.name, row.where, moment(entry.deleted_at), moment(entry.keep_until))


def _put_back(number: int, *, as_json: bool) -> int:
    try:
        returned = _returned(number)
    except EditRefused as refused:
        raise Problem(str(refused)) from refused
    if as_json:
        say_json({"id": number, "kind": str(returned.kind), "name": returned.name,
                  "course": returned.course_id, "says": returned.says})  # fmt: skip
    else:
        print(returned.says)
    return DONE


def _returned(number: int) -> Returned:
    entry = db.session.get(BinEntry, number)
    if entry is None:
        raise EditRefused(GONE)
    if entry.kind == BinKind.COURSE:
        return put_course_back(number)
    course = db.session.get(Course, entry.course_id)
    if course is None:
        raise EditRefused("The course that it was in is in the bin itself. Put that back first.")
    return put_back(course, number)


def _empty(rows: list[Row], *, as_json: bool) -> int:
    gone = throw_away(row.entry.id for row in rows)
    if as_json:
        say_json({"deleted": gone})
    else:
        print(f"{counted(gone, 'thing')} deleted for ever.")
    return DONE


def _described(row: Row) -> dict[str, Any]:
    entry = row.entry
    return {
        "id": entry.id,
        "kind": str(entry.kind),
        "type": entry.type,
        "name": entry.name,
        "course": entry.course_id,
        "where": row.where,
        "size": row.size,
        "deleted_by": entry.deleted_by.username if entry.deleted_by else None,
        "deleted_at": iso(entry.deleted_at),
        "keep_until": iso(entry.keep_until),
    }
