"""Compares what two manifests say: origin, settings, and which sections and activities there are, in which order."""

from collections.abc import Iterator

from jobs.archive.comparing.model import CHANGED, LOST, Difference, shown
from jobs.archive.comparing.terms import Terms
from jobs.archive.manifest import Manifest
from jobs.archive.names import MANIFEST

#: What belongs to the making of a backup, not to what is in it; a restored course has a short name of its own.
_OF_THE_BACKUP = frozenset({"name", "backup_date", "include_files", "original_course_shortname"})
_IDS = frozenset({"original_course_id", "original_course_contextid"})
_OF_COURSE = frozenset({"original_course_fullname", "original_course_startdate", "original_course_enddate",
                        "original_course_format"})  # fmt: skip
_SETTINGS = frozenset({"filename", "imscc11", "files"})
#: Settings that say whether people are in it, and other leaves that go with them.
_OF_PEOPLE = frozenset({"users", "anonymize", "role_assignments", "comments", "userscompletion", "logs",
                        "grade_histories", "xapistate"})  # fmt: skip


def manifest_differences(before: Manifest, after: Manifest, terms: Terms) -> Iterator[Difference]:
    """Yield what of the first manifest the second does not say."""
    changed = terms.without_people or terms.anonymised or not terms.people
    free = _OF_THE_BACKUP | ({"mnet_remoteusers"} if changed else set())
    free |= _IDS if terms.renumbered else set()
    free |= _OF_COURSE if terms.of_part else set()
    yield from _leaves("information", before.information, after.information, free)
    yield from _leaves("details/detail", before.details, after.details, frozenset())
    settings = _SETTINGS | (_OF_PEOPLE if changed else set())
    yield from _leaves("settings", _root_settings(before), _root_settings(after), settings)
    ours, theirs = _contents(before), _contents(after)
    if ours != theirs:
        gone = [one for one in ours if one not in theirs]
        what = LOST if gone else CHANGED
        yield Difference(MANIFEST, what, "contents", shown(str(gone or ours)), shown(str(theirs)))


def _leaves(
    place: str, before: dict[str, str], after: dict[str, str], free: frozenset[str] | set[str]
) -> Iterator[Difference]:
    for name, text in before.items():
        if name not in free and after.get(name) != text:
            what = LOST if name not in after else CHANGED
            yield Difference(MANIFEST, what, f"{place}/{name}", shown(text), shown(after.get(name)))


def _root_settings(manifest: Manifest) -> dict[str, str]:
    return {one.name: one.value for one in manifest.settings if one.level == "root"}


def _contents(manifest: Manifest) -> list[tuple[str, str]]:
    sections = [("section", one.title) for one in manifest.sections]
    return sections + [(one.modulename, one.title) for one in manifest.activities]
