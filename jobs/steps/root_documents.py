"""What stands at the root of the archive of a part, and is no list that a Moodle puts there: it is the part's own.

It is kept with the section or activity that it came with, under a name that says so. In the archive of the whole course
it lies in the folder of the part, so that two of one name don't meet; in one of the part it stands at the root again.
"""

from __future__ import annotations

from collections.abc import Container
from itertools import count

from jobs.archive.names import MANIFEST

#: What a Moodle has at the root of an archive (mbz-format, section 3).
LISTS = frozenset((MANIFEST, "files.xml", "users.xml", "roles.xml", "groups.xml", "scales.xml", "outcomes.xml",
                   "questions.xml", "gradebook.xml", "grade_history.xml", "completion.xml", "badges.xml"))  # fmt: skip
_MARK = "root-"


def kept_name(name: str) -> str | None:
    """The name under which a document is kept that stood at the root as `name`; None if it is not the part's own."""
    return None if "/" in name or name in LISTS else f"{_MARK}{name}"


def root_name(kept: str) -> str | None:
    """The name at the root of a document that a part keeps; None if it belongs into the folder."""
    name = kept.removeprefix(_MARK)
    return name if name != kept and name not in LISTS else None


def free_name(name: str, taken: Container[str]) -> str:
    """The name of a document, or with the first number behind it that makes it one of its own: tide-2.xml."""
    stem = name.removesuffix(".xml")
    numbered = (f"{stem}-{number}.xml" for number in count(2))
    return name if name not in taken else next(one for one in numbered if one not in taken)
