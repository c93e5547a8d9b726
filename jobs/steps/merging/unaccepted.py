"""Which activities the Moodle of a course would pass over, because it has none of that type yet or no longer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from jobs.archive.manifest import Manifest
from jobs.archive.manifest.releases import release_of
from jobs.language import gettext as _
from jobs.steps.merging.fitting import dialect_of
from webapp.models import CourseVersion


@dataclass(frozen=True)
class _Time:
    """The versions of backups between which Moodle had a type of activities."""

    since: int = 0
    until: int = 10**10


#: Moodle’s own types that came or went after 2.3 (mod/*/version.php); question banks are taken apart instead.
_TIMES = {
    "h5pactivity": _Time(since=2020_06_15_00),
    "bigbluebuttonbn": _Time(since=2022_04_19_00),
    "subsection": _Time(since=2024_10_07_00),
    "chat": _Time(until=2025_04_14_00),
    "survey": _Time(until=2025_04_14_00),
}


def unaccepted(manifest: Manifest, version: CourseVersion) -> list[str]:
    """What to tell of activities that come into a course and that its Moodle leaves out, a sentence for each type.

    Moodle 4.5 backup/moodle2/restore_stepslib.php: then it leaves out the gradebook and course completion as well.
    A course made here is written for a Moodle that knows all that is in it.
    """
    if not version.manifest.get("information"):
        return []
    dialect = dialect_of(version)
    coming = Counter(one.modulename for one in manifest.activities)
    return [_sentence(name, coming[name], dialect) for name in _left_out(coming, dialect)]


def _left_out(types: Collection[str], dialect: int) -> list[str]:
    return sorted(
        name for name, time in _TIMES.items() if name in types and not time.since <= dialect < time.until
    )


def _sentence(name: str, count: int, dialect: int) -> str:
    return _(
        "Activities of the type “%(type)s”: %(count)s. They are kept, but the course’s backups are written for "
        "Moodle %(release)s, which doesn’t know them: it would pass over them, and over the gradebook and the "
        "course’s completion as well.",
        type=name,
        count=count,
        release=release_of(dialect)[1],
    )
