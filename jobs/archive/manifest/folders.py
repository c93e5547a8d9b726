"""What the folders of an archive say of its course, its sections and its activities, whatever the manifest says."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from jobs.archive.limits import Limits
from jobs.archive.manifest.model import Manifest
from jobs.archive.scanning import BrokenDocument, Read, Rows, scan
from jobs.archive.xml import NULL

_ACTIVITY = re.compile(r"activities/(?P<type>[a-z][a-z0-9_]*)_(?P<id>\d{1,18})")
_FOLDER = re.compile(r"(?:activities|sections)/[^/]+(?=/)")
_SECTION = re.compile(r"sections/section_(?P<id>\d{1,18})")


@dataclass
class SectionFolder:
    """`opener` is the instance of the subsection that it opens from, "" if it is a section like others."""

    id: int
    number: int
    name: str
    sequence: list[str]
    opener: str


@dataclass
class ActivityFolder:
    """`version` is that of its plugin."""

    id: int
    type: str
    section: int = 0
    instance: str = ""
    title: str = ""
    version: int = 0


@dataclass
class Folders:
    """Filled document by document, in any order; sections and activities by their folders."""

    limits: Limits
    sections: dict[str, SectionFolder] = field(default_factory=dict)
    activities: dict[str, ActivityFolder] = field(default_factory=dict)
    #: What course.xml says of the course, and its attributes behind an @; empty if it isn’t there.
    course: dict[str, str] = field(default_factory=dict)
    with_people: bool = False

    def take(self, name: str, read: Read) -> None:
        """Read a document, if it is one that says what a folder is; of a damaged one what stands before the damage."""
        directory, _, base = name.rpartition("/")
        if name == "users.xml":
            self.with_people = True
        elif name == "course/course.xml":
            self.course = self._leaves(read, "course")
        elif base == "section.xml" and (found := _SECTION.fullmatch(directory)):
            self.sections[directory] = _section(int(found["id"]), self._leaves(read, "section"))
        elif found := _ACTIVITY.fullmatch(directory):
            self._take_activity(directory, found, base, read)

    def _take_activity(self, directory: str, found: re.Match[str], base: str, read: Read) -> None:
        kind = found["type"]
        if base not in ("module.xml", f"{kind}.xml"):
            return
        folder = self.activities.setdefault(directory, ActivityFolder(int(found["id"]), kind))
        if base == "module.xml":
            said = self._leaves(read, "module")
            folder.section, folder.version = _number(said, "sectionid"), _number(said, "@version")
        else:
            said = self._leaves(read, "activity", kind)
            folder.instance, folder.title = said.get("@id", ""), said.get("name", "")

    def _leaves(self, read: Read, root: str, inner: str = "") -> dict[str, str]:
        said: dict[str, str] = {}

        def keep(attributes: Mapping[str, str], leaves: dict[str, str]) -> None:
            said.update(leaves)
            said.update({f"@{name}": text for name, text in attributes.items()})

        rows = Rows(self.limits, {root: keep, f"{root}/{inner}": keep})
        try:
            scan(read, rows)
        except BrokenDocument:
            rows.hand_over_rest()
        return {name: "" if text == NULL else text for name, text in said.items()}


def unlisted_among(manifest: Manifest, documents: Iterable[str]) -> set[str]:
    """The folders in which these documents lie and which the manifest does not name."""
    listed = {one.directory for one in manifest.sections} | {one.directory for one in manifest.activities}
    return {found[0] for name in documents if (found := _FOLDER.match(name))} - listed


def is_wanted(name: str, folders: Container[str]) -> bool:
    """Whether a document says what one of these folders is."""
    # A section says which subsection it opens from by what only that one’s own document holds.
    return name.rpartition("/")[0] in folders or name.endswith("/subsection.xml")


def _section(number: int, said: Mapping[str, str]) -> SectionFolder:
    return SectionFolder(
        id=number,
        number=_number(said, "number"),
        name=said.get("name", ""),
        sequence=said.get("sequence", "").split(","),
        opener=said.get("itemid", "") if said.get("component") == "mod_subsection" else "",
    )


def _number(said: Mapping[str, str], name: str) -> int:
    text = said.get(name, "").partition(".")[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
