"""The files of a course: where they stand, finding them, adding and removing them."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass

import sqlalchemy as sa

from jobs.archive.containers.streams import Readable
from jobs.archive.file_areas import BANKS
from jobs.archive.xml import pack
from jobs.language import gettext as _
from webapp import places
from webapp.content.columns import FILE, take_columns
from webapp.content.edit import Edit, EditRefused
from webapp.content.shapes import Value, tree
from webapp.extensions import db
from webapp.models import Activity, Course, CourseFile, Section
from webapp.storage import Collision, Stored

#: The SHA-1 of nothing: what folder rows carry.
EMPTY = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
#: The main file of a resource has this in `sortorder`.
MAIN = 1
LONGEST_NAME = 200
_UNFIT = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*&`']+")


@dataclass(frozen=True)
class FilePlace:
    """One file area of the format, as the leaves of files.xml name it."""

    context_id: int
    component: str
    area: str
    itemid: int = 0


def intro_of(activity: Activity) -> FilePlace:
    return FilePlace(activity.context_id, f"mod_{activity.type}", "intro")


def content_of(activity: Activity) -> FilePlace:
    return FilePlace(activity.context_id, f"mod_{activity.type}", "content")


def summary_of(course: Course) -> FilePlace:
    return FilePlace(course.version.context_id, "course", "summary")


def section_summary_of(course: Course, section: Section) -> FilePlace:
    return FilePlace(course.version.context_id, "course", "section", section.moodle_id)


def store(stream: Readable) -> Stored:
    """Keep bytes before the edit that gives them a name, so that nobody waits for them. Raises EditRefused."""
    try:
        return places.storage().save(stream)
    except Collision:
        raise EditRefused(
            _("This file pretends to be another one that is kept here. It was refused.")
        ) from None


def fit_name(name: str) -> str:
    """A file name that every system can hold; never empty, never a folder's."""
    name = _UNFIT.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(" .") or "file"
    stem, dot, suffix = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot and len(suffix) < 12:
        return f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return name[:LONGEST_NAME]


def files_at(version_id: int, place: FilePlace) -> list[CourseFile]:
    """The files of an area with its folders, by folder and name."""
    found = sa.select(CourseFile).where(*_at(version_id, place))
    return list(db.session.scalars(found.order_by(CourseFile.filepath, CourseFile.filename, CourseFile.id)))


def of_bank() -> sa.ColumnElement[bool]:
    """Which rows may be files of questions, as a condition."""
    return sa.or_(*(CourseFile.component.startswith(start) for start in BANKS))


def file_at(version_id: int, place: FilePlace, path: str) -> CourseFile | None:
    """The file that a text names by its path within the area."""
    folder, _slash, name = path.rpartition("/")
    filepath = f"/{folder}/" if folder else "/"
    found = sa.select(CourseFile).where(
        *_at(version_id, place), CourseFile.filepath == filepath, CourseFile.filename == name
    )
    return db.session.scalars(found.limit(1)).first()


def find_file(course: Course, file_id: int) -> CourseFile | None:
    row = db.session.get(CourseFile, file_id)
    return row if row is not None and row.version_id == course.version_id else None


def files_in_context(version_id: int, context_id: int) -> list[CourseFile]:
    """Every file of a context, folders left out."""
    found = sa.select(CourseFile).where(
        CourseFile.version_id == version_id, CourseFile.context_id == context_id, CourseFile.filename != "."
    )
    order = (
        CourseFile.component,
        CourseFile.filearea,
        CourseFile.itemid,
        CourseFile.filepath,
        CourseFile.filename,
    )
    return list(db.session.scalars(found.order_by(*order)))


