"""Whether a stored backup is one to count on: sound when it was last read, and still there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol

from webapp import places


class _Backup(Protocol):
    """What is asked of a row, be it whole or only so much of it."""

    @property
    def size(self) -> int: ...
    @property
    def verified_at(self) -> datetime | None: ...
    @property
    def damage(self) -> str: ...


class ArchiveRow(_Backup, Protocol):
    @property
    def id(self) -> int: ...


class CopyRow(_Backup, Protocol):
    @property
    def folder(self) -> str: ...
    @property
    def filename(self) -> str: ...


def is_sound_archive(row: ArchiveRow) -> bool:
    """Whether a backup in the app is."""
    return _is_sound(row, places.archive_path(row.id))


def is_sound_copy(row: CopyRow) -> bool:
    """Whether a copy in the folder is."""
    return _is_sound(row, Path(row.folder, row.filename))


def _is_sound(row: _Backup, path: Path) -> bool:
    if row.verified_at is None or row.damage:
        return False
    try:
        return path.stat().st_size == row.size
    except OSError:
        return False
