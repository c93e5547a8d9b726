"""Backups in a folder of the admins: written whole or not at all, and never over what is there."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.storage import CHUNK, sync_folder

Checkpoint = Callable[[int], None]

_WORDS = {
    errno.ENOENT: _l(
        "The folder %(folder)s is not there. If it lies on another disk, look whether that is connected."
    ),
    errno.ENOTDIR: _l("%(folder)s is not a folder."),
    errno.ENOSPC: _l("There is no room left in the folder %(folder)s."),
    errno.EDQUOT: _l("There is no room left in the folder %(folder)s."),
    errno.EACCES: _l("The folder %(folder)s can’t be written to by the user that runs Coursekeep."),
    errno.EPERM: _l("The folder %(folder)s can’t be written to by the user that runs Coursekeep."),
    errno.EROFS: _l("The folder %(folder)s can only be read."),
    errno.EEXIST: _l("Another program was writing into the folder %(folder)s under the same name."),
}
_OTHERWISE = _l("The folder %(folder)s can’t be used: %(error)s.")


class FolderProblem(Exception):
    """The folder can't be used. Its text is a sentence for an admin."""


@dataclass(frozen=True)
class Written:
    """What was written: bytes, and SHA-256 in hex."""

    size: int
    sha256: str


def check_folder(folder: Path, instance: Path) -> None:
    """Raise FolderProblem if backups can't be written there, or would lie within the installation itself."""
    if not folder.is_absolute():
        raise FolderProblem(_("Write the whole path, from the first “/” on."))
    if folder.resolve().is_relative_to(instance.resolve()):
        raise FolderProblem(
            _(
                "%(folder)s lies within Coursekeep’s own folder. Choose one elsewhere, best on another disk.",
                folder=folder,
            )
        )
    try:
        if not folder.is_dir():
            raise (
                FileNotFoundError(errno.ENOENT, "")
                if not folder.exists()
                else NotADirectoryError(errno.ENOTDIR, "")
            )
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise problem_with(folder, error) from error


def problem_with(folder: Path, error: OSError) -> FolderProblem:
    """What the system says, in words."""
    words = _WORDS.get(error.errno or 0, _OTHERWISE)
    return FolderProblem(_(words, folder=folder, error=error.strerror or error))


def write_part(source: Path, part: Path, checkpoint: Checkpoint) -> Written:
    """Write a copy under a name that nobody looks for, see it safe on the disk, and read it back.

    Raises FolderProblem. On any failure `part` is removed.
    """
    try:
        part.unlink(missing_ok=True)
        written = _copy(source, part, checkpoint)
        if sha256_of(part, checkpoint) != written.sha256:
            raise FolderProblem(
                _(
                    "The copy in the folder %(folder)s came back different when it was read to check.",
                    folder=part.parent,
                )
            )
    except BaseException as error:
        _remove(part)
        if isinstance(error, OSError):
            raise problem_with(part.parent, error) from error
        raise
    return written


def _copy(source: Path, part: Path, checkpoint: Checkpoint) -> Written:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as incoming, part.open("xb") as out:
        os.fchmod(out.fileno(), 0o600)
        while piece := incoming.read(CHUNK):
            digest.update(piece)
            size += out.write(piece)
            checkpoint(len(piece))
        out.flush()
        os.fsync(out.fileno())
        # What is read back shall come from the disk, not from what the system remembers of writing it.
        os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return Written(size, digest.hexdigest())


def take_name(part: Path, name: str) -> None:
    """Give the copy its name. Raises FolderProblem; what has the name already stays as it is."""
    target = part.with_name(name)
    try:
        try:
            os.link(part, target)
            part.unlink()
        except FileExistsError:
            raise
        except OSError:  # a disk without links, as USB sticks have it
            if target.exists():
                raise FileExistsError(errno.EEXIST, "") from None
            part.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        _remove(part)
        raise problem_with(target.parent, error) from error


def free_name(folder: Path, filename: str) -> str:
    """The name, or the first with a number behind it that is free."""
    stem, number, name = filename.removesuffix(".mbz"), 1, filename
    while (folder / name).exists():
        number += 1
        name = f"{stem}-{number}.mbz"
    return name


def sha256_of(path: Path, checkpoint: Checkpoint) -> str:
    """The hash of a file, in hex; `checkpoint` hears of each piece's bytes and may raise. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            digest.update(piece)
            checkpoint(len(piece))
    return digest.hexdigest()


def is_what_we_wrote(path: Path, written: Written, checkpoint: Checkpoint) -> bool:
    """Whether the file still is, byte for byte, what was written there. Raises OSError if it can't be read."""
    return path.stat().st_size == written.size and sha256_of(path, checkpoint) == written.sha256


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return  # the folder is gone, and the file with it; the next run tidies up
