"""Finds what an address names, or answers that there is nothing."""

from __future__ import annotations

from typing import NoReturn

from flask import abort

from jobs.archive.ids.numbers import is_whole
from webapp.access.permissions import can
from webapp.content import lookups
from webapp.courses.outline import is_shown
from webapp.models import Activity, Course, Section


def get_course(course_id: int) -> Course:
    return lookups.find_course(course_id) or _nothing()


def get_section(course: Course, section_id: int) -> Section:
    """A section of the course's current content."""
    return lookups.find_section(course, section_id) or _nothing()


def get_activity(course: Course, activity_id: int) -> Activity:
    """An activity of the course's current content that this person may see."""
    activity = lookups.find_activity(course, activity_id)
    if activity is None or not may_see(course, activity):
        _nothing()
    return activity


def may_see(course: Course, activity: Activity) -> bool:
    """Whether it is shown to everybody, together with all that it is in, or the person sees hidden things."""
    if can("see hidden", course):
        return True
    if not is_shown(activity):
        return False
    section = lookups.find_section(course, activity.section_id)
    if section is None or not is_shown(section):
        return False
    parent = section.parent_cmid or ""
    if not is_whole(parent):
        return True
    opener = lookups.activity_with_moodle_id(course, int(parent))
    return opener is None or opener.section_id == section.id or _opens(course, opener)


def _opens(course: Course, opener: Activity) -> bool:
    above = lookups.find_section(course, opener.section_id)
    return is_shown(opener) and above is not None and is_shown(above)


def _nothing() -> NoReturn:
    abort(404)
