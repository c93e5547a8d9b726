"""Finds what somebody names of a backup file on the command line."""

from __future__ import annotations

from collections.abc import Sequence

from jobs.archive.survey import SectionFound, Survey
from jobs.steps.spooling import laid_out, look_folder, manifest_in
from webapp.cli.command import Problem
from webapp.models import ArchiveFile


def all_but(
    archive: ArchiveFile, job_id: int, sections: Sequence[int], activities: Sequence[int]
) -> dict[str, list[int]]:
    """The ids of all that stays out where only these come: sections by their numbers, activities by their ids.

    A section comes with all that is in it, an activity with its section. `job_id` is the restore that has read the
    file. Raises Problem where there is no such thing in it.
    """
    found = Survey.from_json(archive.survey)
    numbers = _numbers(archive, job_id)
    kept = set(activities)
    there = {one.id: one for section in found.sections for one in section.activities}
    there |= {one.id: one for one in found.loose_activities}
    for number in activities:
        if number not in there:
            raise Problem(
                f"There is no activity {number} in the file. “coursekeep inspect” lists what there is."
            )
    kept_sections = {_find_section(found, numbers, number).id for number in sections}
    _with_all_inside(found, kept_sections, kept)
    _with_homes(found, kept_sections, kept)
    return {
        "sections": sorted(one.id for one in found.sections if one.id not in kept_sections),
        "activities": sorted(there.keys() - kept),
    }


def _numbers(archive: ArchiveFile, job_id: int) -> dict[int, int | None]:
    """The number of each section, by its id."""
    folder = look_folder(job_id)
    _, spots = laid_out(folder, manifest_in(folder, archive.survey), people=False, shift=None)
    return {spot.moodle_id: spot.number for spot in spots}


def _find_section(found: Survey, numbers: dict[int, int | None], number: int) -> SectionFound:
    section = next((one for one in found.sections if numbers.get(one.id) == number), None)
    if section is None:
        raise Problem(f"There is no section {number} in the file.")
    if section.opener:
        raise Problem(
            f"Section {number} is a subsection. Take the activity that it is: --activity {section.opener}"
        )
    return section


def _with_all_inside(found: Survey, sections: set[int], activities: set[int]) -> None:
    """Add what is in each of the sections, and what opens from it."""
    grown = -1
    while grown != len(sections) + len(activities):
        grown = len(sections) + len(activities)
        sections |= {one.id for one in found.sections if one.opener in activities}
        activities |= {one.id for each in found.sections if each.id in sections for one in each.activities}


def _with_homes(found: Survey, sections: set[int], activities: set[int]) -> None:
    """Add the section that each activity is in, and what that opens from."""
    grown = -1
    while grown != len(sections) + len(activities):
        grown = len(sections) + len(activities)
        sections |= {
            each.id for each in found.sections if any(one.id in activities for one in each.activities)
        }
        activities |= {one.opener for one in found.sections if one.id in sections and one.opener}
