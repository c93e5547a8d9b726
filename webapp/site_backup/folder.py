"""The folder that holds a copy of a whole school: `site.json`, and a store of contents by their hash.

The database, backup files and mails lie in the store like the contents of course files; `site.json` says which
is what. It is replaced last and at once, so whatever ends a run, the folder holds the last copy that was whole,
and what the run has brought so far is there for the next one.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from webapp.site_backup import SiteBackupProblem
from webapp.storage import Storage, sync_folder

#: Of `site.json`. A folder of a higher one was written by a newer Coursekeep.
FORMAT = 1
MARK = "This folder holds a copy of a school, made by Coursekeep. “coursekeep restore-site” puts it back.\n"


@dataclass(frozen=True)
class Kept:
    """A file of the installation: its SHA-1, its bytes, and when it was written, in ns since 1970."""

    hash: str
    size: int
    modified: int = 0


@dataclass(frozen=True)
class Manifest:
    """What a whole copy consists of, but for the contents that its database names."""

    #: When the database was copied (ISO 8601, UTC), and the step that its tables were at.
    made_at: str
    revision: str
    #: What other Moodles know the site by; stays the same where the copy is put back with a new secret.
    site_hash: str
    database: Kept
    #: By their name in the installation's folder: "archives/7.mbz".
    named: dict[str, Kept] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT} | asdict(self)

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Manifest:
        """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        named = {str(name): Kept(**kept) for name, kept in given["named"].items()}
        return cls(
            str(given["made_at"]),
            str(given["revision"]),
            str(given["site_hash"]),
            Kept(**given["database"]),
            named,
        )


class SiteFolder:
    """One such folder, there or to be made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = Storage(path / "files")
        self._manifest, self._mark = path / "site.json", path / "README.txt"

    @contextmanager
    def for_writing(self) -> Iterator[None]:
        """Make the folder, or clear up behind a run that was cut off, and keep other runs out meanwhile.

        Raises SiteBackupProblem where something else lies in the folder, or another run is at work.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._mark.exists() and any(self.path.iterdir()):
            raise SiteBackupProblem(
                f"Something else lies in {self.path}. Name an empty folder, or an earlier copy."
            )
        self._mark.write_text(MARK, "utf-8")
        with self._mark.open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SiteBackupProblem(f"Another run is writing to {self.path}. Wait for its end.") from None
            self.store.prepare()
            for rest in self.store.incoming.iterdir():
                rest.unlink()
            yield

    def last(self) -> Manifest | None:
        """The copy that is there; None if there is none yet. Raises SiteBackupProblem if it can't be read."""
        try:
            given = json.loads(self._manifest.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise SiteBackupProblem(f"{self._manifest} can’t be read: {error}.") from error
        if isinstance(given, dict) and int(given.get("format", 0)) > FORMAT:
            raise SiteBackupProblem("This copy was made by a newer Coursekeep. Install that one first.")
        try:
            return Manifest.from_json(given)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise SiteBackupProblem(f"{self._manifest} is damaged: it does not say what it should.") from None

    def read(self) -> Manifest:
        """The copy that is there. Raises SiteBackupProblem if there is none."""
        manifest = self.last()
        if manifest is None:
            raise SiteBackupProblem(f"There is no whole copy of a school in {self.path}.")
        return manifest

    def put(self, manifest: Manifest) -> None:
        """From now on this is the copy that is there, whatever happens."""
        fresh = self.store.incoming / "site.json"
        with fresh.open("w", encoding="utf-8") as out:
            json.dump(manifest.to_json(), out, indent=1, ensure_ascii=False)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(self._manifest)
        sync_folder(self.path)
