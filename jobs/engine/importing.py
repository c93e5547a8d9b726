"""Takes over sections and activities of one course into another: a merge without an archive.

People and what they did stay where they are, but for a move that takes them along.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from jobs.engine.merge import fit_in
from jobs.engine.moving import Moved, check_move, look_at_work, take_away
from jobs.engine.outcome import Outcome
from jobs.language import gettext as _
from jobs.problems import JobProblem
from jobs.progress import Run
from jobs.steps.composing.courses import Composition
from jobs.steps.composing.parts import PartComposition
from jobs.steps.placing import Placement, check_placement
from jobs.steps.selecting.dependants import left_alone
from jobs.steps.selecting.parts import Selection, select, select_only
from jobs.steps.version_copying import Original, copy_version
from webapp.access.rights import may_in_course
from webapp.job_requests.inclusion import for_copies
from webapp.models import Course, CourseVersion, User


def import_parts(run: Run) -> Outcome:
    """Add to the course of the job what its options name of another one; with `moves` it goes from there."""
    placement = placement_of(run.options, run.user_id)
    read_at: datetime | None = None
    moved: Moved | None = None

    def find(session: Session) -> Original:
        nonlocal read_at, moved
        check_import(session, run.options, run.user_id)
        read_at = check_move(session, run.options, run.user_id)
        original = original_of(session, run.options, run.user_id)
        if work := _work(run.options):
            target = session.get_one(Course, run.options["course_id"])
            moved = look_at_work(session, original.selection, target, work, run.checkpoint)
            original = replace(original, selection=_with(original.selection, moved))
        for sentence in left_alone(session, original.selection):
            run.warn(sentence)
        return original

    built = copy_version(run, find, _("Adding it to the course"))
    outcome = fit_in(run, placement, built)
    result = outcome.result | ({"work": moved.counts} if moved else {})

    def apply(session: Session) -> dict[str, Any]:
        check_import(session, run.options, run.user_id)
        check_move(session, run.options, run.user_id)
        added = outcome.apply(session)
        return added | take_away(session, run.options, read_at) if "moves" in run.options else added

    return replace(outcome, result=result, apply=apply)


def placement_of(options: dict[str, Any], user_id: int) -> Placement:
    """Where it goes, as the answer to a restore says it: `course_id`, `sections`, `section_id`."""
    given = {"target": "merge", "people": bool(_work(options)), "within_site": True}
    return Placement.from_options(options | given, user_id)


def _work(options: dict[str, Any]) -> str | None:
    """Whose work goes along with a move."""
    work: str | None = options.get("moves", {}).get("work")
    return work


def _with(selection: Selection, moved: Moved) -> Selection:
    return replace(selection, people=True, parting=moved.work.parting)


def original_of(session: Session, options: dict[str, Any], user_id: int) -> Original:
    """What is taken: all of the course `source_id`, or of it `only` these sections and activities.

    Raises JobProblem if the person may not take it, or there is nothing to take.
    """
    source = _source(session, options, user_id)
    version = session.get_one(CourseVersion, source.version_id)
    # What is moved goes away where it was, so all of it comes.
    left_out = {} if "moves" in options else {"without": for_copies(session)}
    if options.get("only") is None:
        return Original(source, select(session, version, left_out), Composition)
    selection = select_only(session, version, options["only"], left_out)
    if not selection.sections:
        raise JobProblem(
            _("What was chosen has gone from the other course. Nothing was changed. Choose again.")
        )
    is_part = "moves" in options or not selection.is_whole
    return Original(source, selection, PartComposition if is_part else Composition)


def check_import(session: Session, options: dict[str, Any], user_id: int) -> None:
    """Ask again whether the person may, in both courses, and whether these are still there. Raises JobProblem."""
    _source(session, options, user_id)
    user, course = session.get(User, user_id), session.get(Course, options["course_id"])
    if course is None:
        raise JobProblem(_("The course was deleted meanwhile. Nothing was imported."))
    if user is None or not may_in_course(user, "restore", course, session=session):
        raise JobProblem(
            _("You may no longer import into this course. Nothing was changed. Ask its manager.")
        )
    check_placement(session, placement_of(options, user_id))


def _source(session: Session, options: dict[str, Any], user_id: int) -> Course:
    user, source = session.get(User, user_id), session.get(Course, options["source_id"])
    if source is None:
        raise JobProblem(_("The course to import from was deleted meanwhile. Nothing was changed."))
    if user is None or not may_in_course(user, "back up", source, session=session):
        raise JobProblem(
            _(
                "You may no longer take anything from “%(fullname)s”. Nothing was changed.",
                fullname=source.fullname,
            )
        )
    return source
