"""What tar.gz and zip archives have in common: members that are read forward, once, and counted."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from io import FileIO
from types import TracebackType
from typing import ClassVar, Self

from jobs.archive.containers.foreign import Outline
from jobs.archive.containers.wrapping import note_of
from jobs.archive.limits import Limits
from jobs.archive.names import canonical, same_name_key, shown
from jobs.language import gettext as _, number
from jobs.language.sizes import size as in_words
from jobs.problems import ArchiveProblem


class Member:
    """A file in the archive. It can be read while the archive stands at it, once, from start to end."""

    def __init__(self, name: str, size: int, pull: Callable[[int], bytes]) -> None:
        self.name = name
        self.size = size
        self._pull: Callable[[int], bytes] | None = pull

    def read(self, length: int) -> bytes:
        """Return the next bytes, at most `length` of them; none at the end."""
        if self._pull is None:
            raise ValueError(f"The archive has moved on from {self.name!r}")
        return self._pull(length)

    def close(self) -> None:
        self._pull = None


class Archive(ABC):
    """An open archive. Going through it gives its files in the order in which they lie in it."""

    container: ClassVar[str]

    def __init__(self, file: FileIO, limits: Limits) -> None:
        self.size = os.fstat(file.fileno()).st_size
        # What is odd but does no harm, in sentences.
        self.notes: list[str] = []
        # How many bytes have come out of it so far.
        self.unpacked = 0
        self._file = file
        self._limits = limits
        self._entries = 0
        self._names: set[str] = set()
        self._folder = ""
        self._outline = Outline()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Member]:
        for member in self._members():
            yield member
            member.close()
        self._outline.refuse_if_no_backup()

    @property
    @abstractmethod
    def read_bytes(self) -> int:
        """How much of the packed file has been read, for a progress bar."""

    @abstractmethod
    def _members(self) -> Iterator[Member]: ...

    def _leave_out(self, folder: str) -> None:
        """Go by the names that files have inside a folder, if there is one around all of them."""
        self._folder = folder
        if folder:
            self.notes.append(note_of(shown(folder)))

    def _count_entry(self) -> None:
        self._entries += 1
        if self._entries > self._limits.members:
            raise ArchiveProblem(
                _(
                    "There are more than %(members)s files in the archive. This site takes no archive with "
                    "so many.",
                    members=number(self._limits.members),
                ),
                limit="members",
            )

    def _admit(self, raw_name: str, size: int) -> str:
        """Check a file's name and the size that it claims; return the name to go by."""
        name = canonical(raw_name, self._limits)
        if self._folder:
            name = name.removeprefix(f"{self._folder}/")
        key = same_name_key(name)
        if not name or key in self._names:
            raise ArchiveProblem(
                _(
                    "The archive holds “%(name)s” twice, and it can’t be told which of them is right. "
                    "Moodle writes each name once, so somebody has changed this file.",
                    name=shown(name),
                ),
                entry=name,
            )
        self._names.add(key)
        self._outline.note(name)
        if size > self._limits.member_bytes:
            raise self._too_large(name)
        return name

    def _too_large(self, name: str) -> ArchiveProblem:
        limit = in_words(self._limits.member_bytes)
        return ArchiveProblem(
            _(
                "“%(name)s” in the archive is larger than %(limit)s, more than this site takes.",
                name=shown(name),
                limit=limit,
            ),
            entry=name,
            limit="member_bytes",
        )

    def _count_unpacked(self, length: int, name: str | None = None) -> None:
        self.unpacked += length
        if self.unpacked > self._limits.total_bytes:
            raise ArchiveProblem(
                _(
                    "Unpacked, the archive is larger than %(amount)s, more than this site takes. An admin "
                    "can allow more.",
                    amount=in_words(self._limits.total_bytes),
                ),
                entry=name,
                limit="total_bytes",
            )
        if self.unpacked > max(self._limits.ratio_from, self._limits.ratio * self.read_bytes):
            raise ArchiveProblem(
                _(
                    "The archive unpacks to more than %(ratio)s times its size. No course does, so this one "
                    "is refused.",
                    ratio=self._limits.ratio,
                ),
                entry=name,
                limit="ratio",
            )
