"""What files belong to: an activity, the course's own page, its questions, people, and what else an archive brings.

The format tells by context, component and file area (mbz-format.md section 5 of the archive's documentation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from jobs.language import lazy_gettext as _l
from webapp.content.kinds import kind_word
from webapp.models import Activity, CourseFile

#: What no activity holds, each with what it is called.
REST = {
    "course": _l("The course’s own page"),
    "legacy": _l("Course files from before Moodle 2"),
    "questions": _l("Questions"),
    "people": _l("People"),
    "other": _l("Elsewhere"),
}


@dataclass(frozen=True)
class Holder:
    """Something that holds files."""

    #: "a12" for an activity with our number 12, or one of REST.
    key: str
    name: str
    activity: Activity | None = None


class Holders:
    """Tells for each file of a course what holds it."""

    def __init__(self, activities: list[Activity]) -> None:
        self._by_context = {
            one.context_id: Holder(f"a{one.id}", one.called or kind_word(one.type), one) for one in activities
        }
        self._by_key = {one.key: one for one in self._by_context.values()}

    def of(self, context_id: int, component: str, filearea: str) -> Holder:
        key = _key(component, filearea)
        if key == "other":
            return self._by_context.get(context_id) or self._rest(key)
        return self._rest(key)

    def with_key(self, key: str) -> Holder | None:
        """The one that an address names."""
        return self._by_key.get(key) or (self._rest(key) if key in REST else None)

    def condition(self, holder: Holder) -> sa.ColumnElement[bool]:
        """That a file belongs to this one."""
        if holder.activity is not None:
            return sa.and_(CourseFile.context_id == holder.activity.context_id, _is("other"))
        if holder.key == "other":
            return sa.and_(CourseFile.context_id.not_in(list(self._by_context)), _is("other"))
        return _is(holder.key)

    @staticmethod
    def _rest(key: str) -> Holder:
        return Holder(key, str(REST[key]))


def _key(component: str, filearea: str) -> str:
    if component == "question" or component.startswith("qtype_"):
        return "questions"
    if component == "course":
        return "legacy" if filearea == "legacy" else "course"
    return "people" if component == "user" else "other"


def _is(key: str) -> sa.ColumnElement[bool]:
    """The same as a condition."""
    component: Any = CourseFile.component
    conditions = {
        "questions": sa.or_(component == "question", component.startswith("qtype_", autoescape=True)),
        "legacy": sa.and_(component == "course", CourseFile.filearea == "legacy"),
        "course": sa.and_(component == "course", CourseFile.filearea != "legacy"),
        "people": component == "user",
    }
    return conditions[key] if key in conditions else sa.not_(sa.or_(*conditions.values()))
