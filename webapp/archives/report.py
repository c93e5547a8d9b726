"""What is told of a backup file as a whole, from what reading it found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from jobs.archive.survey import ActivityFound, SectionFound, Survey
from jobs.archive.survey.model import DAMAGE
from jobs.language import gettext as _
from webapp.content.kinds import kind_word


@dataclass(frozen=True)
class TypeCount:
    """How many activities of one type there are, and what their files weigh."""

    type: str
    word: str
    count: int
    files: int
    size: int
    is_unknown: bool


@dataclass(frozen=True)
class Report:
    survey: Survey

    def name_of(self, section: SectionFound) -> str:
        """What a section is called; Moodle writes the number of one without a name as its title."""
        if section.title and not section.title.isdecimal():
            return section.title
        number = int(section.title or self.survey.sections.index(section))
        return _("Section %(number)s", number=number) if number else _("General")

    @cached_property
    def types(self) -> list[TypeCount]:
        """The activity types, the most frequent first."""
        found = list(activities_of(self.survey))
        counts = [
            TypeCount(
                type,
                kind_word(type),
                number,
                sum(one.files for one in found if one.type == type),
                sum(one.bytes for one in found if one.type == type),
                type in self.survey.unknown_types,
            )
            for type, number in self.survey.counts.activities.items()
        ]
        return sorted(counts, key=lambda one: (-one.count, one.word))


def activities_of(survey: Survey) -> Iterator[ActivityFound]:
    """All activities in the order of the course, then those without a section."""
    for section in survey.sections:
        yield from section.activities
    yield from survey.loose_activities


def damage_by_content(survey: Survey) -> dict[str, str]:
    """Why a file can't be trusted, by the hash that it should have."""
    return {
        (one.entry or "").rpartition("/")[2]: one.reason or _("damaged")
        for one in survey.problems
        if one.level == DAMAGE and (one.entry or "").startswith("files/")
    }
