"""Sends a single file out of an archive, which is read forward until the file is met."""

from __future__ import annotations

import logging
from collections.abc import Container
from contextlib import ExitStack
from pathlib import Path

from flask import Response, abort, request, send_file

from jobs.archive.containers.container import Member
from jobs.archive.containers.reader import open_archive
from jobs.archive.index import FileFound
from jobs.archive.names import content_name
from jobs.problems import ArchiveProblem
from webapp import places
from webapp.archives.operations import reading_turn
from webapp.content.files import fit_name
from webapp.models import ArchiveFile
from webapp.pages.serving import restrain
from webapp.pages.sniffing import HEAD, type_of

log = logging.getLogger(__name__)


class _Content:
    """A content as it comes out of the archive, from its beginning on; closing it closes the archive."""

    def __init__(self, member: Member | None, head: bytes, opened: ExitStack) -> None:
        self._member = member
        self._ahead = head
        self._opened = opened

    @property
    def size(self) -> int:
        return self._member.size if self._member else 0

    def read(self, length: int) -> bytes:
        if self._ahead or self._member is None:
            piece, self._ahead = self._ahead[:length], self._ahead[length:]
            return piece
        try:
            return self._member.read(length)
        except ArchiveProblem as problem:
            # What has been sent is too short by now, and the browser says so.
            log.warning("%s in an archive broke off: %s", self._member.name, problem)
            return b""

    def close(self) -> None:
        self._opened.close()


def send_content(
    archive: ArchiveFile, found: FileFound | None, damage: Container[str], *, to_keep: bool = False
) -> Response:
    """Answer with a file under its real name: shown where it is of a harmless type, else to be saved.

    `damage` holds the hashes of contents that are not to be trusted. 404 where there is no such file.
    """
    if found is None or not found.is_here:
        abort(404)
    if found.sha1 in request.if_none_match:
        return restrain(Response(status=304), None)
    content, head = _find(places.archive_path(archive.id), content_name(found.sha1))
    kind = type_of(head, found.name) if not to_keep and found.sha1 not in damage else None
    answer = send_file(
        content,  # type: ignore[arg-type]
        mimetype=kind or "application/octet-stream",
        as_attachment=kind is None,
        download_name=fit_name(found.name),
        conditional=False,
        etag=found.sha1,
    )
    answer.content_length = content.size
    return restrain(answer, kind)


def _find(path: Path, name: str) -> tuple[_Content, bytes]:
    """Read the archive up to this content; returns it, and its first bytes to tell its type by."""
    with reading_turn, ExitStack() as opened:
        members = opened.enter_context(open_archive(path))
        member = next((one for one in members if one.name == name), None)
        head = b""
        while member and len(head) < HEAD and (piece := member.read(HEAD - len(head))):
            head += piece
        return _Content(member, head, opened.pop_all()), head
