"""Courses of three sizes, written as archives while no more than one file is held in memory."""

from __future__ import annotations

import gzip
import random
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.archives import add_to_tar, small_course
from tests.course_documents import (
    MADE_AT,
    Node,
    StoredFile,
    activity_documents,
    document,
    file_row,
    inforef,
    leaves,
    node,
    page,
    person,
    section_documents,
)
from tests.course_manifest import manifest

MB = 1_000_000
#: One in so many activities is a forum, in which everybody has written; the others are pages.
FORUM_EVERY = 40
SECTION = 32


@dataclass(frozen=True)
class Size:
    """How much is in a course."""

    name: str
    activities: int
    people: int
    files: int
    bytes: int

    def __str__(self) -> str:
        return f"{self.activities:,} activities, {self.people:,} people, {self.files:,} files"


SIZES = {
    one.name: one
    for one in (
        Size("small", 64, 101, 69, 9 * MB),
        Size("medium", 307, 1_001, 139, 95 * MB),
        Size("large", 1_512, 10_000, 1_045, 946 * MB),
    )
}


def write_archive(size: Size, path: Path) -> None:
    """Write a course of this size as a Moodle archive with people; files are noise, which no packing shrinks."""
    with gzip.open(path, "wb", compresslevel=1) as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
        for name, content in _documents(size).items():
            add_to_tar(tar, name, content)
        for number in range(size.files):
            one = _file(size, number)
            add_to_tar(tar, one.entry, one.content)


def _file(size: Size, number: int) -> StoredFile:
    noise = random.Random(f"{size.name} {number}").randbytes(size.bytes // size.files)
    context = _context(number % size.activities)
    return StoredFile(
        10_000_000 + number, f"film {number}.bin", noise, context, "mod_page", userid=_person(0)
    )


def _documents(size: Size) -> dict[str, bytes]:
    kinds = ["forum" if one % FORUM_EVERY == 1 else "page" for one in range(size.activities)]
    modules = [(_module(one), SECTION, kind, f"{kind} {one}") for one, kind in enumerate(kinds)]
    everybody = [_person(one) for one in range(size.people)]
    members = small_course(files=[], fullname=f"A {size.name} course", shortname=size.name) | {
        "moodle_backup.xml": manifest(True, True, f"A {size.name} course", size.name, False, modules),
        "files.xml": document(node("files", [file_row(_file(size, one)) for one in range(size.files)])),
        "users.xml": document(node("users", [_account(one) for one in everybody])),
        "course/enrolments.xml": document(_enrolments(everybody)),
        "course/inforef.xml": document(inforef(user=everybody, role=[3, 5], question_category=[81])),
        "course/roles.xml": document(
            node("roles", [node("role_overrides", []), node("role_assignments", [])])
        ),
        **section_documents(SECTION, 1, "Week one", ",".join(str(one) for one, *_ in modules)),
    }
    members = {name: content for name, content in members.items() if not name.startswith("activities/")}
    for number, kind in enumerate(kinds):
        content = _page(number) if kind == "page" else _forum(number, everybody)
        members |= activity_documents(
            kind, _module(number), _instance(number), _context(number), content, True,
            refs=range(10_000_000 + number, 10_000_000 + size.files, size.activities),
        )  # fmt: skip
    return members


def _person(number: int) -> int:
    return 100_000 + number


def _module(number: int) -> int:
    return 200_000 + number


def _instance(number: int) -> int:
    return 300_000 + number


def _context(number: int) -> int:
    return 400_000 + number


def _account(number: int) -> Node:
    return person(number, f"pupil{number}", "Amira", f"Holt {number}", f"pupil{number}@school.example")


def _enrolments(everybody: list[int]) -> Node:
    rows = [
        node(
            "enrolment",
            leaves(status=0, userid=one, timestart=0, timeend=0, modifierid=one),
            id=one + 400_000,
        )
        for one in everybody
    ]
    manual = leaves(enrol="manual", status=0, name=None, enrolperiod=0, roleid=5, timecreated=MADE_AT)
    enrol = node("enrol", [*manual, node("user_enrolments", rows)], id=91)
    return node("enrolments", [node("enrols", [enrol])])


def _page(number: int) -> Node:
    name, _, content = page()
    return node(name, content, id=_instance(number))


def _forum(number: int, everybody: list[int]) -> Node:
    own = leaves(
        type="general", name=f"forum {number}", intro="", introformat=1, scale=0, timemodified=MADE_AT
    )
    discussion = leaves(
        name="Welcome", firstpost=_post(number, 0), userid=everybody[0], groupid=-1, assessed=0,
        timemodified=MADE_AT, usermodified=everybody[0], timestart=0, timeend=0, pinned=0, timelocked=0,
    )  # fmt: skip
    posts = node("posts", list(_posts(number, everybody)))
    rows = node("discussion", [*discussion, posts, node("discussion_subs", [])], id=500_000 + number)
    others = ("subscriptions", "digests", "readposts", "trackedprefs", "poststags", "grades")
    content = [*own, node("discussions", [rows]), *(node(name, []) for name in others)]
    return node("forum", content, id=_instance(number))


def _post(forum: int, number: int) -> int:
    return 20_000_000 + forum * 100_000 + number


def _posts(forum: int, everybody: list[int]) -> Iterator[Node]:
    for number, writer in enumerate(everybody):
        own = leaves(
            parent=_post(forum, 0) if number else 0, userid=writer, created=MADE_AT, modified=MADE_AT, mailed=1,
            subject="Welcome", message=f"<p>The tide at pier {number} was high at noon.</p>", messageformat=1,
            messagetrust=0, attachment="", totalscore=0, mailnow=0, privatereplyto=0,
        )  # fmt: skip
        yield node("post", [*own, node("ratings", [])], id=_post(forum, number))
