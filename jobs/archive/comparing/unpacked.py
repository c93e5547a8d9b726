"""An archive with its documents laid out in a folder, so that they can be read in another one's order."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from jobs.archive.limits import MIB
from jobs.archive.manifest import Manifest, read_manifest
from jobs.archive.names import MANIFEST, Kind, kind_of, sha1_of
from jobs.archive.reader import Archive, Member, open_archive
from jobs.language import gettext as _
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
    if MANIFEST not in found.documents:
        raise ArchiveProblem(_("There is no moodle_backup.xml in the file, so it is not a Moodle backup."))
    with found.documents[MANIFEST].open("rb") as stream:
        found.manifest = read_manifest(stream)
    return found


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
