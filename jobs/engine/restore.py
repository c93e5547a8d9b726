"""A restore: first reads all of the file and asks, then builds a version and points a course to it.

Nothing points to the version while it is built, so nobody sees half a course, and a run
that ends early leaves only rows that the sweep takes away. What is added to a course, or is
less than one, goes on in `jobs.engine.merge`.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from jobs.archive.limits import DEFAULT_LIMITS, MB, Limits
from jobs.archive.survey import survey
from jobs.engine.merge import build_as_placed, join, stamp_of
from jobs.engine.outcome import Outcome
from jobs.language import gettext as _
from jobs.problems import JobProblem
from jobs.progress import Run, Step
from jobs.steps.building.versions import damaged_in, dates_of
from jobs.steps.placing import Placement, check_placement, place
from jobs.steps.room import check_room
from jobs.steps.sifting.wanted import Wanted, leaves_out, wanted_of
from jobs.steps.spooling import documents_of, lay_out, look_folder, manifest_in
from webapp import places
from webapp.access.rights import may_use_archive
from webapp.database import snapshot
from webapp.job_requests.inclusion import correct_restore
from webapp.models import ArchiveFile, ArchiveOrigin, User, get_setting, utc_now


def restore(run: Run) -> Outcome:
    """Read the file, or with the person's answer, restore it."""
    archive_id = int(run.result.get("archive_id") or run.target_id)
    path = places.archive_path(archive_id)
    if not path.exists():
        raise JobProblem(
            _("The backup file is gone. Nothing was changed. Bring it again, or take another backup.")
        )
    with snapshot() as session:
        _check_file(session, run.user_id, archive_id)
    if "target" not in run.options:
        return _read(run, archive_id, path)
    with snapshot() as session:
        archive = session.get_one(ArchiveFile, archive_id)
        options = correct_restore(session, run.options, archive, run.warn)
        placement = Placement.from_options(options, run.user_id)
        check_placement(session, placement)
        found = archive.survey
    wanted = _wanted(run, path, found, options)
    found = wanted.found if wanted else found
    new = run.result.get("new_bytes", 0)
    check_room(min(new, found["counts"]["bytes"]) if wanted else new, _("the restore"))
    if placement.adds or found.get("kind", "course") != "course":
        return join(run, placement, archive_id, path, found, wanted)
    return _build(run, placement, archive_id, path, found, wanted)


def _wanted(run: Run, path: Path, found: dict[str, Any], options: dict[str, Any]) -> Wanted | None:
    """What of the file is wanted, None for all of it; tells the person what needs the rest."""
    if not leaves_out(options):
        return None
    with documents_of(path, found, run.job_id) as folder:
        wanted = wanted_of(folder, manifest_in(folder, found), found, options)
    for sentence in wanted.needs if wanted else ():
        run.warn(sentence)
    return wanted


def _check_file(session: Session, user_id: int, archive_id: int) -> None:
    """Ask again whether the person may have the file. Raises JobProblem."""
    user, archive = session.get(User, user_id), session.get(ArchiveFile, archive_id)
    if user is None or not user.active:
        raise JobProblem(_("Your account was closed meanwhile. Nothing was changed."))
    if archive is None or not may_use_archive(user, archive, session=session):
        raise JobProblem(
            _("You may no longer use this backup file. Nothing was changed. Ask a manager of its course.")
        )


def _read(run: Run, archive_id: int, path: Path) -> Outcome:
    packed = path.stat().st_size
    run.plan([Step(_("Reading the file"), packed), Step(_("Noting what to compare"), packed // 4)])
    run.enter(1)
    seen = 0

    def checkpoint(read: int) -> None:
        nonlocal seen
        run.advance(read - seen)
        seen = read

    found = survey(path, _limits(archive_id), checkpoint=checkpoint)

    run.enter(2)
    noted = _note(run, path, found.to_json())

    def keep(session: Session) -> dict[str, Any]:
        archive = session.get_one(ArchiveFile, archive_id)
        archive.survey, archive.verified_at = found.to_json(), utc_now()
        archive.with_people, archive.with_files = found.with_people, found.with_files
        archive.anonymised = found.anonymised
        archive.scope = found.kind
        return {"archive_id": archive_id, **noted}

    return Outcome(apply=keep, waits=True)


def _limits(archive_id: int) -> Limits:
    """How much is read of a file; what was made here is not bounded by what may be brought."""
    with snapshot() as session:
        brought = session.get_one(ArchiveFile, archive_id).origin == ArchiveOrigin.UPLOAD
        most = int(get_setting("unpacked_limit_mb", session)) * MB
    return replace(DEFAULT_LIMITS, total_bytes=most) if brought else DEFAULT_LIMITS


def _note(run: Run, path: Path, found: dict[str, Any]) -> dict[str, Any]:
    """Lay out what the person’s answer is tried on, if they ask; returns what else to remember of the backup."""
    folder = look_folder(run.job_id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    new = lay_out(path, folder, found["kind"], damaged_in(found), lambda read: run.advance(read // 4))
    return {"stamp": stamp_of(manifest_in(folder, found)), "new_bytes": new}


def _build(
    run: Run,
    placement: Placement,
    archive_id: int,
    path: Path,
    found: dict[str, Any],
    wanted: Wanted | None,
) -> Outcome:
    run.plan([
        Step(_("Reading what is in the file"), path.stat().st_size),
        Step(_("Putting the course in place"), 1),
    ])  # fmt: skip
    run.enter(1)
    built = build_as_placed(run, placement, path, found, wanted)
    run.enter(2)
    placement = replace(placement, names=dates_of(built) | built.intake.facts.course)

    def apply(session: Session) -> dict[str, Any]:
        return place(session, placement, built.version_id, built.intake.enrolled)

    result = {"archive_id": archive_id, "version_id": built.version_id, **built.counts}
    return Outcome(result=result, apply=apply)
