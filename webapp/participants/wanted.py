"""Whom somebody looks for among the people of a course."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.content.groups import Group
from webapp.models import CourseRole


@dataclass(frozen=True)
class Wanted:
    #: Words, each of which stands in a name, the user name or the address.
    q: str = ""
    role: CourseRole | None = None
    #: The group that they are in.
    group: Group | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str], groups: list[Group]) -> Wanted:
        """What an address asks for; a role or group that there is not is left out."""
        role = query.get("role", "")
        return cls(
            query.get("q", "").strip(),
            CourseRole(role) if role in list(CourseRole) else None,
            next((one for one in groups if str(one.moodle_id) == query.get("group")), None),
        )

    def as_query(self) -> dict[str, str | int]:
        """What stands in an address for it."""
        asked = {"q": self.q, "role": self.role, "group": self.group and self.group.moodle_id}
        return {name: value for name, value in asked.items() if value}
