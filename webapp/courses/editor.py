"""Texts on their way into the rich-text editor and back.

In the editor the files of a text have addresses of ours, so that pictures show, and so have its links
to other parts of the course; in the course they are named as Moodle names them. A text that nobody touched
stays byte for byte.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for

from webapp.content import files
from webapp.content.files import FilePlace
from webapp.content.lookups import activity_in_context, sections_of
from webapp.courses.course_links import CourseLinks
from webapp.html import AUTO, FILE_PREFIX, MARKDOWN, PLAIN
from webapp.models import Activity, Course, Section


@dataclass(frozen=True)
class EditorText:
    """One text that a form edits, as it is kept now."""

    course: Course
    place: FilePlace
    text: str | None
    format: int | None
    #: Whether a picture gets its place as soon as it is put in; else it travels inside the text.
    sends_pictures: bool = True

    @property
    def is_rich(self) -> bool:
        """Whether it is edited as HTML; a plain text is typed as it is."""
        return self.format not in (PLAIN, MARKDOWN)

    @property
    def shown(self) -> str:
        """What stands in the form."""
        text = CourseLinks(self.course).with_addresses(self.text or "")
        if not self.is_rich:
            return text
        if self.format == AUTO and not re.search(r"<(?:p|br|div|table|ul|ol)\b", text, re.IGNORECASE):
            text = text.replace("\n", "<br>\n")
        return text.replace(FILE_PREFIX, self._base)

    def kept(self, typed: str | None) -> str:
        """What to keep of what came back: what was there before, if the person has not changed it."""
        typed = typed or ""
        if _lines(typed) == _lines(self.shown):
            return self.text or ""
        typed = CourseLinks(self.course).with_tokens(typed)
        if not self.is_rich:
            return typed.replace("\r\n", "\n")
        # A picture that was dragged inside the editor may have come back with the site in front.
        site = request.host_url.rstrip("/")
        return typed.replace(site + self._base, FILE_PREFIX).replace(self._base, FILE_PREFIX)

    @property
    def pictures(self) -> str:
        """Where the editor sends pictures to; empty where they stay in the text until it is saved."""
        return (
            self._address("courses.add_editor_picture")
            if self.sends_pictures and self.place.context_id
            else ""
        )

    @property
    def _base(self) -> str:
        return self._address("courses.embedded_file", path="")

    def _address(self, endpoint: str, **more: Any) -> str:
        place = self.place
        return url_for(
            endpoint, course_id=self.course.id, context_id=place.context_id, component=place.component,
            area=place.area, itemid=place.itemid, **more,
        )  # fmt: skip


def open_editor() -> None:
    """Allow this page the styles that the editor needs."""
    g.editor_open = True


def summary_text(course: Course) -> EditorText:
    version = course.version
    return EditorText(course, files.summary_of(course), version.summary, version.summary_format)


def section_text(course: Course, section: Section) -> EditorText:
    return EditorText(
        course, files.section_summary_of(course, section), section.summary, section.summary_format
    )


def intro_text(course: Course, activity: Activity) -> EditorText:
    return EditorText(course, files.intro_of(activity), activity.intro, activity.intro_format)


def content_text(course: Course, activity: Activity) -> EditorText:
    return EditorText(course, files.content_of(activity), activity.content, activity.content_format)


def is_text_place(course: Course, place: FilePlace) -> bool:
    """Whether the editor edits a text whose files lie here."""
    if place.context_id == course.version.context_id:
        if (place.component, place.area) == ("course", "section"):
            return any(section.moodle_id == place.itemid for section in sections_of(course.version_id))
        return (place.component, place.area, place.itemid) == ("course", "summary", 0)
    activity = activity_in_context(course, place.context_id)
    if activity is None or place.itemid != 0:
        return False
    return place.component == f"mod_{activity.type}" and place.area in ("intro", "content")


def _lines(text: str) -> list[str]:
    """Forms send every line end as two characters, and the first line end of a field not at all."""
    return text.strip("\r\n").splitlines()
