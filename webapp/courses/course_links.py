"""Links from the texts of a course to other parts of it: addresses of ours in a form, tokens in the course.

In a token stands what the course itself calls its parts, so that the link goes with every backup, copy and
restore; in an address stands what this site calls them now.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import current_app, request, url_for

from jobs.archive.ids.numbers import whole
from jobs.archive.ids.tokens import ITEM_TOKENS, ITEM_TYPES, activity_token, item_token, token
from webapp.content.lookups import (
    activities_by_item,
    activity_with_moodle_id,
    find_activity,
    find_section,
    section_with_moodle_id,
)
from webapp.models import Activity, Course, Section

#: The first version of the format whose Moodle knows an address of a section: Moodle 4.4.
_SECTION_LINKS_SINCE = 2024_04_22_00
_TOKEN = re.compile(r"\$@(?P<name>COURSESECTIONBYID|[A-Z0-9]+VIEWBYID)\*(?P<number>[0-9]{1,16})@\$")
_ITEM = re.compile(rf"\$@(?P<name>{'|'.join(ITEM_TYPES)})(?:\*[0-9]{{1,16}})?\*(?P<item>[0-9]{{1,16}})@\$")


class CourseLinks:
    """Turns the links within one course from one form into the other; every other link stays as it is."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._address = _address_pattern(course)
        self._known_items: dict[str, dict[int, int]] = {}

    def with_tokens(self, text: str) -> str:
        """The text with tokens for what it links to in this course, as Moodle would write it in a backup.

        What is not a page of the course, or not there, keeps its address.
        """
        return self._address.sub(lambda found: self._token(found) or found[0], text)

    def with_addresses(self, text: str) -> str:
        """The text with whole addresses of ours for those tokens that `with_tokens` would write again."""
        text = _ITEM.sub(lambda found: self._item_address(found) or found[0], text)
        return _TOKEN.sub(lambda found: self._whole_address(found) or found[0], text)

    def _token(self, found: re.Match[str]) -> str | None:
        if found["activity"]:
            activity = find_activity(self._course, int(found["activity"]))
            if activity is None or not found["item"]:
                return activity_token(activity.type, activity.moodle_id) if activity else None
            return self._item_token(activity, int(found["item"]))
        if found["section"]:
            section = find_section(self._course, int(found["section"]))
            return self._section_token(section) if section else None
        return token("COURSEVIEWBYID", self._course.version.moodle_id)

    def _item_token(self, activity: Activity, item: int) -> str | None:
        is_there = self._items(activity.type).get(item) == activity.id
        return item_token(activity.type, activity.moodle_id, item) if is_there else None

    def _item_address(self, found: re.Match[str]) -> str | None:
        activity_type, item = ITEM_TYPES[found["name"]], int(found["item"])
        activity = find_activity(self._course, self._items(activity_type).get(item, 0))
        if activity is None or item_token(activity_type, activity.moodle_id, item) != found[0]:
            return None
        return self._activity_address(activity, item)

    def _items(self, activity_type: str) -> dict[int, int]:
        """The activities of a type by the things in them that links may lead to."""
        if activity_type not in self._known_items:
            known = ITEM_TOKENS.get(activity_type)
            found = activities_by_item(self._course, activity_type, known.path) if known else {}
            self._known_items[activity_type] = found
        return self._known_items[activity_type]

    def _section_token(self, section: Section) -> str:
        if self._knows_sections:
            return token("COURSESECTIONBYID", section.moodle_id)
        return f"{token('COURSEVIEWBYID', self._course.version.moodle_id)}#section-{section.number or 0}"

    @property
    def _knows_sections(self) -> bool:
        said = (self._course.version.manifest.get("information") or {}).get("backup_version", "")
        return whole(said, _SECTION_LINKS_SINCE) >= _SECTION_LINKS_SINCE

    def _whole_address(self, found: re.Match[str]) -> str | None:
        number = int(found["number"])
        if found["name"] == "COURSEVIEWBYID":
            return self._course_address if number == self._course.version.moodle_id else None
        if found["name"] == "COURSESECTIONBYID":
            section = section_with_moodle_id(self._course, number) if self._knows_sections else None
            return f"{self._course_address}#s{section.id}" if section else None
        activity = activity_with_moodle_id(self._course, number)
        if activity is None or activity_token(activity.type, number) != found[0]:
            return None
        return self._activity_address(activity)

    @property
    def _course_address(self) -> str:
        return url_for("courses.show_course", course_id=self._course.id, _external=True)

    def _activity_address(self, activity: Activity, item: int | None = None) -> str:
        return url_for(
            "courses.show_activity",
            course_id=self._course.id,
            activity_id=activity.id,
            item=item,
            _external=True,
        )


def _address_pattern(course: Course) -> re.Pattern[str]:
    """Matches an address of the course, a section or an activity: whole anywhere, without the site in quotes."""
    sites = {request.host, urlsplit(current_app.config["BASE_URL"]).netloc}
    hosts = "|".join(re.escape(site) for site in sorted(sites))
    path = re.escape(url_for("courses.show_course", course_id=course.id))
    return re.compile(
        rf"(?:https?://(?:{hosts})|(?<=[\"'])){path}"
        r"(?:/activities/(?P<activity>[0-9]{1,18})(?:\?item=(?P<item>[0-9]{1,16}))?|#s(?P<section>[0-9]{1,18}))?"
        r"(?![\w/?-]|&(?:amp;)?\w+=)",
    )
