"""All that the page of a course shows; asks as often for three activities as for a thousand."""

from __future__ import annotations

from functools import cached_property

from webapp.courses.blocks import BlockName, blocks_of
from webapp.courses.conditions import Conditions
from webapp.courses.listing import Headcount, Kept, headcount, kept_backups
from webapp.courses.outline import Outline, outline_of
from webapp.courses.outline_facts import Facts
from webapp.courses.texts import Texts
from webapp.models import Course


class CoursePage:
    def __init__(
        self,
        course: Course,
        *,
        with_hidden: bool,
        with_people: bool,
        with_backups: bool,
        with_restores: bool = False,
    ) -> None:
        self._course = course
        self._with_people = with_people
        #: Asked once: every line of the page offers a backup and a restore or does not.
        self.with_backups, self.with_restores = with_backups, with_restores
        self.outline: Outline = outline_of(course, with_hidden=with_hidden)
        self.facts = Facts(course)
        self.texts = Texts(course, {one.activity.moodle_id: one.activity.id for one in self.outline.entries})

    @cached_property
    def conditions(self) -> Conditions | None:
        """Who may see what, and when it is done; for those who teach."""
        if not self._with_people:
            return None
        return Conditions(self._course, [one.activity for one in self.outline.entries])

    @cached_property
    def headcount(self) -> Headcount | None:
        return headcount(self._course) if self._with_people else None

    @cached_property
    def kept(self) -> Kept | None:
        return kept_backups(self._course.id) if self.with_backups else None

    @cached_property
    def blocks(self) -> list[BlockName]:
        return blocks_of(self._course.version_id)

    @property
    def is_empty(self) -> bool:
        return not any(place.entries or place.section.summary for place in self.outline.places)
