"""What an activity of a known type holds, shown in that type's own words; read-only.

A viewer makes a small dataclass of the activity's document, which `courses/viewers/TYPE.html` shows as `it`.
"""

from __future__ import annotations

from collections.abc import Callable

from webapp.courses.viewers.assign import assign
from webapp.courses.viewers.assignment import assignment
from webapp.courses.viewers.bigbluebuttonbn import bigbluebuttonbn
from webapp.courses.viewers.book import book
from webapp.courses.viewers.chat import chat
from webapp.courses.viewers.choice import choice
from webapp.courses.viewers.data import data
from webapp.courses.viewers.documents import Source
from webapp.courses.viewers.feedback import feedback
from webapp.courses.viewers.forum import forum
from webapp.courses.viewers.glossary import glossary
from webapp.courses.viewers.h5pactivity import h5pactivity
from webapp.courses.viewers.imscp import imscp
from webapp.courses.viewers.lesson import lesson
from webapp.courses.viewers.lti import lti
from webapp.courses.viewers.qbank import qbank
from webapp.courses.viewers.quiz import quiz
from webapp.courses.viewers.scorm import scorm
from webapp.courses.viewers.survey import survey
from webapp.courses.viewers.wiki import wiki
from webapp.courses.viewers.workshop import workshop

Viewer = Callable[[Source], object]

VIEWERS: dict[str, Viewer] = {
    "assign": assign,
    "assignment": assignment,
    "bigbluebuttonbn": bigbluebuttonbn,
    "book": book,
    "chat": chat,
    "choice": choice,
    "data": data,
    "feedback": feedback,
    "forum": forum,
    "glossary": glossary,
    "h5pactivity": h5pactivity,
    "imscp": imscp,
    "lesson": lesson,
    "lti": lti,
    "qbank": qbank,
    "quiz": quiz,
    "scorm": scorm,
    "survey": survey,
    "wiki": wiki,
    "workshop": workshop,
}

__all__ = ["VIEWERS", "Source", "Viewer"]
