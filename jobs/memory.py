"""What a process that goes on for long does about memory.

The C library keeps what is freed, and in pieces it can hardly use it again. And Python looks through all objects again
and again for those that only hold each other, which with a whole application loaded stops every thread for a sixth of
a second.
"""

import ctypes
import gc
from collections.abc import Callable
from typing import Any

#: Numbers of `mallopt`, from malloc.h of the GNU C library.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
#: Bytes from which a piece of memory is asked of the system by itself, and goes back to it as soon as it is freed.
_LARGE = 128 * 1024


def _of_the_library(name: str) -> Callable[..., Any] | None:
    """A function of the GNU C library; None where there is another one."""
    try:
        found: Callable[..., Any] = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):
        return None
    return found


_TRIM = _of_the_library("malloc_trim")


def keep_little() -> None:
    """Keep the C library from holding on to more than this process needs; to be called before there are threads.

    By itself it takes the largest piece that was ever freed for the usual size, and makes heaps for each thread.
    """
    if (set_option := _of_the_library("mallopt")) is not None:
        for option, value in ((_MMAP_THRESHOLD, _LARGE), (_TRIM_THRESHOLD, _LARGE), (_ARENA_MAX, 1)):
            set_option(option, value)


def give_back() -> None:
    """Give freed memory back to the system; takes some milliseconds."""
    if _TRIM is not None:
        _TRIM(0)


def settle() -> None:
    """Take all that is loaded by now for what stays, and look for what can go among the rest alone."""
    gc.collect()
    gc.freeze()
