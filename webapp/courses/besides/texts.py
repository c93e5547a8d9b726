"""Texts in the documents of a course as a whole, whose pictures lie in the course's own context."""

from __future__ import annotations

from lxml import etree
from markupsafe import Markup

from webapp.courses.texts import Texts
from webapp.courses.viewers.leaves import id_of, leaf
from webapp.html import format_of
from webapp.models import Course

Area = tuple[str, str, int]


class CourseTexts:
    def __init__(self, course: Course) -> None:
        self._context_id = course.version.context_id
        self._texts = Texts(course)

    def of(self, element: etree._Element, name: str, area: Area | None, format_name: str = "") -> Markup:
        """The text in a leaf; its format stands in a leaf beside it, else it is HTML."""
        format = format_of(leaf(element, format_name) if format_name else "")
        key = f"{element.tag}{id_of(element)}"
        return self._texts.within(self._context_id, leaf(element, name), format, area, key)
