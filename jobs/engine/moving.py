"""Moves a section or an activity to another course: an import, with which the original goes into the bin.

What people did in it goes along as far as somebody says so; the original keeps all of it. Nobody is enrolled by it
who was not in the other course. Taking the move back brings the original back first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from jobs.language import gettext as _
from jobs.problems import JobProblem
from jobs.steps.matching.both import people_in_both
from jobs.steps.selecting.parts import Selection
from jobs.steps.selecting.work import Work, read_work
from webapp.access.audit import note
from webapp.access.rights import may_in_course
from webapp.content.binning import bin_activity, bin_section
from webapp.content.edit import Edit, EditRefused
from webapp.content.moved import mark_moved
from webapp.content.putting_back import put_back_within
from webapp.job_requests.inclusion import may_copy_people
from webapp.models import (
    Activity,
    BinEntry,
    Course,
    CourseVersion,
    Job,
    Section,
    User,
    get_setting,
    utc_now,
)

Part = Section | Activity

#: Whose work goes along, as the option `work` of a move says it: that of those who are in the other course too,
#: or that of everybody. Without the option it is nobody's.
SHARED, EVERYBODY = "shared", "everybody"


@dataclass(frozen=True)
class Moved:
    """What people did in something that is moved, and what becomes of it."""

    work: Work
    #: How many come into the list of people of the other course who were not in it, without any role.
    newcomers: int

    @property
    def counts(self) -> dict[str, int]:
        """How many people's work goes along, how many people's stays, and how many come with it."""
        return {"comes": len(self.work.comes), "stays": len(self.work.stays), "newcomers": self.newcomers}


def check_move(session: Session, options: dict[str, Any], user_id: int) -> datetime | None:
    """When the course that it comes from was changed last; None if nothing is moved.

    Raises JobProblem if the person may not take it away, or it could not come back.
    """
    if "moves" not in options:
        return None
    source, user = session.get(Course, options["source_id"]), session.get(User, user_id)
    if source is None or user is None or not may_in_course(user, "edit course", source, session=session):
        raise JobProblem(_("You may no longer change the course that it comes from. Nothing was changed."))
    if not get_setting("bin_days", session):
        raise JobProblem(
            _("Nothing is kept in the bin here, so nothing is moved: import it, then delete it there.")
        )
    _check_work(session, options, user, source)
    _original(session, source, options["moves"])
    return source.changed_at


def may_move_work(session: Session, user: User, *courses: Course) -> bool:
    """Whether the person may see the people of these courses, and people may go into copies at all."""
    may_see = all(may_in_course(user, "see people", one, session=session) for one in courses)
    return may_see and may_copy_people(session)


def look_at_work(
    session: Session,
    selection: Selection,
    target: Course,
    work: str,
    checkpoint: Callable[[], None] = lambda: None,
) -> Moved:
    """What becomes of what people did in the selected part, with SHARED or EVERYBODY for `work`."""
    there = people_in_both(session, selection.version, target)
    found = read_work(session, selection, there, checkpoint, everybody=work == EVERYBODY)
    return Moved(found, len((found.named | found.comes) - there))


def _check_work(session: Session, options: dict[str, Any], user: User, source: Course) -> None:
    target = session.get(Course, options["course_id"])
    if "work" in options["moves"] and not (target and may_move_work(session, user, source, target)):
        raise JobProblem(
            _(
                "You may no longer take along what people did in it. Nothing was moved. Move it without that, "
                "or ask an admin."
            )
        )


def take_away(session: Session, options: dict[str, Any], read_at: datetime | None) -> dict[str, Any]:
    """Put the original into the bin; returns what to remember of it. `read_at` is what `check_move` said.

    Raises JobProblem if its course has been changed since.
    """
    source = session.get_one(Course, options["source_id"], populate_existing=True)
    if source.changed_at != read_at:
        raise JobProblem(
            _(
                "“%(fullname)s” was changed while this was being moved. Nothing was moved. Try again.",
                fullname=source.fullname,
            )
        )
    original = _original(session, source, options["moves"])
    change = Edit(session, source, session.get_one(CourseVersion, source.version_id))
    note(session, f"{options['moves']['kind']} deleted", original, course=source)
    entry = bin_section(change, original) if isinstance(original, Section) else bin_activity(change, original)
    if entry is not None:
        mark_moved(session.get_one(BinEntry, entry), options["course_id"])
    source.changed_at = utc_now()
    return {"binned": entry}


def return_original(session: Session, job_id: int) -> None:
    """Bring back what a move has put into the bin, if the job was one. Raises JobProblem if it is not there."""
    job = session.get(Job, job_id)
    if job is None or "binned" not in job.result:
        return
    entry, source = session.get(BinEntry, job.result["binned"]), session.get(Course, job.options["source_id"])
    if entry is None or source is None:
        raise JobProblem(
            _(
                "The original is not in the bin any more, so nothing was taken out: it would be gone. "
                "Delete what you do not need by hand."
            )
        )
    change = Edit(session, source, session.get_one(CourseVersion, source.version_id))
    try:
        put_back_within(change, entry.id)
    except EditRefused as refused:
        raise JobProblem(str(refused)) from refused
    source.changed_at = utc_now()


def _original(session: Session, source: Course, moves: dict[str, Any]) -> Part:
    row, is_section = moves["row"], moves["kind"] == "section"
    found: Part | None = session.get(Section, row) if is_section else session.get(Activity, row)
    if found is None or found.version_id != source.version_id:
        raise JobProblem(_("It has gone from its course before it was moved. Nothing was changed."))
    return found
