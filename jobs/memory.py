"""Gives freed memory back to the system: the C library keeps it, and in pieces it can hardly use it again."""

import ctypes
from collections.abc import Callable


def _trimmer() -> Callable[[int], int] | None:
    """`malloc_trim` of the GNU C library; None where there is another one."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None


_TRIM = _trimmer()


def give_back() -> None:
    """Give freed memory back to the system; takes some milliseconds."""
    if _TRIM is not None:
        _TRIM(0)
