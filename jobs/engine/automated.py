"""The backup of one course that the schedule asks for: into the app, into a folder of the admins, or both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.automated.folder import FolderProblem, free_name, problem_with, take_name, write_part
from jobs.automated.leftovers import part_name
from jobs.engine.backup import Made, keep_archive, keeping, make_archive, part_file
from jobs.engine.outcome import Outcome
from jobs.language import gettext as _
from jobs.problems import JobProblem
from jobs.progress import Run
from webapp.database import separate_write, snapshot
from webapp.models import ArchiveOrigin, Course, Destination, FolderCopy, utc_now

COPYING = _("Copying it into the folder")


def back_up_automatically(run: Run) -> Outcome:
    """Make the archive and put it where the schedule wants it.

    Where it goes to both places, a folder that can't be used is a warning; else the job fails.
    """
    destination = Destination(run.options["destination"])
    changed_at = _changed_at(run)
    with part_file(run) as part:
        made = make_archive(run, part, then=[COPYING] if destination.in_folder else [])
        size = part.stat().st_size
        copy_id = _copy_out(run, part, made, destination) if destination.in_folder else None
        if not destination.in_app:
            part.unlink()

        def apply(session: Session) -> dict[str, Any]:
            kept = {"size": size, "copy_id": copy_id, "course_changed_at": changed_at}
            if destination.in_app:
                kept |= keep_archive(session, run, part, made, ArchiveOrigin.AUTOMATED)
            if copy_id:
                session.execute(
                    sa.update(FolderCopy).where(FolderCopy.id == copy_id).values(verified_at=utc_now())
                )
            return kept

        return Outcome(result=made.result, apply=keeping(part, apply))


def _changed_at(run: Run) -> str | None:
    """When the course was last changed, before it is read: what changes from now on is no longer covered."""
    with snapshot() as session:
        course = session.get(Course, run.course_id)
        return course.changed_at.isoformat() if course else None


def _copy_out(run: Run, part: Path, made: Made, destination: Destination) -> int | None:
    """Copy the archive into the folder; returns the number of the copy's row."""
    folder = Path(run.options["folder"])
    run.enter(4)
    try:
        return _write_copy(run, part, made, folder)
    except FolderProblem as problem:
        if not destination.in_app:
            raise JobProblem(str(problem)) from problem
        run.warn(_("%(problem)s The backup in Coursekeep is there.", problem=problem))
        return None


def _write_copy(run: Run, part: Path, made: Made, folder: Path) -> int:
    unfinished = folder / part_name(run.job_id)
    written = write_part(part, unfinished, run.advance)
    try:
        name = free_name(folder, made.filename)
    except OSError as error:
        raise problem_with(folder, error) from error
    # Written down before it has its name: what lies there without a row counts as somebody else's.
    with separate_write() as session:
        run.hold(session)
        copy = FolderCopy(
            course_id=run.course_id, job_id=run.job_id, folder=str(folder), filename=name, size=written.size,
            sha256=written.sha256,
        )  # fmt: skip
        session.add(copy)
        session.flush()
        copy_id = copy.id
    take_name(unfinished, name)
    return copy_id
