"""File areas in words: in which part of an activity or of the course a file is used."""

from __future__ import annotations

from webapp.reading import label_of

_BY_BOTH = {
    ("course", "summary"): "Description",
    ("course", "overviewfiles"): "Picture of the course",
    ("course", "section"): "Summary of a section",
    ("course", "legacy"): "",
    ("mod_assign", "introattachment"): "Given with the task",
    ("mod_assign", "activityattachment"): "Instructions",
    ("mod_book", "chapter"): "A chapter",
    ("mod_data", "content"): "An entry",
    ("mod_feedback", "item"): "A question",
    ("mod_forum", "attachment"): "Attached to a post",
    ("mod_glossary", "attachment"): "Attached to an entry",
    ("mod_imscp", "backup"): "The package as it was brought",
    ("mod_lesson", "mediafile"): "Beside the pages",
    ("mod_quiz", "feedback"): "Feedback on the result",
    ("mod_wiki", "attachments"): "A page",
    ("user", "icon"): "A person’s picture",
    ("user", "profile"): "A person’s description",
    ("grade", "feedback"): "Feedback in the gradebook",
    ("grade", "historyfeedback"): "Earlier feedback in the gradebook",
    ("group", "icon"): "A group’s picture",
    ("group", "description"): "A group’s description",
    ("block_html", "content"): "A block beside the course",
    ("contentbank", "public"): "The content bank",
    ("badges", "badgeimage"): "A badge",
    ("calendar", "event_description"): "An event in the calendar",
}
_BY_AREA = {
    "intro": "Description",
    "content": "",
    "package": "The package",
    "post": "A post",
    "entry": "An entry",
    "page_contents": "A page",
    "page_answers": "An answer",
    "page_responses": "The response to an answer",
    "submission_files": "Handed in",
    "submissions_onlinetext": "A text that was handed in",
    "submission_content": "A text that was handed in",
    "submission_attachment": "Handed in",
    "feedback_files": "Given back",
    "download": "Given back, with remarks",
    "questiontext": "The text of",
    "generalfeedback": "The feedback of",
    "answer": "An answer of",
    "answerfeedback": "Feedback on an answer of",
    "correctfeedback": "The feedback of",
    "partiallycorrectfeedback": "The feedback of",
    "incorrectfeedback": "The feedback of",
    "hint": "A hint of",
    "description": "Description",
}


def area_word(component: str, filearea: str) -> str:
    """What a file area is called; empty where what holds it says all."""
    known = _BY_BOTH.get((component, filearea), _BY_AREA.get(filearea))
    return label_of(filearea) if known is None else known
