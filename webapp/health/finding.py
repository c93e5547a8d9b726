"""What a look at one thing has found."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARN, BAD = "ok", "warn", "bad"


@dataclass(frozen=True)
class Finding:
    """How one thing stands, and what to do about it."""

    state: str
    says: str
    advice: str = ""
