"""Opens an archive, whichever of Moodle's two containers it is in; told apart by content, never by name."""

from pathlib import Path

from jobs.archive.containers.container import Archive, Member
from jobs.archive.containers.foreign import HEAD_LENGTH, container_of
from jobs.archive.containers.tgz import TgzArchive
from jobs.archive.containers.zip import ZipArchive
from jobs.archive.limits import DEFAULT_LIMITS, Limits

__all__ = ["Archive", "Member", "open_archive"]


def open_archive(path: Path, limits: Limits = DEFAULT_LIMITS) -> Archive:
    """Open an archive for one way through it, or raise ArchiveProblem saying what the file is instead.

    Use it in a `with`. A directory's entries are not shown; each file is checked by name when it is met,
    and that the archive is a backup at all shows at the end at the latest.
    """
    file = path.open("rb", buffering=0)
    try:
        container = container_of(file.read(HEAD_LENGTH))
        file.seek(0)
        return TgzArchive.opened(file, limits) if container == "tgz" else ZipArchive(file, limits)
    except BaseException:
        file.close()
        raise
