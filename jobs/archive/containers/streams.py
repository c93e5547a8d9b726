"""What is asked of a stream of bytes: no more than reading on, or writing on."""

from typing import Protocol


class Readable(Protocol):
    def read(self, length: int, /) -> bytes: ...


class Writable(Protocol):
    def write(self, content: bytes, /) -> object: ...
