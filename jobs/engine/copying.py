"""A copy of a course: built as a version that nothing points to, and made a course in the last transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from jobs.engine.duplicating import duplicate
from jobs.engine.outcome import Outcome
from jobs.language import gettext as _
from jobs.progress import Run
from jobs.steps.composing.courses import Composition
from jobs.steps.copy_placing import Wish, check_name, place_copy, source_of
from jobs.steps.selecting.parts import select
from jobs.steps.version_copying import Original, copy_version
from webapp.job_requests.inclusion import for_copies, may_copy_people
from webapp.models import CourseVersion


def copy(run: Run) -> Outcome:
    """Make the copy of a course, or the duplicate of a section or an activity, that the job asks for."""
    return _copy_course(run) if run.scope == "course" else duplicate(run)


def _copy_course(run: Run) -> Outcome:
    wish = Wish.from_options(run.options, run.user_id)

    def find(session: Session) -> Original:
        course = source_of(session, run.user_id, run.course_id)
        check_name(session, wish)
        version = session.get_one(CourseVersion, course.version_id)
        people = wish.people and may_copy_people(session)
        if wish.people and not people:
            run.warn(_("People and what they did are left out. An admin has set this for all backups."))
        selection = select(session, version, {"people": people, "without": for_copies(session)})
        return Original(course, selection, Composition, wish.moves_to(course))

    built = copy_version(run, find, _("Making it a course"))
    run.enter(3)

    def apply(session: Session) -> dict[str, Any]:
        return place_copy(session, wish, run.course_id, built)

    return Outcome(result={"version_id": built.version_id, **built.counts}, apply=apply)
