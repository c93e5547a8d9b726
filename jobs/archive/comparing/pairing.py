"""Finds which document of the second archive is which of the first: folders may be numbered anew."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from jobs.archive.comparing.unpacked import Unpacked
from jobs.archive.manifest import ActivityEntry, SectionEntry
from jobs.archive.names import MANIFEST, directory_of

# <activities/forum_12>/blocks/<html>_7
_BLOCK = re.compile(r"(?P<owner>.+)/blocks/(?P<name>\w+)_\d+")

Entries = Iterable[SectionEntry | ActivityEntry]


def pairs(before: Unpacked, after: Unpacked) -> Iterator[tuple[str | None, str | None]]:
    """Yield the names of documents that belong together; None where one side has no such document."""
    folders = _folders(before, after)
    taken = {MANIFEST}
    for name in sorted(before.documents.keys() - {MANIFEST}):
        directory = directory_of(name)
        other = folders.get(directory, directory)
        counterpart = f"{other}/{name.rpartition('/')[2]}".lstrip("/")
        taken.add(counterpart)
        yield name, counterpart if counterpart in after.documents else None
    for name in sorted(after.documents.keys() - taken):
        yield None, name


def is_renumbered(before: Unpacked, after: Unpacked) -> bool:
    """Whether the course's things have other ids than they had."""
    return any(old != new for old, new in _folders(before, after).items())


def _folders(before: Unpacked, after: Unpacked) -> dict[str, str]:
    """Folder of the first -> the one of the second that is about the same thing."""
    folders = _matched(before.manifest.sections, after.manifest.sections)
    folders |= _matched(before.manifest.activities, after.manifest.activities)
    ours, theirs = _blocks(before), _blocks(after)
    for (owner, name), blocks in ours.items():
        others = theirs.get((folders.get(owner, owner), name), [])
        folders |= dict(zip(blocks, others, strict=False))
    return folders


def _matched(before: Entries, after: Entries) -> dict[str, str]:
    """Each entry of a manifest with its own folder on the other side, else the next one of its name."""
    there = {one.directory for one in after}
    same = {one.directory for one in before if one.directory in there}
    left: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one in after:
        if one.directory not in same:
            left[_called(one)].append(one.directory)
    folders = {directory: directory for directory in same}
    for one in before:
        if one.directory not in same and (others := left[_called(one)]):
            folders[one.directory] = others.pop(0)
    return folders


def _called(one: SectionEntry | ActivityEntry) -> tuple[str, str]:
    return (one.modulename if isinstance(one, ActivityEntry) else "", one.title)


def _blocks(side: Unpacked) -> dict[tuple[str, str], list[str]]:
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for directory in sorted({directory_of(name) for name in side.documents if "/blocks/" in name}):
        if block := _BLOCK.fullmatch(directory):
            found[block["owner"], block["name"]].append(directory)
    return found
