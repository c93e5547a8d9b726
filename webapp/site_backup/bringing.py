"""Brings single files of an installation into the folder of a copy, and sees that they arrived."""

from __future__ import annotations

import io
from pathlib import Path

from webapp.site_backup import SiteBackupProblem
from webapp.site_backup.folder import Kept
from webapp.storage import Storage


class Bringer:
    """Counts what it has had to copy. `known` says what the last copy holds under which name."""

    def __init__(self, instance: Path, target: Storage, known: dict[str, Kept]) -> None:
        self.instance, self.source, self.target = instance, Storage(instance / "files"), target
        self.files = self.bytes = 0
        self._known = known
        self._checked: set[str] = set()

    def knows(self, name: str) -> bool:
        return name in self._known

    def content(self, content_hash: str) -> bool:
        """Copy one content; false if the school does not have it, or not as it was."""
        try:
            with self.source.open(content_hash) as stream:
                stored = self.target.save(stream)
        except OSError:
            if self.source.is_sound(content_hash):
                raise  # then it is the disk of the copy
            return False
        if stored.hash != content_hash:
            return False
        self._count(stored.size)
        return True

    def sound_content(self, content_hash: str) -> bool:
        """Read a content back; one that has gone bad in the copy is brought anew. False as above."""
        if self.target.is_sound(content_hash):
            return True
        self.target.delete(content_hash)
        if not self.content(content_hash):
            return False
        self._check(content_hash)
        return True

    def named(self, name: str) -> Kept | None:
        """Copy a file that never changes once it is written, if the copy lacks it; None if it is not there."""
        path = self.instance / name
        try:
            with path.open("rb") as stream:
                facts = path.stat()
                known = self._known.get(name)
                if known and (known.size, known.modified) == (facts.st_size, facts.st_mtime_ns):
                    if known.hash in self._checked or self.target.is_sound(known.hash):
                        self._checked.add(known.hash)
                        return known
                    self.target.delete(known.hash)
                stored = self.target.save(stream)
        except FileNotFoundError:
            return None
        self._count(stored.size)
        self._check(stored.hash)
        kept = self._known[name] = Kept(stored.hash, stored.size, facts.st_mtime_ns)
        return kept

    def text(self, text: str) -> Kept:
        """Keep a text that stands in no file."""
        stored = self.target.save(io.BytesIO(text.encode()))
        self._check(stored.hash)
        return Kept(stored.hash, stored.size)

    def database(self, path: Path) -> Kept:
        """Keep the copied database."""
        with path.open("rb") as stream:
            stored = self.target.save(stream)
        self._check(stored.hash)
        return Kept(stored.hash, stored.size)

    def _check(self, content_hash: str) -> None:
        if not self.target.is_sound(content_hash):
            raise SiteBackupProblem(
                f"What was written to {self.target.folder} reads otherwise than it was written. Check its disk."
            )
        self._checked.add(content_hash)

    def _count(self, size: int) -> None:
        self.files += 1
        self.bytes += size
