"""What conditions refer to by its number: activities, groups, groupings, columns of the gradebook."""

from __future__ import annotations

from functools import cached_property

from jobs.language import gettext as _, lazy_gettext as _l
from webapp.content.groups import groupings_of, groups_of
from webapp.content.kinds import kind_word
from webapp.content.lookups import activities_of
from webapp.courses.grades.setup import gradebook_of
from webapp.courses.grades.showing import name_of
from webapp.models import Activity, Course

GONE = _l("something that is not in this course")


class Named:
    """Looks up each kind of name once, when the first is asked for."""

    def __init__(self, course: Course, activities: list[Activity] | None = None) -> None:
        self._course = course
        self._given = activities

    def activity(self, moodle_id: int) -> str:
        return self._activities.get(moodle_id, str(GONE))

    def group(self, moodle_id: int) -> str:
        return self._groups.get(moodle_id, str(GONE))

    def grouping(self, moodle_id: int) -> str:
        return self._groupings.get(moodle_id, str(GONE))

    def grade_item(self, moodle_id: int) -> str:
        return self._grade_items.get(moodle_id, str(GONE))

    @cached_property
    def _activities(self) -> dict[int, str]:
        rows = self._given if self._given is not None else activities_of(self._course.version_id)
        return {one.moodle_id: _quoted(one.called or kind_word(one.type)) for one in rows}

    @cached_property
    def _groups(self) -> dict[int, str]:
        return {one.moodle_id: _quoted(one.name) for one in groups_of(self._course.version_id)}

    @cached_property
    def _groupings(self) -> dict[int, str]:
        return {one.moodle_id: _quoted(one.name) for one in groupings_of(self._course.version_id)}

    @cached_property
    def _grade_items(self) -> dict[int, str]:
        top = gradebook_of(self._course)
        return {one.id: _quoted(name_of(one, top)) for one in top.all_columns} if top else {}


def _quoted(name: str) -> str:
    return _("“%(name)s”", name=name)
