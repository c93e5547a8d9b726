"""A restore: first reads all of the file and asks, then builds a version and points a course to it.

Nothing points to the version while it is built, so nobody sees half a course, and a run
that ends early leaves only rows that the sweep takes away.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from jobs.archive.manifest import Manifest, read_manifest
from jobs.archive.names import MANIFEST, Kind, directory_of, kind_of
from jobs.archive.people import drops_document
from jobs.archive.reader import Archive, Member, open_archive
from jobs.archive.survey import survey
from jobs.engine.outcome import Outcome
from jobs.problems import ArchiveProblem, JobProblem
from jobs.progress import Run, Step
from jobs.steps.batch import Batch
from jobs.steps.contents import Contents, take_in_files
from jobs.steps.documents import Intake
from jobs.steps.manifests import kept_of
from jobs.steps.owners import make_owners
from jobs.steps.people import take_in_people
from jobs.steps.placing import Placement, check_placement, place
from webapp import places
from webapp.database import separate_write, snapshot
from webapp.models import ArchiveFile, CourseVersion, utc_now
from webapp.storage import CHUNK


def restore(run: Run) -> Outcome:
    """Read the file, or with the person's answer, restore it."""
    archive_id = int(run.result.get("archive_id") or run.target_id)
    path = places.archive_path(archive_id)
    if not path.exists():
        raise JobProblem(
            "The backup file is gone. Nothing was changed. Bring it again, or take another backup."
        )
    if "target" not in run.options:
        return _read(run, archive_id, path)
    return _build(run, archive_id, path)


def _read(run: Run, archive_id: int, path: Path) -> Outcome:
    run.plan([Step("Reading the file", path.stat().st_size)])
    run.enter(1)
    seen = 0

    def checkpoint(read: int) -> None:
        nonlocal seen
        run.advance(read - seen)
        seen = read

    found = survey(path, checkpoint=checkpoint)
    if found.kind != "course":
        raise ArchiveProblem(
            f"This is a backup of one {found.kind}, not of a course. Only whole courses can be restored here so far."
        )

    def keep(session: Session) -> dict[str, Any]:
        archive = session.get_one(ArchiveFile, archive_id)
        archive.survey, archive.verified_at = found.to_json(), utc_now()
        archive.with_people, archive.with_files = found.with_people, found.with_files
        archive.anonymised = found.anonymised
        return {"archive_id": archive_id}

    return Outcome(apply=keep, waits=True)


@dataclass
class _Building:
    """One version on its way from the archive to the database."""

    run: Run
    intake: Intake
    contents: Contents
    spool: Path
    archive: Archive
    strays: int = 0
    _told: int = 0

    def walk(self) -> None:
        """Take in every member, in the order in which they lie in the archive."""
        for member in self.archive:
            self._member(member)
            self._advance()

    def _advance(self, _piece: int = 0) -> None:
        self.run.advance(self.archive.read_bytes - self._told)
        self._told = self.archive.read_bytes

    def _member(self, member: Member) -> None:
        kind = kind_of(member.name)
        if kind == Kind.CONTENT:
            self.contents.store(member, self._advance)
        elif kind == Kind.DOCUMENT:
            self._document(member)
        elif kind == Kind.STRAY:
            self.strays += 1

    def _document(self, member: Member) -> None:
        directory, name = directory_of(member.name), member.name.rpartition("/")[2]
        if not self.intake.people and drops_document(directory, name):
            return
        if member.name in ("files.xml", "users.xml"):
            # Its rows need to know which contents came, so it is kept until all have been met.
            with (self.spool / name).open("wb") as out:
                while piece := member.read(CHUNK):
                    out.write(piece)
        else:
            self.intake.take_in(member.name, member)

    def finish(self) -> dict[str, int]:
        """Write the people and files, and everything that is still held; returns how many there are."""
        counts = {"people": 0, "files": 0}
        if (self.spool / "users.xml").exists():
            with (self.spool / "users.xml").open("rb") as stream:
                counts["people"] = take_in_people(self.intake, stream)
        if (self.spool / "files.xml").exists():
            with (self.spool / "files.xml").open("rb") as stream:
                counts["files"] = take_in_files(self.intake, stream, self.contents)
        self.intake.batch.flush()
        return counts


def _build(run: Run, archive_id: int, path: Path) -> Outcome:
    placement = Placement.from_options(run.options, run.user_id)
    with snapshot() as session:
        check_placement(session, placement)
        problems = session.get_one(ArchiveFile, archive_id).survey.get("problems", [])
    packed = path.stat().st_size
    run.plan([Step("Reading what is in the file", packed), Step("Putting the course in place", 1)])
    run.enter(1)
    manifest = _manifest(path)
    version_id = _new_version(run, manifest)
    with tempfile.TemporaryDirectory(dir=places.scratch(), prefix=f"job-{run.job_id}-") as spool:
        intake = Intake(
            Batch(run, version_id), make_owners(run, version_id, manifest), people=placement.people
        )
        with open_archive(path) as archive:
            building = _Building(run, intake, Contents(), Path(spool), archive)
            building.walk()
        counts = building.finish()
    run.enter(2)
    _warn(run, problems, building.strays)
    _settle(run, version_id, intake)
    placement = replace(placement, names=intake.facts.course)

    def apply(session: Session) -> dict[str, Any]:
        return place(session, placement, version_id, intake.enrolled)

    counts |= {"sections": len(manifest.sections), "activities": len(manifest.activities)}
    return Outcome(result={"archive_id": archive_id, "version_id": version_id, **counts}, apply=apply)


def _manifest(path: Path) -> Manifest:
    with open_archive(path) as archive:
        for member in archive:
            if member.name == MANIFEST:
                return read_manifest(member)
    raise ArchiveProblem("There is no moodle_backup.xml in the file, so it is not a Moodle backup.")


def _new_version(run: Run, manifest: Manifest) -> int:
    with separate_write() as session:
        run.hold(session)
        version = CourseVersion(job_id=run.job_id, manifest=kept_of(manifest))
        session.add(version)
        session.flush()
        return version.id


def _settle(run: Run, version_id: int, intake: Intake) -> None:
    """Write what is known of the version only when everything has been read."""
    with separate_write() as session:
        run.hold(session)
        version = session.get_one(CourseVersion, version_id)
        for attribute, value in intake.facts.version.items():
            setattr(version, attribute, value)
        version.next_id = intake.highest + 1


def _warn(run: Run, problems: list[dict[str, Any]], strays: int) -> None:
    for problem in problems:
        if problem["level"] == "damage":
            run.warn(problem["what"])
    if strays:
        run.warn(
            f"{strays} things in the file belong to no part of a course that we know, and were left out."
        )
