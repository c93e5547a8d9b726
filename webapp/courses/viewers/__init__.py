"""What an activity of a known type holds, shown in that type's own words; read-only.

A viewer makes a small dataclass of the activity's document, which `courses/viewers/TYPE.html` shows as `it`.
"""

from __future__ import annotations

from collections.abc import Callable

from webapp.courses.viewers.choice import choice
from webapp.courses.viewers.documents import Source

Viewer = Callable[[Source], object]

VIEWERS: dict[str, Viewer] = {
    "choice": choice,
}

__all__ = ["VIEWERS", "Source", "Viewer"]
