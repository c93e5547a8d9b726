"""Turns pieces of any length into a stream that is read by length."""

from collections.abc import Iterator


class Pieces:
    """A stream, forward only. None of the pieces may be empty."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = b""
        self._at = 0

    def read(self, length: int) -> bytes:
        """Return the next bytes, one to `length` of them; none at the end."""
        if self._at == len(self._piece):
            self._piece, self._at = next(self._pieces, b""), 0
        start = self._at
        self._at = min(start + length, len(self._piece))
        return self._piece[start : self._at]

    def read_exactly(self, length: int) -> bytes:
        """Return the next `length` bytes, fewer only at the end."""
        parts = [self.read(length)]
        missing = length - len(parts[0])
        while missing and parts[-1]:
            parts.append(self.read(missing))
            missing -= len(parts[-1])
        return parts[0] if len(parts) == 1 else b"".join(parts)
