"""Says what a file is when it is not a Moodle backup, so that nobody has to guess."""

import codecs
import re

from jobs.archive.containers import tar
from jobs.archive.containers.wrapping import PACKING_LEFTOVERS
from jobs.archive.names import MANIFEST, shown
from jobs.language import gettext as _, lazy_gettext as _l
from jobs.problems import ArchiveProblem

HEAD_LENGTH = 1024

_Decoder = codecs.getincrementaldecoder("utf-8")

_SIGNATURES = (
    (b"%PDF-", _l("This is a PDF, not a Moodle backup.")),
    (b"Rar!", _l("This is a RAR archive. Moodle packs its backups as tar.gz or zip.")),
    (b"7z\xbc\xaf\x27\x1c", _l("This is a 7-Zip archive. Moodle packs its backups as tar.gz or zip.")),
    (b"BZh", _l("This is a bzip2 archive. Moodle packs its backups as tar.gz or zip.")),
    (b"\xfd7zXZ\0", _l("This is an xz archive. Moodle packs its backups as tar.gz or zip.")),
    (b"\x28\xb5\x2f\xfd", _l("This is a Zstandard archive. Moodle packs its backups as tar.gz or zip.")),
)
#: A part of a course: where there is one, a lost list of contents can be made again.
_PART = re.compile(r"course/course\.xml|sections/section_\d+/section\.xml|activities/\w+_\d+/module\.xml")

_WEB_PAGE = _l(
    "This is a web page, not a backup. The download may have ended at a sign-in or error "
    "page: sign in to the other site, then download the backup again."
)
_BARE_TAR = _l(
    "This is a tar archive that is not compressed. Moodle packs its backups as tar.gz or "
    "zip: compress this one with gzip and try again."
)
_MOODLE_1 = _l(
    "This is a backup of Moodle 1.9 or older, and this site reads those of Moodle 2.3 and "
    "newer. Restore it in a Moodle 2, and back the course up there."
)
NO_COURSE = _l(
    "There is no moodle_backup.xml in this archive, and no part of a course either: it is not a Moodle backup."
)
_IMS_PACKAGE = _l("This is an IMS package (a Common Cartridge or SCORM), not a Moodle backup.")


def container_of(head: bytes) -> str:
    """Tell "tgz" or "zip" by the first bytes; refuse anything else, saying what it is."""
    if head.startswith(b"\x1f\x8b"):
        return "tgz"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    raise ArchiveProblem(_what_it_is(head))


def _what_it_is(head: bytes) -> str:
    if not head:
        return _("The file is empty: nothing of it arrived. Copy or download it again.")
    for signature, sentence in _SIGNATURES:
        if head.startswith(signature):
            return sentence
    if tar.is_header(head[: tar.BLOCK]):
        return _BARE_TAR
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return _WEB_PAGE
    if start.startswith(b"<?xml"):
        return _("This is a single XML document, not a Moodle backup. A backup’s name ends in .mbz.")
    if _is_text(head):
        return _("This is a text file, not a Moodle backup. A backup’s name ends in .mbz.")
    return _("This is not a Moodle backup: it is neither a tar.gz nor a zip archive.")


def _is_text(head: bytes) -> bool:
    try:
        # The last character may be cut in two.
        text = _Decoder().decode(head, final=len(head) < HEAD_LENGTH)
    except UnicodeDecodeError:
        return False
    return all(one.isprintable() or one in "\t\r\n\f" for one in text)


class Outline:
    """Remembers just enough of an archive's names to say why it is not a backup."""

    def __init__(self) -> None:
        self._is_backup = False
        self._is_empty = True
        self._root_names: set[str] = set()
        self._folders: set[str] = set()
        self._manifest_in: str | None = None
        self._backup_inside: str | None = None

    def note(self, name: str) -> None:
        self._is_empty = False
        self._is_backup |= name == MANIFEST or _PART.fullmatch(name) is not None
        top, slash, rest = name.partition("/")
        if not slash:
            if name in ("moodle.xml", "imsmanifest.xml"):
                self._root_names.add(name)
        elif top not in PACKING_LEFTOVERS and len(self._folders) < 2:
            self._folders.add(top)
        if rest == MANIFEST:
            self._manifest_in = top
        if name.lower().endswith(".mbz"):
            self._backup_inside = name

    def refuse_if_no_backup(self) -> None:
        if not self._is_backup:
            raise ArchiveProblem(self._why_no_backup())

    def _why_no_backup(self) -> str:
        if self._is_empty:
            return _("The archive has nothing in it. Copy or download it again.")
        if "moodle.xml" in self._root_names:
            return _MOODLE_1
        if "imsmanifest.xml" in self._root_names:
            return _IMS_PACKAGE
        if self._manifest_in is not None and len(self._folders) == 1:
            return _(
                "The backup in this archive lies inside a folder, “%(name)s”, with other things beside it. Pack "
                "what is in that folder, without the folder around it, and try again.",
                name=shown(self._manifest_in),
            )
        if self._backup_inside is not None:
            return _(
                "This archive has a backup inside it, “%(name)s”. Unpack it, and use the .mbz file that "
                "comes out.",
                name=shown(self._backup_inside),
            )
        return str(NO_COURSE)
