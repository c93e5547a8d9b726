"""The activity types in words."""

from __future__ import annotations

#: The types that we make and edit ourselves, with what a person makes with them.
OWN_KINDS = {
    "page": "A text of its own page, with pictures",
    "label": "A text between the other things of the section",
    "resource": "One file to open or take home",
    "folder": "Several files together",
    "url": "An address on the web",
}
_WORDS = {
    "assign": "Assignment",
    "bigbluebuttonbn": "Video meeting",
    "book": "Book",
    "chat": "Chat",
    "choice": "Choice",
    "data": "Database",
    "feedback": "Feedback",
    "folder": "Folder",
    "forum": "Forum",
    "glossary": "Glossary",
    "h5pactivity": "H5P",
    "imscp": "IMS content",
    "label": "Text",
    "lesson": "Lesson",
    "lti": "External tool",
    "page": "Page",
    "qbank": "Question bank",
    "quiz": "Quiz",
    "resource": "File",
    "scorm": "SCORM package",
    "subsection": "Subsection",
    "survey": "Survey",
    "url": "Link",
    "wiki": "Wiki",
    "workshop": "Workshop",
}


def kind_word(activity_type: str) -> str:
    """What people call this type; a plugin by its own name."""
    return _WORDS.get(activity_type) or activity_type.replace("_", " ").capitalize()


def is_plugin(activity_type: str) -> bool:
    """Whether a type is none of Moodle's own: kept as it is, and known to us only by what it holds."""
    return activity_type not in _WORDS
