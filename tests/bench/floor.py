"""The least that a restore and a backup could cost: read the same bytes, hash and pack them, write them.

Runs as a process of its own (`python -m tests.bench.floor`), measured as ours is.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import BinaryIO

from jobs.archive.containers import compression
from jobs.archive.containers.gunzip import Gunzip


def unpack(archive: Path, out: Path) -> None:
    """Read an archive to its end, hash all of it and write it to one file: what no restore can do without."""
    digest = hashlib.sha1()
    with archive.open("rb", buffering=0) as packed, out.open("wb") as target:
        stream = Gunzip(packed)
        while piece := stream.read(compression.CHUNK):
            digest.update(piece)
            target.write(piece)
        _to_disk(target)


def pack(store: Path, out: Path) -> None:
    """Read every file of a store, hash it, pack it fast and write it: what no backup can do without."""
    deflater = compression.deflater(fast=True)
    with out.open("wb") as target:
        for path in sorted(one for one in store.rglob("*") if one.is_file()):
            digest = hashlib.sha1()
            with path.open("rb") as file:
                while piece := file.read(compression.CHUNK):
                    digest.update(piece)
                    target.write(deflater.compress(piece))
        target.write(deflater.flush())
        _to_disk(target)


def _to_disk(target: BinaryIO) -> None:
    target.flush()
    os.fsync(target.fileno())


if __name__ == "__main__":
    work = {"unpack": unpack, "pack": pack}[sys.argv[1]]
    work(Path(sys.argv[2]), Path(sys.argv[3]))
