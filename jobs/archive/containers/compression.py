"""Which engine packs and unpacks: isal where it is installed, else zlib. Both speak the same deflate.

Call these as `compression.inflater()`: which engine it is, is decided here alone.
"""

import contextlib
import zlib
from importlib import import_module
from typing import Any, Protocol

_engine: Any = zlib
with contextlib.suppress(ImportError):
    _engine = import_module("isal.isal_zlib")

# Larger pieces cost more: memory for each is then fetched from the system and given back.
CHUNK = 100 * 1024
FULL_FLUSH = zlib.Z_FULL_FLUSH
_RAW = -15

# isal's level 0 is not "stored" and makes what can't shrink a quarter larger; 1 is its fastest.
_NORMAL, _FAST = (6, 1) if _engine is zlib else (3, 1)

ERRORS: tuple[type[Exception], ...] = (zlib.error, _engine.error)


class Inflater(Protocol):
    eof: bool
    unconsumed_tail: bytes
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class Deflater(Protocol):
    def compress(self, data: bytes | memoryview, /) -> bytes: ...
    def flush(self, mode: int = zlib.Z_FINISH, /) -> bytes: ...


def inflater() -> Inflater:
    """Return what unpacks one raw deflate stream."""
    inflater: Inflater = _engine.decompressobj(_RAW)
    return inflater


def deflater(*, fast: bool = False) -> Deflater:
    """Return what packs one raw deflate stream."""
    deflater: Deflater = _engine.compressobj(_FAST if fast else _NORMAL, zlib.DEFLATED, _RAW)
    return deflater


def crc32(data: bytes | memoryview, before: int = 0) -> int:
    crc: int = _engine.crc32(data, before)
    return crc
