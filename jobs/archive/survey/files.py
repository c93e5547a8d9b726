"""Files: what files.xml names, what lies under files/, and where the two don't agree."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from jobs.archive.file_areas import holds_user_data
from jobs.archive.ids.numbers import whole
from jobs.archive.limits import MIB
from jobs.archive.names import content_name, sha1_of, shown
from jobs.archive.scanning import Read
from jobs.archive.survey.model import DAMAGE, NOTE, Problem
from jobs.archive.survey.report import Tally
from jobs.language import gettext as _, ngettext, number
from jobs.language.sizes import size as in_words

_NULL = ("", "$@NULL@$")
_ANONYMOUS = re.compile(r"anonfirstname\d* anonlastname\d*")
_EMPTY = hashlib.sha1(b"").hexdigest()
_PIECE = MIB


@dataclass(frozen=True)
class FileRow:
    sha1: str
    size: int
    contextid: str
    component: str
    name: str
    theirs: bool
    author: bool


class FilesFound:
    """What was met of both. Contents come before the rows or after them, so the rows wait, outside of memory."""

    def __init__(self, waiting: IO[str]) -> None:
        self._rows = waiting
        self._sizes: dict[bytes, int] = {}
        self._changed: set[bytes] = set()
        self._named_in_passing: set[bytes] = set()
        self.named = 0
        self.with_author = 0
        self.aliases = Tally()

    @property
    def contents(self) -> int:
        return len(self._sizes)

    @property
    def content_bytes(self) -> int:
        return sum(self._sizes.values())

    def take_row(self, _attributes: Mapping[str, str], leaves: Mapping[str, str]) -> None:
        """Take a <file> of files.xml; directories and aliases need no content of their own."""
        sha1 = leaves.get("contenthash", "").lower()
        if leaves.get("reference", "") not in _NULL:
            self.aliases.add(leaves.get("repositorytype", ""))
        if leaves.get("filename") == "." or leaves.get("reference", "") not in _NULL:
            self._named_in_passing.add(_key(sha1))
            return
        self.named += 1
        author = leaves.get("author", "")
        names_author = author not in _NULL and not _ANONYMOUS.fullmatch(author)
        self.with_author += names_author
        size = leaves.get("filesize", "")
        row = [
            sha1,
            whole(size),
            leaves.get("contextid", ""),
            leaves.get("component", ""),
            leaves.get("filename", ""),
            holds_user_data(leaves.get("component", ""), leaves.get("filearea", "")),
            names_author,
        ]
        self._rows.write(json.dumps(row) + "\n")

    def take_content(self, name: str, read: Read) -> None:
        """Hash a content, whose name is its hash."""
        digest = hashlib.sha1()
        size = 0
        while piece := read(_PIECE):
            digest.update(piece)
            size += len(piece)
        key = bytes.fromhex(sha1_of(name))
        self._sizes[key] = size
        if digest.digest() != key:
            self._changed.add(key)

    def rows(self) -> Iterator[FileRow]:
        self._rows.seek(0)
        for line in self._rows:
            yield FileRow(*json.loads(line))

    def problems(self, with_files: bool, place_of: Callable[[FileRow], tuple[str, str]]) -> Iterator[Problem]:
        """Yield what is wrong with each file, by its real name; `place_of` tells where it belongs."""
        used = set(self._named_in_passing)
        for row in self.rows():
            key = _key(row.sha1)
            used.add(key)
            reason = self._reason(row, key)
            if reason is not None and (with_files or key in self._sizes):
                place, directory = place_of(row)
                yield Problem(
                    DAMAGE,
                    _(
                        "“%(name)s” in %(place)s is %(reason)s.",
                        name=shown(row.name),
                        place=place,
                        reason=reason,
                    ),
                    entry=content_name(row.sha1),
                    file=row.name,
                    directory=directory or None,
                    reason=reason,
                )
        yield from self._of_no_row(used)
        if not with_files and self.named:
            yield Problem(
                NOTE,
                _(
                    "The backup was made without files: it names %(count)s of them, but does not hold them.",
                    count=number(self.named),
                ),
            )

    def _reason(self, row: FileRow, key: bytes) -> str | None:
        size = self._sizes.get(key)
        if size is None:
            return None if row.sha1 == _EMPTY else _("not in the backup")
        if key not in self._changed:
            return None
        if not size:
            return _("empty: it should be %(amount)s", amount=in_words(row.size))
        if size < row.size:
            return _(
                "shorter than it should be: %(found)s of %(right)s",
                found=in_words(size),
                right=in_words(row.size),
            )
        if size > row.size:
            return _(
                "longer than it should be: %(found)s instead of %(right)s",
                found=in_words(size),
                right=in_words(row.size),
            )
        return _("changed: the bytes are not those the backup was made with")

    def _of_no_row(self, used: set[bytes]) -> Iterator[Problem]:
        unused = self._sizes.keys() - used
        for key in sorted(unused & self._changed):
            name = content_name(key.hex())
            sentence = _(
                "“%(name)s” is changed: the bytes are not those the backup was made with.", name=name
            )
            yield Problem(DAMAGE, sentence, entry=name)
        if unused:
            sentence = ngettext(
                "One file in the backup belongs to nothing in it, and is left out.",
                "%(num)s files in the backup belong to nothing in it, and are left out.",
                len(unused),
            )
            yield Problem(NOTE, sentence)


def _key(sha1: str) -> bytes:
    try:
        return bytes.fromhex(sha1)
    except ValueError:
        return b""
