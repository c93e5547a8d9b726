"""File areas in words: in which part of an activity or of the course a file is used."""

from __future__ import annotations

from jobs.language import lazy_gettext as _l
from webapp.reading.leaves import label_of

_BY_BOTH = {
    ("course", "summary"): _l("Description"),
    ("course", "overviewfiles"): _l("Picture of the course"),
    ("course", "section"): _l("Summary of a section"),
    ("course", "legacy"): "",
    ("mod_assign", "introattachment"): _l("Given with the task"),
    ("mod_assign", "activityattachment"): _l("Instructions"),
    ("mod_book", "chapter"): _l("A chapter"),
    ("mod_data", "content"): _l("An entry"),
    ("mod_feedback", "item"): _l("A question"),
    ("mod_forum", "attachment"): _l("Attached to a post"),
    ("mod_glossary", "attachment"): _l("Attached to an entry"),
    ("mod_imscp", "backup"): _l("The package as it was brought"),
    ("mod_lesson", "mediafile"): _l("Beside the pages"),
    ("mod_quiz", "feedback"): _l("Feedback on the result"),
    ("mod_wiki", "attachments"): _l("A page"),
    ("user", "icon"): _l("A person’s picture"),
    ("user", "profile"): _l("A person’s description"),
    ("grade", "feedback"): _l("Feedback in the gradebook"),
    ("grade", "historyfeedback"): _l("Earlier feedback in the gradebook"),
    ("group", "icon"): _l("A group’s picture"),
    ("group", "description"): _l("A group’s description"),
    ("block_html", "content"): _l("A block beside the course"),
    ("contentbank", "public"): _l("The content bank"),
    ("badges", "badgeimage"): _l("A badge"),
    ("calendar", "event_description"): _l("An event in the calendar"),
}
_BY_AREA = {
    "intro": _l("Description"),
    "content": "",
    "package": _l("The package"),
    "post": _l("A post"),
    "entry": _l("An entry"),
    "page_contents": _l("A page"),
    "page_answers": _l("An answer"),
    "page_responses": _l("The response to an answer"),
    "submission_files": _l("Handed in"),
    "submissions_onlinetext": _l("A text that was handed in"),
    "submission_content": _l("A text that was handed in"),
    "submission_attachment": _l("Handed in"),
    "feedback_files": _l("Given back"),
    "download": _l("Given back, with remarks"),
    "questiontext": _l("Text of the question"),
    "generalfeedback": _l("Feedback of the question"),
    "answer": _l("An answer"),
    "answerfeedback": _l("Feedback on an answer"),
    "correctfeedback": _l("Feedback of the question"),
    "partiallycorrectfeedback": _l("Feedback of the question"),
    "incorrectfeedback": _l("Feedback of the question"),
    "hint": _l("A hint"),
    "description": _l("Description"),
}


def area_word(component: str, filearea: str) -> str:
    """What a file area is called; empty where what holds it says all."""
    known = _BY_BOTH.get((component, filearea), _BY_AREA.get(filearea))
    return label_of(filearea) if known is None else str(known)
