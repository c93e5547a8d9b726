"""Builds a version from an archive, or from another version, member by member; nothing points to it yet."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from jobs.archive.containers.reader import Member, open_archive
from jobs.archive.ids.numbers import whole_number
from jobs.archive.manifest import Manifest, read_manifest
from jobs.archive.names import MANIFEST, Kind, directory_of, kind_of, sha1_of
from jobs.archive.persons.people import drops_document
from jobs.language import gettext as _, ngettext
from jobs.problems import ArchiveProblem
from jobs.progress import Run
from jobs.steps.batch import Batch
from jobs.steps.building.contents import Contents, take_in_files
from jobs.steps.building.dates import shift_to
from jobs.steps.building.documents import Intake
from jobs.steps.building.owners import make_owners
from jobs.steps.building.people import take_in_people
from jobs.steps.building.top_categories import keep_one_top, sentence
from jobs.steps.manifests import kept_of
from jobs.steps.pruning import Sieve
from webapp import places
from webapp.database import separate_write
from webapp.models import CourseVersion
from webapp.storage import CHUNK


@dataclass(frozen=True)
class Built:
    """A version with all that an archive holds."""

    version_id: int
    manifest: Manifest
    intake: Intake
    #: How many people, files, sections and activities there are.
    counts: dict[str, int]
    #: How many members of the archive belong to no part of a course that we know.
    strays: int


class Members(Protocol):
    """What is gone through once, forward, as an archive is."""

    def __iter__(self) -> Iterator[Member]: ...

    @property
    def read_bytes(self) -> int:
        """How much has been read so far, for the bar."""


@dataclass(frozen=True)
class Portion:
    """What of an archive is wanted, where that is not all of it."""

    #: It lists what is wanted, and no more.
    manifest: Manifest
    sieve: Sieve
    #: The hashes of the contents that are.
    contents: Collection[bytes]


@dataclass(frozen=True)
class Taking:
    """What of the members is taken in, and how."""

    people: bool
    #: User names that mean one person in spite of two addresses.
    same_people: frozenset[str] = frozenset()
    #: The names of documents that are left out.
    damaged: frozenset[str] = frozenset()
    #: The day on which the course is to begin; its dates move along.
    start_date: date | None = None
    #: What of the archive is wanted; None for all of it.
    portion: Portion | None = None

    def takes(self, document: str) -> bool:
        is_wanted = self.portion is None or self.portion.sieve.takes(document)
        return is_wanted and document not in self.damaged

    def takes_content(self, name: str) -> bool:
        return self.portion is None or bytes.fromhex(sha1_of(name)) in self.portion.contents


def build_version(
    run: Run,
    path: Path,
    found: dict[str, Any],
    *,
    people: bool,
    same_people: frozenset[str] = frozenset(),
    start_date: date | None = None,
    portion: Portion | None = None,
) -> Built:
    """Write all of an archive, or a portion of it, into a new version, within the step of the run that is under way.

    `found` is what its survey found: documents that are damaged are left out. With a `start_date` the dates of the
    course move along with its first day. Raises JobProblem where that is not known.
    """
    manifest = portion.manifest if portion else read_manifest_of(path, found)
    with open_archive(path) as archive:
        taking = Taking(people, same_people, damaged_in(found), start_date, portion)
        return build_from(run, manifest, archive, taking)


def build_from(
    run: Run, manifest: Manifest, members: Members, taking: Taking, contents: Contents | None = None
) -> Built:
    """The same from members that come from anywhere; `contents` knows what is not named by its own hash."""
    version_id = _new_version(run, manifest)
    with tempfile.TemporaryDirectory(dir=places.scratch(), prefix=f"job-{run.job_id}-") as spool:
        owners = make_owners(run, version_id, manifest)
        shift = shift_to(taking.start_date, manifest)
        sieve = taking.portion.sieve if taking.portion else None
        intake = Intake(Batch(run, version_id), owners, people=taking.people, shift=shift, sieve=sieve)
        building = _Building(run, intake, Path(spool), members, taking, contents or Contents())
        building.walk()
        counts = building.finish()
    if lowered := keep_one_top(run, version_id, intake, manifest.backup_version, lone=False):
        run.warn(sentence(lowered))
    _settle(run, version_id, intake)
    counts |= {"sections": len(manifest.sections), "activities": len(manifest.activities)}
    return Built(version_id, manifest, intake, counts, building.strays)


def dates_of(built: Built) -> dict[str, int]:
    """When the course begins and ends by the manifest: course.xml may not say it."""
    said, shift = built.manifest, built.intake.shift
    dates = {"start_date": said.original_course_startdate, "end_date": said.original_course_enddate}
    return {what: shift.move(at) if shift else at for what, at in dates.items()}


def read_manifest_of(path: Path, found: dict[str, Any]) -> Manifest:
    """Read the manifest of an archive, or take it from its survey where that mended it. Raises ArchiveProblem."""
    if found.get("manifest"):
        return Manifest.from_json(found["manifest"])
    with open_archive(path) as archive:
        for member in archive:
            if member.name == MANIFEST:
                return read_manifest(member)
    raise ArchiveProblem(_("There is no moodle_backup.xml in the file, so it is not a Moodle backup."))


@dataclass
class _Building:
    """One version on its way from the archive to the database."""

    run: Run
    intake: Intake
    spool: Path
    members: Members
    taking: Taking
    contents: Contents
    strays: int = 0
    _told: int = 0

    def walk(self) -> None:
        """Take in every member, in the order in which they lie in the archive."""
        for member in self.members:
            self._member(member)
            self._advance()

    def _advance(self, _piece: int = 0) -> None:
        self.run.advance(self.members.read_bytes - self._told)
        self._told = self.members.read_bytes

    def _member(self, member: Member) -> None:
        kind = kind_of(member.name)
        if kind == Kind.CONTENT:
            if self.taking.takes_content(member.name):
                self.contents.store(member, self._advance)
        elif kind == Kind.DOCUMENT:
            self._document(member)
        elif kind == Kind.STRAY:
            self.strays += 1

    def _document(self, member: Member) -> None:
        directory, name = directory_of(member.name), member.name.rpartition("/")[2]
        if not self.taking.takes(member.name):
            return
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
                counts["people"] = take_in_people(self.intake, stream, self.taking.same_people)
        if (self.spool / "files.xml").exists():
            with (self.spool / "files.xml").open("rb") as stream:
                counts["files"] = take_in_files(self.intake, stream, self.contents)
        self.intake.batch.flush()
        return counts


def _new_version(run: Run, manifest: Manifest) -> int:
    with separate_write() as session:
        run.hold(session)
        # course.xml says it again, unless it is damaged.
        context = whole_number(manifest.information.get("original_course_contextid"))
        version = CourseVersion(
            job_id=run.job_id, manifest=kept_of(manifest),
            moodle_id=manifest.original_course_id or 1, context_id=context or 1,
        )  # fmt: skip
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


def damaged_in(found: dict[str, Any]) -> frozenset[str]:
    """The names of what is damaged or missing in an archive, by what its survey found."""
    return frozenset(one["entry"] for one in found.get("problems", []) if one["level"] == "damage")


def warn_of(run: Run, found: dict[str, Any], built: Built) -> None:
    """Tell the person what of the archive is lost; `found` is what its survey found."""
    for problem in found.get("problems", []):
        if problem["level"] in ("damage", "mended"):
            run.warn(problem["what"])
    if built.strays:
        run.warn(
            ngettext(
                "%(num)s thing in the file belongs to no part of a course that we know, and was left out.",
                "%(num)s things in the file belong to no part of a course that we know, and were left out.",
                built.strays,
            )
        )