def content_sizes(version_id: int) -> dict[int, tuple[int, int]]:
    """Context -> number and bytes of what stands in its content area: files of folders and resources."""
    asked = (
        sa.select(CourseFile.context_id, sa.func.count(), sa.func.sum(CourseFile.filesize))
        .where(
            CourseFile.version_id == version_id, CourseFile.filearea == "content", CourseFile.filename != "."
        )
        .where(CourseFile.component.in_(("mod_folder", "mod_resource")))
        .group_by(CourseFile.context_id)
    )
    return {context: (count, size) for context, count, size in db.session.execute(asked)}


def add_file(
    change: Edit,
    place: FilePlace,
    stored: Stored,
    name: str,
    author: str,
    *,
    folder: str = "/",
    sortorder: int = 0,
) -> CourseFile:
    """Give a stored content a name in an area; a number is added where the name is taken."""
    add_folder(change, place, folder)
    name = _free_name(change, place, folder, fit_name(name))
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return _add_row(
        change, place, folder, name, stored.hash,
        {"filesize": stored.size, "mimetype": mimetype, "source": name, "author": author, "license": "unknown",
         "sortorder": sortorder},
    )  # fmt: skip


def add_folder(change: Edit, place: FilePlace, folder: str) -> None:
    """Write a folder and those that it is in, as far as they are missing; "/" is the area's own."""
    there = set(change.session.scalars(
        sa.select(CourseFile.filepath).where(*_at(change.version.id, place), CourseFile.filename == ".")
    ))  # fmt: skip
    parts = [part for part in folder.split("/") if part]
    for depth in range(len(parts) + 1):
        path = "/" + "".join(f"{part}/" for part in parts[:depth])
        if path not in there:
            nothing: dict[str, Value] = {"mimetype": None, "source": None, "author": None, "license": None}
            _add_row(change, place, path, ".", EMPTY, nothing)


def remove_files(change: Edit, place: FilePlace, *, under: str = "/") -> None:
    """Remove what stands in an area at and below a folder."""
    below = CourseFile.filepath.startswith(under, autoescape=True)
    change.session.execute(sa.delete(CourseFile).where(*_at(change.version.id, place), below))


def _add_row(
    change: Edit, place: FilePlace, folder: str, name: str, content_hash: str, leaves: dict[str, Value]
) -> CourseFile:
    (moodle_id,) = change.take_ids(1)
    # Nobody of the archive's people put it there: the person is one of this site.
    entry: dict[str, Value] = {
        "contenthash": content_hash, "contextid": place.context_id, "component": place.component,
        "filearea": place.area, "itemid": place.itemid, "filepath": folder, "filename": name, "userid": None,
        "filesize": leaves.get("filesize", 0), "mimetype": leaves["mimetype"], "status": 0,
        "timecreated": change.now, "timemodified": change.now, "source": leaves["source"],
        "author": leaves["author"], "license": leaves["license"], "sortorder": leaves.get("sortorder", 0),
        "repositorytype": None, "repositoryid": None, "reference": None,
    }  # fmt: skip
    element = tree("file", entry, id=moodle_id)
    last = sa.select(sa.func.max(CourseFile.position)).where(CourseFile.version_id == change.version.id)
    row = CourseFile(
        version_id=change.version.id, moodle_id=moodle_id, stored_hash=content_hash,
        position=(change.session.scalars(last).one() or 0) + 1, **take_columns(element, FILE), body=pack(element),
    )  # fmt: skip
    change.session.add(row)
    change.session.flush()
    return row


def _free_name(change: Edit, place: FilePlace, folder: str, name: str) -> str:
    found = sa.select(CourseFile.filename).where(
        *_at(change.version.id, place), CourseFile.filepath == folder
    )
    taken = set(change.session.scalars(found))
    stem, dot, suffix = name.rpartition(".")
    stem, suffix = (stem, f".{suffix}") if dot and stem else (name, "")
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{stem} ({number}){suffix}"
    return free


def _at(version_id: int, place: FilePlace) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        CourseFile.version_id == version_id,
        CourseFile.context_id == place.context_id,
        CourseFile.component == place.component,
        CourseFile.filearea == place.area,
        CourseFile.itemid == place.itemid,
    )
