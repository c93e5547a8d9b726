"""The activity types in words."""

from __future__ import annotations

from jobs.language import lazy_gettext as _l

#: The types that we make and edit ourselves, with what a person makes with them.
OWN_KINDS = {
    "page": _l("A text of its own page, with pictures"),
    "label": _l("A text between the other things of the section"),
    "resource": _l("One file to open or take home"),
    "folder": _l("Several files together"),
    "url": _l("An address on the web"),
}
_WORDS = {
    "assign": _l("Assignment"),
    "assignment": _l("Assignment"),
    "bigbluebuttonbn": _l("Video meeting"),
    "book": _l("Book"),
    "chat": _l("Chat"),
    "choice": _l("Choice"),
    "data": _l("Database"),
    "feedback": _l("Feedback"),
    "folder": _l("Folder"),
    "forum": _l("Forum"),
    "glossary": _l("Glossary"),
    "h5pactivity": "H5P",
    "imscp": _l("IMS content"),
    "label": _l("Text"),
    "lesson": _l("Lesson"),
    "lti": _l("External tool"),
    "page": _l("Page"),
    "qbank": _l("Question bank"),
    "quiz": _l("Quiz"),
    "resource": _l("File"),
    "scorm": _l("SCORM package"),
    "subsection": _l("Subsection"),
    "survey": _l("Survey"),
    "url": _l("Link"),
    "wiki": _l("Wiki"),
    "workshop": _l("Workshop"),
}
#: Plugins whose name says less than what they are known by.
_PLUGINS = {"hvp": "H5P"}


def kind_word(activity_type: str) -> str:
    """What people call this type; a plugin by its own name."""
    return str(
        _WORDS.get(activity_type)
        or _PLUGINS.get(activity_type)
        or activity_type.replace("_", " ").capitalize()
    )


def is_plugin(activity_type: str) -> bool:
    """Whether a type is none of Moodle's own: kept as it is, and known to us only by what it holds."""
    return activity_type not in _WORDS
