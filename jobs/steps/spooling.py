"""Lays the documents of an archive out that say what a restore would do, without restoring anything."""

from __future__ import annotations

from collections.abc import Callable, Container
from pathlib import Path

from jobs.archive.dates import DateShift
from jobs.archive.manifest import Manifest
from jobs.archive.names import Kind, kind_of, sha1_of
from jobs.archive.reader import Member, open_archive
from jobs.archive.spool import Spool
from jobs.archive.xml import text_of
from jobs.steps.documents import whole_number
from jobs.steps.section_places import Spot
from jobs.steps.sides import ArchiveSide, origin_of, place_of
from webapp import places
from webapp.storage import CHUNK


def look_folder(job_id: int) -> Path:
    """Where the documents lie as long as a restore waits for its answer; the sweep takes them away after it."""
    return places.scratch() / f"job-{job_id}-look"


def lay_out(
    path: Path,
    folder: Path,
    kind: str,
    damaged: Container[str],
    advance: Callable[[int], None] = lambda _bytes: None,
) -> int:
    """Copy the documents of the course as a whole, and of its sections, into a folder; `kind` is the archive's.

    Those that are damaged, and so would not be restored, are left out. Returns the bytes of the contents that
    are not kept here yet.
    """
    told = new = 0
    with open_archive(path) as archive:
        for member in archive:
            if kind_of(member.name) == Kind.CONTENT:
                new += 0 if places.storage().exists(sha1_of(member.name)) else member.size
            elif _is_looked_at(member.name, kind) and member.name not in damaged:
                _copy(member, folder / place_of(member.name))
            advance(archive.read_bytes - told)
            told = archive.read_bytes
    return new


def lay_out_spooled(spool: Spool, folder: Path) -> None:
    """The same of documents of a course that have been composed."""
    for entry in spool.entries():
        if _is_looked_at(entry.name, "course"):
            _copy(Member(entry.name, entry.size, entry.open().read), folder / place_of(entry.name))


def laid_out(
    folder: Path, manifest: Manifest, *, people: bool, shift: DateShift | None
) -> tuple[ArchiveSide, list[Spot]]:
    """What was laid out, to be compared with a course."""
    side = ArchiveSide(folder, origin_of(manifest.information), people, shift)
    return side, _spots(manifest, side)


def _is_looked_at(name: str, kind: str) -> bool:
    if kind_of(name) not in (Kind.DOCUMENT, Kind.MANIFEST):
        return False
    directory, _, base = name.rpartition("/")
    return directory in ("", "course") or base == ("module.xml" if kind == "activity" else "section.xml")


def _copy(member: Member, place: Path) -> None:
    with place.open("wb") as out:
        while piece := member.read(CHUNK):
            out.write(piece)


def _spots(manifest: Manifest, side: ArchiveSide) -> list[Spot]:
    if not manifest.sections:
        (activity,) = manifest.activities[:1]
        number = whole_number(_leaf(side, f"{activity.directory}/module.xml", "sectionnumber"))
        return [Spot(activity.sectionid, activity.sectionid, number)]
    filled = {one.sectionid for one in manifest.activities}
    return [
        Spot(
            id=one.id,
            moodle_id=one.id,
            number=whole_number(_leaf(side, f"{one.directory}/section.xml", "number")),
            is_subsection=bool(one.parentcmid),
            is_empty=one.id not in filled and not _leaf(side, f"{one.directory}/section.xml", "summary"),
        )
        for one in manifest.sections
    ]


def _leaf(side: ArchiveSide, document: str, name: str) -> str:
    root = side.skeleton(document)
    leaf = root.find(name) if root is not None else None
    return "" if leaf is None else text_of(leaf) or ""
