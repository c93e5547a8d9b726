"""What of a backup file can be chosen for a restore: its sections and activities, with their files’ weight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobs.archive.survey import ActivityFound, SectionFound, Survey
from jobs.language import gettext as _
from webapp.backups.choosing import LeftOut
from webapp.content.choices import ActivityChoice, SectionChoice, Weight


def choices_in(survey: Survey) -> list[SectionChoice]:
    """The sections of the file in their order, subsections within the activities that they open from."""
    offered = {one.id: _section(one, place) for place, one in enumerate(survey.sections)}
    openers = {choice.moodle_id: choice for one in offered.values() for choice in one.activities}
    top = []
    for one in survey.sections:
        if one.opener in openers:
            openers[one.opener].section = offered[one.id]
        else:
            top.append(offered[one.id])
    return top


def activity_ids(sections: Sequence[SectionChoice]) -> list[int]:
    """The ids of all activities in these sections, however deep they stand."""
    return [one.moodle_id for one in _activities(sections)]


def names_in(sections: Sequence[SectionChoice], left_out: LeftOut) -> list[str]:
    """What stays out, by name; what goes with its section is not named."""
    names = []
    for section in sections:
        if section.moodle_id in left_out["sections"]:
            names.append(section.name)
        else:
            names += [one.name for one in _activities([section]) if one.moodle_id in left_out["activities"]]
    return names


def section_title(section: SectionFound, place: int) -> str:
    """What a section of a file is called; one without a name has its number as its title."""
    if section.title and not section.title.isdecimal():
        return section.title
    return _("General") if section.title == "0" else _("Section %(number)s", number=section.title or place)


def _section(found: SectionFound, place: int) -> SectionChoice:
    return SectionChoice(found.id, section_title(found, place), [_activity(one) for one in found.activities])


def _activity(found: ActivityFound) -> ActivityChoice:
    return ActivityChoice(found.id, found.title or found.type, found.type, Weight(found.files, found.bytes))


def _activities(sections: Sequence[SectionChoice]) -> Iterator[ActivityChoice]:
    for section in sections:
        for activity in section.activities:
            yield activity
            yield from _activities([activity.section] if activity.section else [])
