"""The texts of a course, with links and pictures that lead to our pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from flask import url_for
from markupsafe import Markup

from jobs.archive.ids.tokens import ITEM_TOKENS
from webapp.content.lookups import activities_by_item, ids_of_activities, ids_of_sections
from webapp.html import Links, address_in, render
from webapp.models import Activity, Course, Section


class Texts:
    """Renders the texts of one course; knows its activities, or asks for all of them at the first link."""

    def __init__(self, course: Course, activities: dict[int, int] | None = None) -> None:
        self._course = course
        self._known_activities = activities
        self._items: dict[str, dict[int, int]] = {}

    def course_summary(self) -> Markup:
        version = self._course.version
        links = self._links(version.context_id, "course", "summary", 0)
        return render(version.summary, version.summary_format, links, top=2, key="summary")

    def section_summary(self, section: Section) -> Markup:
        links = self._links(self._course.version.context_id, "course", "section", section.moodle_id)
        return render(section.summary, section.summary_format, links, top=3, key=f"s{section.id}")

    def intro(self, activity: Activity, *, top: int = 2) -> Markup:
        links = self._links(activity.context_id, f"mod_{activity.type}", "intro", 0)
        return render(activity.intro, activity.intro_format, links, top=top, key=f"i{activity.id}")

    def content(self, activity: Activity) -> Markup:
        links = self._links(activity.context_id, f"mod_{activity.type}", "content", 0)
        return render(activity.content, activity.content_format, links, top=2, key=f"c{activity.id}")

    def leaf(
        self,
        activity: Activity,
        html: str,
        format: int,
        area: tuple[str, str, int] | None,
        key: str,
        *,
        top: int = 4,
    ) -> Markup:
        """A text of an activity's documents; `area` is where its pictures lie, `top` the level of its headings."""
        return self.within(activity.context_id, html, format, area, key, top=top)

    def within(
        self,
        context_id: int,
        html: str,
        format: int,
        area: tuple[str, str, int] | None,
        key: str,
        *,
        top: int = 4,
    ) -> Markup:
        """A text whose pictures lie in an area of this context."""
        links = self._links(context_id, *area) if area else self._plain_links
        return render(html, format, links, top=top, key=key)

    @cached_property
    def _plain_links(self) -> Links:
        return Links(
            activity=self._activity, section=self._section, item=self._item, course=self._course_address,
            bank=url_for("courses.question_bank", course_id=self._course.id),
        )  # fmt: skip

    def address(self, text: str | None) -> str | None:
        """Where in this course a text leads that is one link into it; None for every other text."""
        return address_in(text or "", self._plain_links)

    def _links(self, context_id: int, component: str, area: str, itemid: int) -> Links:
        file = embedded_address(self._course, context_id, component, area, itemid)
        return replace(self._plain_links, file=file)

    @cached_property
    def _course_address(self) -> str:
        return url_for("courses.show_course", course_id=self._course.id)

    @cached_property
    def _activities(self) -> dict[int, int]:
        """Our ids of the activities, by their course-module ids. A text may link to ten thousand."""
        if self._known_activities is not None:
            return self._known_activities
        return ids_of_activities(self._course)

    @cached_property
    def _sections(self) -> dict[int, int]:
        return ids_of_sections(self._course)

    def _activity(self, moodle_id: int) -> str | None:
        found = self._activities.get(moodle_id)
        if found is None:
            return None
        return url_for("courses.show_activity", course_id=self._course.id, activity_id=found)

    def _item(self, activity_type: str, item: int) -> str | None:
        if activity_type not in self._items:
            path = ITEM_TOKENS[activity_type].path
            self._items[activity_type] = activities_by_item(self._course, activity_type, path)
        found = self._items[activity_type].get(item)
        if found is None:
            return None
        return url_for("courses.show_activity", course_id=self._course.id, activity_id=found, item=item)

    def _section(self, moodle_id: int) -> str | None:
        found = self._sections.get(moodle_id)
        return f"{self._course_address}#s{found}" if found else None


def embedded_address(
    course: Course, context_id: int, component: str, area: str, itemid: int
) -> Callable[[str], str | None]:
    """What gives an embedded file its address, by its path; asks nothing, so a missing one answers 404."""

    def address(path: str) -> str | None:
        path = path.strip("/")
        if not path:
            return None
        return url_for(
            "courses.embedded_file",
            course_id=course.id,
            context_id=context_id,
            component=component,
            area=area,
            itemid=itemid,
            path=path,
        )

    return address
