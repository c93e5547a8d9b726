"""Whole numbers as archives and addresses write them: plain digits, and no more of them than a database holds.

Python reads more as a number than that: digits of other scripts, blanks and underscores; and it refuses to read
one of some thousand digits, which is a failure where nobody foresaw it.
"""

import re

_WHOLE = re.compile(r"[0-9]{1,18}")


def is_whole(text: str | None) -> bool:
    """Whether a text is a number that a database could hold."""
    return _WHOLE.fullmatch(text or "") is not None


def whole(text: str | None, otherwise: int = 0) -> int:
    """The number that a text is; `otherwise` where it is none."""
    return int(text or 0) if is_whole(text) else otherwise


def whole_number(text: str | None) -> int | None:
    """An id as the format writes it; None for anything that is no id a database could hold."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else None
