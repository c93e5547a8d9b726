"""Documents on their way into an archive, whose index has to know the size of each before the first is written."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from jobs.archive.containers import compression
from jobs.archive.containers.pieces import Pieces
from jobs.archive.containers.writer import Entry


class Spool:
    """Keeps documents in one packed file without a name, which is gone when the spool is closed, or the process."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - close() closes it
        self._length = 0
        self._entries: list[Entry] = []
        self._open: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    @contextmanager
    def document(self, name: str) -> Iterator["Document"]:
        """Take one document, written in as many pieces as it may be. It counts only once it is whole."""
        if self._open is not None:
            raise ValueError(f"{self._open!r} is not finished")
        self._open = name
        start = self._length
        document = Document(self._write)
        try:
            yield document
            document.finish()
        finally:
            self._open = None
        opening = partial(self._reopen, start, self._length - start)
        self._entries.append(Entry(name, document.size, opening))

    def entries(self) -> list[Entry]:
        """Return the documents in the order in which they came. They can be read while the spool is open."""
        return list(self._entries)

    def _write(self, packed: bytes) -> None:
        self._length += len(packed)
        while packed:
            packed = packed[self._file.write(packed) :]

    def _reopen(self, start: int, length: int) -> "StoredDocument":
        return StoredDocument(self._unpack(start, length))

    def _unpack(self, start: int, length: int) -> Iterator[bytes]:
        inflater = compression.inflater()
        end = start + length
        while not inflater.eof:
            data = inflater.unconsumed_tail
            if not data:
                data = os.pread(self._file.fileno(), min(compression.CHUNK, end - start), start)
                start += len(data)
            if piece := inflater.decompress(data, compression.CHUNK):
                yield piece


class Document:
    """What a document is written to."""

    def __init__(self, put: Callable[[bytes], None]) -> None:
        self.size = 0
        self._put = put
        self._deflater = compression.deflater(fast=True)

    def write(self, content: bytes) -> int:
        self.size += len(content)
        if packed := self._deflater.compress(content):
            self._put(packed)
        return len(content)

    def finish(self) -> None:
        self._put(self._deflater.flush())


class StoredDocument(Pieces):
    """A document, to be read once more."""

    def close(self) -> None:
        """Nothing to let go of: the file is the spool's."""
