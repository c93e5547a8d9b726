"""Finds the folder around an archive: what unpacked and packed again, or downloaded as a repository, lies inside one.

Moodle writes its parts at the root, and reads none that lie deeper (seen in 4.5.5).
"""

from collections.abc import Iterable

from jobs.archive.names import MANIFEST, Kind, kind_of
from jobs.language import gettext as _

#: What systems leave behind where they pack a folder.
PACKING_LEFTOVERS = frozenset(("__MACOSX", ".DS_Store"))

#: The one folder of Moodle's whose documents lie right in it, as the manifest does in a folder around everything.
_COURSE = "course"


def folder_around(names: Iterable[str]) -> str:
    """Return the folder in which all files of an archive lie, its manifest among them; "" if there is none.

    Takes no more of the names than it needs, and of most archives one.
    """
    around = ""
    has_manifest = False
    for name in names:
        folder, slash, rest = name.partition("/")
        if folder in PACKING_LEFTOVERS:
            continue
        if not slash or around not in ("", folder) or _is_in_place(name, folder):
            return ""
        around = folder
        has_manifest |= rest == MANIFEST
    return around if has_manifest else ""


def note_of(folder: str) -> str:
    """What to tell of it."""
    return _(
        "Everything in this archive lies inside one folder, “%(name)s”, as it does when somebody packs an unpacked "
        "backup again. It is read all the same. A Moodle would not read it: give it the backup that this site "
        "makes of the course.",
        name=folder,
    )


def _is_in_place(name: str, folder: str) -> bool:
    return folder != _COURSE and kind_of(name) is not Kind.STRAY
