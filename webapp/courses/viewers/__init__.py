"""What an activity of a known type holds, shown in that type's own words; read-only.

A viewer makes a small dataclass of the activity's document, which `courses/viewers/TYPE.html` shows as `it`.
"""

from __future__ import annotations

from collections.abc import Callable

from webapp.courses.viewers.assign import assign
from webapp.courses.viewers.chat import chat
from webapp.courses.viewers.choice import choice
from webapp.courses.viewers.documents import Source
from webapp.courses.viewers.forum import forum
from webapp.courses.viewers.glossary import glossary
from webapp.courses.viewers.quiz import quiz

Viewer = Callable[[Source], object]

VIEWERS: dict[str, Viewer] = {
    "assign": assign,
    "chat": chat,
    "choice": choice,
    "forum": forum,
    "glossary": glossary,
    "quiz": quiz,
}

__all__ = ["VIEWERS", "Source", "Viewer"]
