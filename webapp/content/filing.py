"""Editing the files of resources and folders, and sending pictures for texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.archive.containers.streams import Readable
from jobs.language import gettext as _
from webapp.access.audit import note
from webapp.content.activities import set_values
from webapp.content.edit import EditRefused, edit
from webapp.content.files import (
    MAIN,
    FilePlace,
    add_file,
    add_folder,
    content_of,
    fit_name,
    remove_files,
    store,
)
from webapp.models import Activity, Course, CourseFile, User


@dataclass(frozen=True)
class Upload:
    """A file that somebody sends: its name and its bytes."""

    name: str
    stream: Readable


def set_main_file(course: Course, activity: Activity, upload: Upload, by: User) -> None:
    """Make this the file of a resource, in the place of what was there."""
    stored, author = store(upload.stream), by.name
    with edit(course) as change:
        own = change.own(activity)
        remove_files(change, content_of(own))
        add_file(change, content_of(own), stored, upload.name, author, sortorder=MAIN)
        set_values(change, own, {})


def add_to_folder(
    course: Course, activity: Activity, uploads: Sequence[Upload], by: User, *, folder: str = "/"
) -> None:
    """Put files into a folder, or into one inside it; a name that is there already gets a number."""
    stored, author = [(store(upload.stream), upload.name) for upload in uploads], by.name
    with edit(course) as change:
        own = change.own(activity)
        for content, name in stored:
            add_file(change, content_of(own), content, name, author, folder=folder)
        set_values(change, own, {})


def make_subfolder(course: Course, activity: Activity, name: str, *, folder: str = "/") -> str:
    """Make a folder inside a folder; returns its path. Raises EditRefused."""
    if not name.strip():
        raise EditRefused(_("A folder needs a name."), "name")
    path = f"{folder}{fit_name(name)}/"
    if len(path) > 255:
        raise EditRefused(_("This folder lies too deep: shorter names help."), "name")
    with edit(course) as change:
        own = change.own(activity)
        add_folder(change, content_of(own), path)
        set_values(change, own, {})
    return path


def delete_file(course: Course, activity: Activity, row: CourseFile) -> None:
    """Remove a file, or a folder with what is in it, from a folder."""
    with edit(course) as change:
        own, gone = change.own(activity), change.own(row)
        place = content_of(own)
        if (gone.context_id, gone.component, gone.filearea) != (
            place.context_id,
            place.component,
            place.area,
        ):
            raise EditRefused(_("This file does not belong to this folder."))
        note(
            change.session,
            "file deleted",
            gone,
            course=change.course,
            title=gone.filepath if gone.is_folder else "",
        )
        if gone.is_folder:
            remove_files(change, place, under=gone.filepath)
        else:
            change.session.delete(gone)
        set_values(change, own, {})


def add_picture(course: Course, place: FilePlace, upload: Upload, by: User) -> str:
    """Keep a picture for a text; returns its path within the text's area."""
    stored, author = store(upload.stream), by.name
    with edit(course) as change:
        return add_file(change, place, stored, upload.name, author).filename
