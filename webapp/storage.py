"""Where stored bytes lie: file contents by their hash, and archives by their number.

A content is written beside, made durable, and only then takes its name; it never
changes under its hash. A made collision can't replace a file: what comes under a
hash that exists must be the same, byte for byte.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from jobs.archive.containers.streams import Readable

CHUNK = 1 << 20


@dataclass(frozen=True)
class Stored:
    """What a stream turned out to be: SHA-1 in hex, and bytes."""

    hash: str
    size: int


class Collision(Exception):
    """Two contents have one hash. Somebody made it so; the first one stays."""


class Storage:
    """The file store of one installation, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.incoming = folder / "incoming"

    def prepare(self) -> None:
        self.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)

    def path(self, content_hash: str) -> Path:
        """Where a content lies, or would. Raises ValueError for what is no SHA-1."""
        if len(content_hash) != 40 or not set(content_hash) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-1 in hex")
        return self.folder / content_hash[:2] / content_hash[2:4] / content_hash

    def exists(self, content_hash: str) -> bool:
        return self.path(content_hash).is_file()

    def is_sound(self, content_hash: str) -> bool:
        """Read a content; whether it is there, can be read, and is what its hash says."""
        digest = hashlib.sha1(usedforsecurity=False)
        try:
            with self.open(content_hash) as stream:
                while piece := stream.read(CHUNK):
                    digest.update(piece)
        except OSError:
            return False
        return digest.hexdigest() == content_hash

    def all(self) -> Iterator[Path]:
        """Every content that is there, one folder after the other."""
        return self.folder.glob("??/??/*")

    def open(self, content_hash: str) -> BinaryIO:
        """Open a content for reading. Raises FileNotFoundError."""
        return self.path(content_hash).open("rb")

    def save(self, stream: Readable, checkpoint: Callable[[int], None] | None = None) -> Stored:
        """Keep a stream under its hash; `checkpoint` hears of each piece's bytes and may raise."""
        digest, size = hashlib.sha1(usedforsecurity=False), 0
        descriptor, name = tempfile.mkstemp(dir=self.incoming)
        try:
            with os.fdopen(descriptor, "wb") as out:
                while piece := stream.read(CHUNK):
                    digest.update(piece)
                    out.write(piece)
                    size += len(piece)
                    if checkpoint:
                        checkpoint(len(piece))
                out.flush()
                os.fsync(out.fileno())
            self._settle(Path(name), digest.hexdigest())
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
        return Stored(digest.hexdigest(), size)

    def delete(self, content_hash: str) -> None:
        self.path(content_hash).unlink(missing_ok=True)

    def _settle(self, incoming: Path, content_hash: str) -> None:
        target = self.path(content_hash)
        if target.exists():
            if not _same_bytes(incoming, target):
                raise Collision(content_hash)
            os.utime(target)  # in use again: the sweep counts its days from now
            return
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        incoming.replace(target)
        sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _same_bytes(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as a, other.open("rb") as b:
        while piece := a.read(CHUNK):
            if piece != b.read(len(piece)):
                return False
    return True
