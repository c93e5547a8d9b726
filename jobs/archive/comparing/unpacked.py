"""An archive with its documents laid out in a folder, so that they can be read in another one's order."""

import hashlib
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jobs.archive.containers.foreign import NO_COURSE
from jobs.archive.containers.reader import Archive, Member, open_archive
from jobs.archive.limits import DEFAULT_LIMITS, MIB
from jobs.archive.manifest import DamagedManifest, Manifest, read_manifest
from jobs.archive.manifest.folders import Folders, is_wanted, unlisted_among
from jobs.archive.manifest.mending import add_unlisted, house, mend
from jobs.archive.names import MANIFEST, Kind, kind_of, sha1_of
from jobs.problems import ArchiveProblem

_PIECE = MIB


@dataclass
class Unpacked:
    """Where each document lies, and which contents there are."""

    manifest: Manifest
    documents: dict[str, Path] = field(default_factory=dict)
    #: The hashes that are the names of contents.
    contents: set[bytes] = field(default_factory=set)
    #: Those whose bytes are others than their name promises.
    damaged: set[bytes] = field(default_factory=set)
    bytes: int = 0


def unpack(path: Path, folder: Path) -> Unpacked:
    """Read all of an archive once. Raises ArchiveProblem if it is none."""
    folder.mkdir()
    found = Unpacked(Manifest({}, "", {}))
    with open_archive(path) as archive:
        _walk(archive, folder, found)
    found.manifest = _manifest(found.documents)
    return found


def _manifest(documents: Mapping[str, Path]) -> Manifest:
    """The manifest, which names all that is there: put together again by the folders as for a restore."""
    damage: DamagedManifest | None = None
    manifest = Manifest({}, "", {})
    if MANIFEST in documents:
        try:
            with documents[MANIFEST].open("rb") as stream:
                manifest = read_manifest(stream)
        except DamagedManifest as problem:
            damage, manifest = problem, problem.rest
    if MANIFEST in documents and damage is None:
        add_unlisted(manifest, _folders(documents, unlisted_among(manifest, documents)))
        house(manifest)
    elif not mend(manifest, _folders(documents)):
        raise damage or ArchiveProblem(str(NO_COURSE))
    return manifest


def _folders(documents: Mapping[str, Path], wanted: Container[str] | None = None) -> Folders:
    """What the folders say of themselves; only the `wanted` ones, if that is given."""
    folders = Folders(DEFAULT_LIMITS)
    for name, path in documents.items():
        if name != MANIFEST and (wanted is None or is_wanted(name, wanted)):
            with path.open("rb") as stream:
                folders.take(name, stream.read)
    return folders


def _walk(archive: Archive, folder: Path, found: Unpacked) -> None:
    for number, member in enumerate(archive):
        kind = kind_of(member.name)
        if kind in (Kind.DOCUMENT, Kind.MANIFEST):
            found.documents[member.name] = folder / str(number)
            with (folder / str(number)).open("wb") as out:
                while piece := member.read(_PIECE):
                    out.write(piece)
        elif kind == Kind.CONTENT:
            _note_content(member, found)


def _note_content(member: Member, found: Unpacked) -> None:
    digest = hashlib.sha1(usedforsecurity=False)
    while piece := member.read(_PIECE):
        digest.update(piece)
        found.bytes += len(piece)
    named = bytes.fromhex(sha1_of(member.name))
    found.contents.add(named)
    if digest.digest() != named:
        found.damaged.add(named)
