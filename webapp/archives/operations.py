"""Finds backup files, what was found in them, and opens their indexes."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort

from jobs.archive.index import Index, build_index, is_index_of, open_index
from jobs.archive.survey import Survey
from webapp import places
from webapp.extensions import db
from webapp.models import ArchiveFile, Course

#: Reading through a large file keeps a processor busy: so many do it at once, the others wait for their turn.
reading_turn = threading.BoundedSemaphore(2)


def get_archive(archive_id: int) -> ArchiveFile:
    return db.session.get_one(ArchiveFile, archive_id)


def course_of(archive: ArchiveFile) -> Course | None:
    """The course that it was made of, if that is still there."""
    return db.session.get(Course, archive.course_id) if archive.course_id else None


def survey_of(archive: ArchiveFile) -> Survey:
    """What reading the file found; 404 as long as nobody has had it read."""
    if not archive.survey:
        abort(404)
    return Survey.from_json(archive.survey)


@contextmanager
def index_of(archive: ArchiveFile) -> Iterator[Index]:
    """Open the archive's index; the first who looks into it has it made. 404 if the file has gone."""
    path, target = places.archive_path(archive.id), places.archive_index(archive.id)
    if not path.exists():
        abort(404)
    if not is_index_of(target, path):
        with reading_turn:
            _make_index(archive.id)
    with open_index(target) as index:
        yield index


def _make_index(archive_id: int) -> None:
    path, target = places.archive_path(archive_id), places.archive_index(archive_id)
    unfinished = places.scratch() / f"index-{secrets.token_hex(8)}"
    try:
        if not is_index_of(target, path):  # somebody may have made it while this one waited
            build_index(path, unfinished)
            unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
