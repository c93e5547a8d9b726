"""The files of a folder as a tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from webapp.models import CourseFile

#: Folders deeper than this are shown in one line with the one above.
DEEPEST = 12


@dataclass
class Folder:
    name: str
    path: str
    #: The row of the folder itself, where the archive has one.
    row: CourseFile | None = None
    folders: dict[str, Folder] = field(default_factory=dict)
    files: list[CourseFile] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.files) + sum(folder.count for folder in self.folders.values())

    @property
    def size(self) -> int:
        return sum(one.filesize for one in self.files) + sum(folder.size for folder in self.folders.values())

    def find(self, path: str) -> Folder | None:
        """The folder with this path, here or further in."""
        folder: Folder | None = self
        for part in (part for part in path.split("/") if part):
            folder = folder.folders.get(part) if folder else None
        return folder


def tree_of(rows: Iterable[CourseFile]) -> Folder:
    """The rows of one file area as folders in folders; the area's own folder is the root."""
    root = Folder("", "/")
    for row in rows:
        folder = _folder(root, row.filepath)
        if row.is_folder:
            folder.row = row
        else:
            folder.files.append(row)
    return root


def _folder(root: Folder, filepath: str) -> Folder:
    parts = [part for part in filepath.split("/") if part]
    if len(parts) > DEEPEST:
        parts = [*parts[: DEEPEST - 1], "/".join(parts[DEEPEST - 1 :])]
    folder = root
    for part in parts:
        path = f"{folder.path}{part}/"
        folder = folder.folders.setdefault(part, Folder(part, path))
    return folder
