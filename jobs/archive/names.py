"""The names inside an archive: which are safe, and what each stands for.

Nothing is ever unpacked under a name from an archive. They are checked all the same: a name that
Moodle would not write means that somebody made the file by hand, and what it holds is not what it seems.
"""

import re
import unicodedata
from enum import StrEnum
from html import unescape

from jobs.archive.limits import DEFAULT_LIMITS, Limits
from jobs.language import gettext as _, lazy_gettext as _l
from jobs.problems import ArchiveProblem

MANIFEST = "moodle_backup.xml"
INDEX = ".ARCHIVE_INDEX"
LOG = "moodle_backup.log"

# Moodle 4.5 backup/util/plan/*_task.class.php: where each kind of task puts what it writes.
# Nothing of theirs has a number below 0; what somebody has given one is kept.
_OWNER = r"course|sections/section_-?\d{1,19}|activities/[a-z][a-z0-9_]*_-?\d{1,19}"
_BLOCK = r"blocks/[a-z][a-z0-9_]*_\d{1,19}"
# Beside the folders of activities lies what those of one type share: mod_hvp writes activities/hvp_libraries.xml.
_DOCUMENT = re.compile(rf"(?:((?:{_OWNER})(?:/{_BLOCK})?|activities|sections)/)?[A-Za-z0-9_-]+\.xml")
_CONTENT = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{38})")
_DIRECTORY = re.compile(_OWNER)
_DRIVE = re.compile(r"[A-Za-z]:")


class Kind(StrEnum):
    MANIFEST = "manifest"
    INDEX = "index"
    LOG = "log"
    CONTENT = "content"
    DOCUMENT = "document"
    STRAY = "stray"


_OUTSIDE = _l(
    "A name in the archive, “%(name)s”, points outside the archive. Moodle writes no such names, "
    "so somebody has changed this file."
)
_BACKSLASH = _l(
    "A name in the archive, “%(name)s”, holds a backslash. Moodle writes no such names, "
    "so somebody has changed this file."
)
_CONTROL = _l(
    "A name in the archive, “%(name)s”, holds a control character. Moodle writes no such names, "
    "so somebody has changed this file."
)
_EMPTY_PART = _l(
    "A name in the archive, “%(name)s”, has an empty part. Moodle writes no such names, "
    "so somebody has changed this file."
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ROOT_KINDS = {MANIFEST: Kind.MANIFEST, INDEX: Kind.INDEX, LOG: Kind.LOG}


def canonical(name: str, limits: Limits = DEFAULT_LIMITS) -> str:
    """Return the name without a leading "./", or refuse it. The archive's own root is the empty name."""
    if len(name.encode("utf-8", "surrogatepass")) > limits.name_length:
        raise ArchiveProblem(
            _(
                "A name in the archive, “%(name)s”, is longer than %(name_length)s characters. Moodle "
                "writes no such names.",
                name=shown(name),
                name_length=limits.name_length,
            ),
            entry=name,
            limit="name_length",
        )
    while name.startswith("./"):
        name = name[2:]
    if name in ("", "."):
        return ""
    fault = _fault(name)
    if fault:
        raise ArchiveProblem(
            _(fault, name=shown(name)),
            entry=name,
        )
    return name


def _fault(name: str) -> str | None:
    """What is wrong with it, as a sentence that is still to be told the name."""
    if name.startswith("/") or _DRIVE.match(name):
        return _OUTSIDE
    if "\\" in name:
        return _BACKSLASH
    if not (name.isascii() and name.isprintable()) and any(map(_is_control, name)):
        return _CONTROL
    parts = name.split("/")
    if ".." in parts:
        return _OUTSIDE
    if "" in parts or "." in parts:
        return _EMPTY_PART
    return None


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def same_name_key(name: str) -> str:
    """Return what two names share that some file system would take for one."""
    return name.lower() if name.isascii() else unicodedata.normalize("NFC", name).casefold()


def kind_of(name: str) -> Kind:
    """Tell what a canonical name stands for; a stray is something that the format does not know."""
    if name in _ROOT_KINDS:
        return _ROOT_KINDS[name]
    if _CONTENT.fullmatch(name):
        return Kind.CONTENT
    return Kind.DOCUMENT if _DOCUMENT.fullmatch(name) else Kind.STRAY


def directory_of(name: str) -> str:
    """Return the folder of a document's owner ("activities/quiz_5/blocks/html_9"), "" for the root's own."""
    match = _DOCUMENT.fullmatch(name)
    return (match[1] or "") if match else ""


def sha1_of(name: str) -> str:
    """Return the hash that a file content's name promises."""
    match = _CONTENT.fullmatch(name)
    if match is None:
        raise ValueError(f"{name!r} is not the name of a file content")
    return match[2]


def content_name(sha1: str) -> str:
    return f"files/{sha1[:2]}/{sha1}"


def is_directory(name: str) -> bool:
    """Tell whether a manifest may name this as the folder of a course, section or activity."""
    return _DIRECTORY.fullmatch(name) is not None


def shown(name: str, length: int = 80) -> str:
    """Return a name that can stand in a sentence: no control characters, not too long."""
    plain = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in name[: length + 1])
    return plain if len(plain) <= length else plain[: length - 1] + "…"


def without_tags(name: str) -> str:
    """What a course, section or activity is called: names may hold HTML, which Moodle does not show.

    Moodle 4.5 lib/weblib.php format_string() with formatstringstriptags, which is on unless somebody changes it.
    """
    return unescape(_TAG.sub("", name)).strip() or name
