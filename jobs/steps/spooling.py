"""Lays the documents of an archive out that say what a restore would do, without restoring anything."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from lxml import etree

from jobs.archive.containers.reader import Member, open_archive
from jobs.archive.containers.spool import Spool
from jobs.archive.dates import DateShift
from jobs.archive.ids.numbers import whole_number
from jobs.archive.manifest import Manifest, SectionEntry, read_manifest
from jobs.archive.names import MANIFEST, Kind, kind_of, sha1_of
from jobs.archive.xml import text_of
from jobs.steps.building.owners import sections_of
from jobs.steps.building.versions import damaged_in
from jobs.steps.matching.sides import SHARED, ArchiveSide, origin_of_archive, place_of
from jobs.steps.merging.section_places import Spot
from jobs.steps.pruning import Sieve
from webapp import places
from webapp.storage import CHUNK

_QUIZ = re.compile(r"activities/quiz_[0-9]+/quiz\.xml")
_SLOTS = "question_instances"


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
            elif member.name == MANIFEST or member.name not in damaged:
                _lay(member, folder, kind)
            advance(archive.read_bytes - told)
            told = archive.read_bytes
    return new


@contextmanager
def documents_of(path: Path, found: dict[str, Any], job_id: int | None) -> Iterator[Path]:
    """The folder in which the documents of an archive are laid out: that of the job which has read it, if there is one.

    `found` is what its survey found.
    """
    kept = look_folder(job_id or 0)
    if job_id and (kept / MANIFEST).exists():
        yield kept
        return
    with tempfile.TemporaryDirectory(dir=places.scratch(), prefix="look-") as folder:
        lay_out(path, Path(folder), found["kind"], damaged_in(found))
        yield Path(folder)


def lay_out_spooled(spool: Spool, folder: Path) -> None:
    """The same of documents of a course that have been composed."""
    for entry in spool.entries():
        _lay(Member(entry.name, entry.size, entry.open().read), folder, "course")


def manifest_in(folder: Path, found: dict[str, Any]) -> Manifest:
    """The manifest that was laid out, or, where the survey of the archive mended it, what that found."""
    if found.get("manifest"):
        return Manifest.from_json(found["manifest"])
    with (folder / MANIFEST).open("rb") as stream:
        return read_manifest(stream)


def laid_out(
    folder: Path, manifest: Manifest, *, people: bool, shift: DateShift | None, sieve: Sieve | None = None
) -> tuple[ArchiveSide, list[Spot]]:
    """What was laid out, or what is wanted of it, to be compared with a course."""
    side = ArchiveSide(folder, origin_of_archive(manifest), people, shift, sieve)
    return side, _spots(manifest, side)


def _is_looked_at(name: str, kind: str) -> bool:
    if kind_of(name) not in (Kind.DOCUMENT, Kind.MANIFEST):
        return False
    directory, _, base = name.rpartition("/")
    return directory in SHARED or base == "section.xml" or (kind == "activity" and base == "module.xml")


def _lay(member: Member, folder: Path, kind: str) -> None:
    place = folder / place_of(member.name)
    if _is_looked_at(member.name, kind):
        _copy(member, place)
    elif _QUIZ.fullmatch(member.name):
        with suppress(etree.XMLSyntaxError):
            place.write_bytes(_slots_of(member))


def _slots_of(member: Member) -> bytes:
    """What a quiz.xml says up to the end of its slots: what people did, which may be much, stands behind them."""
    parser = etree.XMLPullParser(
        events=("end",), tag=_SLOTS, encoding="utf-8", resolve_entities=False, huge_tree=True
    )
    while piece := member.read(CHUNK):
        parser.feed(piece)
        for _, element in parser.read_events():
            if isinstance(element, etree._Element):
                return b"%b" % etree.tostring(element.getroottree(), encoding="utf-8")
    return b"<activity/>"


def _copy(member: Member, place: Path) -> None:
    with place.open("wb") as out:
        while piece := member.read(CHUNK):
            out.write(piece)


def _spots(manifest: Manifest, side: ArchiveSide) -> list[Spot]:
    filled = {one.sectionid: one.directory for one in reversed(manifest.activities)}
    return [
        Spot(
            id=one.id,
            moodle_id=one.id,
            number=_number(side, one, filled.get(one.id, "")),
            is_subsection=bool(one.parentcmid),
            is_empty=one.id not in filled and not _leaf(side, f"{one.directory}/section.xml", "summary"),
        )
        for one in sections_of(manifest)
    ]


def _number(side: ArchiveSide, section: SectionEntry, activity: str) -> int | None:
    """The number of a section; in a backup of one activity only the activity says it of where it stood."""
    said = _leaf(side, f"{section.directory}/section.xml", "number")
    return whole_number(said or _leaf(side, f"{activity}/module.xml", "sectionnumber"))


def _leaf(side: ArchiveSide, document: str, name: str) -> str:
    root = side.skeleton(document)
    leaf = root.find(name) if root is not None else None
    return "" if leaf is None else text_of(leaf) or ""
