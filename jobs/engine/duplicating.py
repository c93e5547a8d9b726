"""Duplicates a section or an activity within its course, right after the original; without what people did in it.

The course has everything else that the duplicate refers to: groups, scales, the question bank, other activities.
So it is given new ids for what is in it, and for nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.engine.outcome import Outcome
from jobs.language import gettext as _
from jobs.problems import JobProblem
from jobs.progress import Run
from jobs.steps.building.versions import Built
from jobs.steps.composing.parts import LoneComposition
from jobs.steps.matching.own import OwnMatches, own_matches
from jobs.steps.merging.adopting import Adoption, adopt
from jobs.steps.merging.fitting import dialect_of
from jobs.steps.merging.making_ready import keep_ids_free, keep_note, make_ready
from jobs.steps.merging.second_names import give_second_names
from jobs.steps.merging.section_places import spots_of
from jobs.steps.selecting.parts import select_part
from jobs.steps.version_copying import Original, copy_version
from webapp.access.rights import may_in_course
from webapp.content.documents import open_document, set_leaf
from webapp.content.edit import Edit
from webapp.content.ordering import (
    activities_in,
    place_activities,
    renumber_sections,
    sections_in_order,
    write_sequence,
)
from webapp.database import snapshot
from webapp.job_requests.inclusion import for_copies
from webapp.models import Activity, Course, CourseVersion, Section, User, utc_now


@dataclass(frozen=True)
class _Part:
    """The original, as it was when it was read."""

    version_id: int
    dialect: int
    moodle_id: int
    #: The section of an activity: its row and its id.
    home: tuple[int, int] | None


def duplicate(run: Run) -> Outcome:
    """Make the duplicate of the section or the activity that the job is about."""
    parts: list[_Part] = []

    def find(session: Session) -> Original:
        original, part = _read(session, run)
        parts.append(part)
        return original

    built = copy_version(run, find, _("Adding it to the course"))
    (part,) = parts
    give_second_names(run, built.version_id, part.moodle_id, is_section=part.home is None)
    with snapshot() as session:
        matches = own_matches(session, built.version_id, part.home[1] if part.home else None)
        places = {spot.id: part.home[0] for spot in spots_of(session, built.version_id)
                  if part.home and spot.moodle_id == part.home[1]}  # fmt: skip
    first = keep_ids_free(run, part.version_id, matches.highest - matches.lowest)
    adoption = Adoption(
        incoming_id=built.version_id, first_id=first, last_id=first + matches.highest - matches.lowest,
        version_id=part.version_id, goes_to=places, people=False, stamp={"duplicate": run.job_id},
    )  # fmt: skip
    digests = make_ready(run, built, matches, adoption, part.dialect)
    run.enter(3)
    apply = _applying(run, built, part, matches, adoption, digests)
    return Outcome(result={"version_id": part.version_id}, apply=apply)


def _read(session: Session, run: Run) -> tuple[Original, _Part]:
    course = _course(session, run)
    version = session.get_one(CourseVersion, course.version_id)
    selection = select_part(session, version, run.scope, run.target_id, {"without": for_copies(session)})
    if selection is None or selection.part is None:
        raise JobProblem(_gone(run))
    original, home = selection.part, None
    if isinstance(original, Activity):
        section = session.get_one(Section, original.section_id)
        home = (section.id, section.moodle_id)
    part = _Part(version.id, dialect_of(version), original.moodle_id, home)
    return Original(course, selection, LoneComposition), part


def _course(session: Session, run: Run) -> Course:
    """The course, if the person may still edit it. Raises JobProblem."""
    user = session.get(User, run.user_id)
    course = session.get(Course, run.course_id) if run.course_id else None
    if course is None:
        raise JobProblem(_("The course was deleted meanwhile. Nothing was made."))
    if user is None or not may_in_course(user, "edit course", course, session=session):
        raise JobProblem(
            _("You may no longer edit this course. Nothing was made. Ask a manager of the course.")
        )
    return course


def _gone(run: Run) -> str:
    if run.scope == "section":
        return _("The section has gone from the course meanwhile. Nothing was made.")
    return _("The activity has gone from the course meanwhile. Nothing was made.")


def _applying(
    run: Run, built: Built, part: _Part, matches: OwnMatches, adoption: Adoption, digests: dict[str, str]
) -> Callable[[Session], dict[str, Any]]:
    new_id = part.moodle_id - matches.lowest + adoption.first_id

    def apply(session: Session) -> dict[str, Any]:
        course = _course(session, run)
        change = Edit(session, course, session.get_one(CourseVersion, course.version_id))
        note = adopt(change, adoption)
        homes = _put_after(change, run, new_id)
        course.changed_at = utc_now()
        sections = sorted({*note["sections"], *homes})
        note |= {"job": run.job_id, "digests": digests, "members": [], "sections": sections}
        keep_note(session, built.version_id, course, note)
        return {"course_id": course.id, "undo": True, "made": new_id}

    return apply


def _put_after(change: Edit, run: Run, new_id: int) -> list[int]:
    """Put the duplicate right after the original, wherever that is by now; returns the section that it is in."""
    table: Any = Section if run.scope == "section" else Activity
    original = change.session.get(table, run.target_id)
    if original is None or original.version_id != change.version.id:
        raise JobProblem(_gone(run))
    mine = sa.select(table).where(table.version_id == change.version.id, table.moodle_id == new_id)
    made = change.session.scalars(mine).one()
    if run.scope == "section":
        renumber_sections(change, _put_behind(sections_in_order(change), original, made))
        return []
    left, home = (change.session.get_one(Section, one.section_id) for one in (made, original))
    listed = _sequence(change, home)
    place_activities(change, home, _put_behind(activities_in(change, home), original, made))
    if left.id != home.id:
        write_sequence(change, left)
    else:
        _set_sequence(change, home, _put_behind(listed, str(original.moodle_id), str(new_id)))
    return [home.id]


def _sequence(change: Edit, section: Section) -> list[str]:
    """The section's own list of its activities, be it out of date."""
    document = open_document(change, section, "section.xml")
    return (document.root.findtext("sequence") or "").split(",") if document else []


def _set_sequence(change: Edit, section: Section, listed: list[str]) -> None:
    document = open_document(change, section, "section.xml")
    if document is not None:
        set_leaf(document.root, "sequence", ",".join(listed))
        document.keep()


def _put_behind(order: list[Any], original: Any, made: Any) -> list[Any]:
    """The same order with one of them right behind another, if that is in it."""
    others = [one for one in order if one != made]
    place = others.index(original) + 1 if original in others else len(others)
    return [*others[:place], made, *others[place:]]
