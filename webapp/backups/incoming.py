"""Takes in a backup file that somebody brings, piece by piece, and refuses at once what is none."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from werkzeug.datastructures import MultiDict

from jobs.archive.containers.foreign import HEAD_LENGTH, container_of
from jobs.archive.containers.streams import Readable
from jobs.language import gettext as _
from jobs.language.sizes import size as in_words
from jobs.problems import ArchiveProblem, JobRefused
from jobs.queue import ask_for, check_may_wait
from jobs.steps.room import room_left
from webapp import places
from webapp.access.audit import note
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.job_requests.quotas import check_quotas
from webapp.models import ArchiveFile, ArchiveOrigin, Job, JobKind, User, get_setting
from webapp.storage import CHUNK, sync_folder

NO_NAME = "backup.mbz"
#: Where somebody was when they asked: `asked_from` is the course, `asked_into` a section of it (its id here).
Asked = Mapping[str, int | None] | None


class UploadRefused(Exception):
    """The file is not taken. Its text is for the person; `status` for the browser."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


def size_limit() -> int:
    """The most bytes that a file may have here."""
    return int(get_setting("upload_limit_mb")) * 1_000_000


def admit(length: int | None, user: User) -> int:
    """Refuse a file by the length that it will have, before any of it is read; returns the length."""
    if length is None:
        raise UploadRefused(_("The browser did not say how large the file is. Try another browser."), 411)
    if length > size_limit():
        most = in_words(size_limit())
        raise UploadRefused(
            _(
                "This file has %(size)s, and this school takes %(most)s at most. Ask an admin to allow more.",
                size=in_words(length),
                most=most,
            ),
            413,
        )
    left = room_left()
    if length > left:
        raise UploadRefused(
            _(
                "There is no room for this file on the school’s disk: it has %(size)s, and %(left)s are left. "
                "Tell an admin.", size=in_words(length), left=in_words(left),
            ), 507,
        )  # fmt: skip
    with _limits_as_refusals():
        check_may_wait(db.session(), user.id)
        check_quotas(db.session(), length, "this file", user_id=user.id)
    return length


def take_in(
    stream: Readable, filename: str, user: User, *, length: int | None = None, asked: Asked = None
) -> tuple[Job, bool]:
    """Keep a file and ask for its restore, which begins by reading it. See `jobs.queue.ask_for`.

    `length` is what was announced: a connection that breaks off looks like the end of the file.
    """
    with _incoming() as path:
        size = _copy(stream, path)
        if length is not None and size != length:
            raise UploadRefused(_("The file did not arrive as a whole. Nothing was changed. Try again."), 400)
        with _limits_as_refusals():
            archive = _keep(path, clean_name(filename), size, user)
            return ask_for_restore(archive, user, asked)


def ask_for_restore(archive: ArchiveFile, user: User, asked: Asked = None) -> tuple[Job, bool]:
    """Have a backup file read; what becomes of it is asked afterwards. See `jobs.queue.ask_for`."""
    options: dict[str, Any] = {name: number for name, number in (asked or {}).items() if number}
    return ask_for(JobKind.RESTORE, "archive", archive.id, user=user, title=archive.filename, options=options)


def asked_at(given: MultiDict[str, str], course_id: int | None = None) -> Asked:
    """What a form or an address says of where somebody was; else this course."""
    return {
        "asked_from": given.get("course_id", course_id, int),
        "asked_into": given.get("section_id", None, int),
    }


def clean_name(given: str) -> str:
    """A file's name as we may show and send it again; folders and unprintable characters go."""
    name = unquote(given).replace("\\", "/").rpartition("/")[2]
    return "".join(one for one in name if one.isprintable()).strip(" .")[-255:] or NO_NAME


@contextmanager
def _limits_as_refusals() -> Iterator[None]:
    """Have the file refused where the person or the site has reached a limit."""
    try:
        yield
    except JobRefused as refused:
        raise UploadRefused(str(refused), 422) from refused


@contextmanager
def _incoming() -> Iterator[Path]:
    path = places.scratch() / f"upload-{secrets.token_hex(8)}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _copy(stream: Readable, path: Path) -> int:
    size = 0
    with path.open("xb") as out:
        head = _read_head(stream)
        piece = head
        while piece:
            size += len(piece)
            if size > size_limit():
                raise UploadRefused(
                    _("This file is larger than it said, and larger than this school takes."), 413
                )
            out.write(piece)
            piece = stream.read(CHUNK)
        out.flush()
        os.fsync(out.fileno())
    return size


def _read_head(stream: Readable) -> bytes:
    """Read enough to tell what the file is; refuse what can't be a backup before the rest comes."""
    head = b""
    while len(head) < HEAD_LENGTH and (piece := stream.read(CHUNK)):
        head += piece
    try:
        container_of(head[:HEAD_LENGTH])
    except ArchiveProblem as problem:
        raise UploadRefused(str(problem), 422) from problem
    return head


def _keep(path: Path, filename: str, size: int, user: User) -> ArchiveFile:
    with write_transaction() as session:
        check_quotas(session, size, "this file", user_id=user.id)
        archive = ArchiveFile(
            origin=ArchiveOrigin.UPLOAD, owner_id=user.id, filename=filename, size=size, with_people=False
        )
        session.add(archive)
        session.flush()
        note(session, "backup brought", archive)
        # Before the row can be seen its file is in place.
        path.replace(places.archive_path(archive.id))
        sync_folder(places.archives())
    return archive
