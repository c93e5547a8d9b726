"""Between the forms of activities and the content: what a form shows, and what is made of what it says."""

from __future__ import annotations

from typing import Any

from webapp.content.activities import change_activity, make_activity
from webapp.content.files import FilePlace
from webapp.content.filing import add_to_folder, set_main_file
from webapp.courses.content_forms import LabelForm, NewFolderForm, ResourceForm
from webapp.courses.course_links import CourseLinks
from webapp.courses.editing.sheet import Sheet
from webapp.courses.editor import EditorText, content_text, intro_text
from webapp.html import HTML
from webapp.models import Activity, Course, Section, User
from webapp.pages.fields import stripped

Texts = dict[str, EditorText]


def texts_of_new(course: Course, kind: str) -> Texts:
    """The texts of an activity that does not exist yet: there is nowhere to send pictures to."""
    return {
        name: EditorText(course, FilePlace(0, f"mod_{kind}", name), "", HTML) for name in ("intro", "content")
    }


def texts_of(course: Course, activity: Activity) -> Texts:
    return {"intro": intro_text(course, activity), "content": content_text(course, activity)}


def shown_in_form(activity: Activity, texts: Texts) -> dict[str, Any]:
    """What the form says before anybody has typed."""
    shown = {name: text.shown for name, text in texts.items()}
    address = CourseLinks(texts["intro"].course).with_addresses(activity.external_url or "")
    return {"name": activity.name, "external_url": address, **shown}


def make_from(form: Any, course: Course, section: Section, kind: str, texts: Texts, by: User) -> Activity:
    activity = make_activity(course, section, kind, _kept(form, texts), by)
    if isinstance(form, ResourceForm) and (upload := form.upload()):
        set_main_file(course, activity, upload, by)
    if isinstance(form, NewFolderForm) and (uploads := form.uploads()):
        add_to_folder(course, activity, uploads, by)
    return activity


def save_from(form: Any, course: Course, activity: Activity, texts: Texts, sheet: Sheet, by: User) -> None:
    values = _kept(form, texts)
    # The form drops the blanks around a name, and makes that of a text of its words: neither is a change by itself.
    is_named_by_text = isinstance(form, LabelForm) and values["intro"] == (activity.intro or "")
    if is_named_by_text or values["name"] == stripped(activity.name):
        del values["name"]
    change_activity(course, activity, values, by, sheet.changes(form))
    if isinstance(form, ResourceForm) and (upload := form.upload()):
        set_main_file(course, activity, upload, by)


def _kept(form: Any, texts: Texts) -> dict[str, str]:
    kept = {
        name: texts[name].kept(typed) if name in texts else typed for name, typed in form.values().items()
    }
    if address := kept.get("external_url"):
        kept["external_url"] = CourseLinks(texts["intro"].course).with_tokens(address)
    return kept
