"""Lays the documents of an archive out that say what a restore would do, without restoring anything."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from jobs.archive.limits import DEFAULT_LIMITS
from jobs.archive.manifest import Manifest
from jobs.archive.names import MANIFEST, Kind, kind_of
from jobs.archive.reader import Member, open_archive
from jobs.archive.trees import tree_for
from jobs.archive.xml import Skeleton, split, text_of
from jobs.steps.documents import whole_number
from jobs.steps.section_places import Spot
from jobs.steps.sides import ArchiveSide, origin_of
from webapp.storage import CHUNK


def lay_out(path: Path, folder: Path, manifest: Manifest, *, people: bool) -> tuple[ArchiveSide, list[Spot]]:
    """Copy the documents of the course as a whole into a folder; returns them, and the sections."""
    side = ArchiveSide(folder, origin_of(manifest.information), people)
    found: dict[str, etree._Element] = {}
    with open_archive(path) as archive:
        for member in archive:
            if kind_of(member.name) != Kind.DOCUMENT or member.name == MANIFEST:
                continue
            directory, _, name = member.name.rpartition("/")
            if directory in ("", "course"):
                _copy(member, side.place(member.name))
            elif name == "section.xml" or (name == "module.xml" and manifest.kind == "activity"):
                found[directory] = _skeleton(member, directory, name)
    return side, _spots(manifest, found)


def _copy(member: Member, place: Path) -> None:
    with place.open("wb") as out:
        while piece := member.read(CHUNK):
            out.write(piece)


def _skeleton(member: Member, directory: str, name: str) -> etree._Element:
    parts = split(member, tree_for(directory, name).is_record, DEFAULT_LIMITS)
    return next(part.element for part in parts if isinstance(part, Skeleton))


def _spots(manifest: Manifest, found: dict[str, etree._Element]) -> list[Spot]:
    if not manifest.sections:
        return [
            Spot(one.sectionid, one.sectionid, whole_number(_leaf(found.get(one.directory), "sectionnumber")))
            for one in manifest.activities[:1]
        ]
    filled = {one.sectionid for one in manifest.activities}
    return [
        Spot(
            id=one.id,
            moodle_id=one.id,
            number=whole_number(_leaf(found.get(one.directory), "number")),
            is_subsection=bool(one.parentcmid),
            is_empty=one.id not in filled and not _leaf(found.get(one.directory), "summary"),
        )
        for one in manifest.sections
    ]


def _leaf(root: etree._Element | None, name: str) -> str:
    leaf = root.find(name) if root is not None else None
    return "" if leaf is None else text_of(leaf) or ""
