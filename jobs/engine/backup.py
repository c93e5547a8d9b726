"""A backup: one moment of a course, written as an archive, read back, and only then shown.

The database is read in one transaction, into a spool of documents whose sizes are then
known; file contents never change under their hash, so they are packed after it has ended,
and nobody waits for anything.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from jobs.archive.containers.spool import Spool
from jobs.archive.containers.writer import Entry, file_name, publish, write_archive
from jobs.archive.manifest import write_manifest
from jobs.archive.names import MANIFEST, content_name
from jobs.archive.survey import survey
from jobs.engine.outcome import Outcome
from jobs.language import gettext as _
from jobs.problems import JobProblem
from jobs.progress import Run, Step
from jobs.steps.composing.courses import Composition
from jobs.steps.composing.documents import compose
from jobs.steps.composing.listing import FileList
from jobs.steps.composing.parts import PartComposition
from jobs.steps.manifests import make_manifest
from jobs.steps.room import check_room
from jobs.steps.selecting.dependants import dependants
from jobs.steps.selecting.parts import Selection, content_bytes, reading, rendered_bytes, select, select_part
from webapp import places
from webapp.access.rights import may_in_course
from webapp.database import snapshot
from webapp.job_requests.inclusion import correct_backup
from webapp.job_requests.quotas import check_quotas
from webapp.models import (
    ArchiveFile,
    ArchiveOrigin,
    Course,
    CourseVersion,
    JobKind,
    Section,
    User,
    utc_now,
)


@dataclass
class _Reading:
    """What was read of the course, in its one moment."""

    filename: str
    files: FileList
    people: bool
    with_files: bool
    #: The names of the documents that were written.
    documents: frozenset[str]


@dataclass(frozen=True)
class Made:
    """An archive that was written and read back, and that nobody can see yet."""

    reading: _Reading
    survey: dict[str, Any]

    @property
    def filename(self) -> str:
        return self.reading.filename

    @property
    def result(self) -> dict[str, Any]:
        """What the job says of it."""
        return {"filename": self.filename, "files": self.reading.files.count}


def back_up(run: Run) -> Outcome:
    """Make the archive that the job asks for, with what admins have locked."""
    with snapshot() as session:
        run.options = correct_backup(session, run.options, run.warn)
    with part_file(run) as part:
        made = make_archive(run, part)

        def apply(session: Session) -> dict[str, Any]:
            return keep_archive(session, run, part, made, ArchiveOrigin.BACKUP)

        return Outcome(result=made.result, apply=keeping(part, apply))


def make_archive(run: Run, part: Path, *, then: Sequence[str] = ()) -> Made:
    """Write the archive to `part`, and read it back. `then` names the steps that will follow."""
    with Spool(places.scratch()) as spool:
        reading = _read(run, spool, then)
        entries = [*spool.entries(), *_contents(run, reading)]
        run.enter(2)
        container = run.options.get("container", "tgz")
        write_archive(part, entries, container=container, checkpoint=run.advance)
        if run.kind == JobKind.BACKUP:
            with snapshot() as session:
                _check_quotas(session, run, part)
        run.enter(3)
        found = _check(run, part, reading)
        _warn(run, reading)
    return Made(reading, found)


def keep_archive(session: Session, run: Run, part: Path, made: Made, origin: ArchiveOrigin) -> dict[str, Any]:
    """Put the archive among those that are kept; returns what to add to the job's result."""
    reading, found = made.reading, made.survey
    _check_quotas(session, run, part)
    archive = ArchiveFile(
        origin=origin, course_id=run.course_id, owner_id=run.user_id, scope=run.scope,
        filename=reading.filename, name=run.options.get("name", ""), note=run.options.get("note", ""),
        size=part.stat().st_size, file_count=reading.files.count,
        with_people=reading.people, anonymised=found["anonymised"],
        with_files=reading.with_files, verified_at=utc_now(), survey=found,
    )  # fmt: skip
    session.add(archive)
    session.flush()
    publish(part, places.archive_path(archive.id))
    return {"archive_id": archive.id, "size": archive.size, "people": reading.people}


@contextmanager
def part_file(run: Run) -> Iterator[Path]:
    """A name for the unfinished archive; what is left under it when the work fails is removed."""
    part = places.scratch() / f"job-{run.job_id}-{secrets.token_hex(4)}.part"
    try:
        yield part
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def keeping(part: Path, apply: Callable[[Session], dict[str, Any]]) -> Callable[[Session], dict[str, Any]]:
    """Remove the unpublished archive if the ending itself fails."""

    def guarded(session: Session) -> dict[str, Any]:
        try:
            return apply(session)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    return guarded


def _read(run: Run, spool: Spool, then: Sequence[str]) -> _Reading:
    with snapshot() as session:
        course = _course(session, run)
        version = session.get_one(CourseVersion, course.version_id)
        selection = _selection(session, run, version)
        for sentence in dependants(session, version, run.options.get("leave_out") or {}):
            run.warn(sentence)
        documents = rendered_bytes(session, selection)
        contents = content_bytes(session, selection) if selection.files else 0
        check_room(contents + documents, _("the backup"))
        weight = documents + contents
        run.plan([
            Step(reading(selection.scope), documents),
            Step(_("Copying files"), weight),
            Step(_("Reading it back to check"), weight // 2),
            *(Step(title, weight // 2) for title in then),
        ])  # fmt: skip
        run.enter(1)
        kind = Composition if selection.part is None else PartComposition
        composition = compose(session, course, selection, spool, run.advance, kind)
        people = composition.has_people
        name = _name(course, selection)
        manifest = make_manifest(course, selection, filename=name, with_people=people)
        with spool.document(MANIFEST) as out:
            write_manifest(manifest, out)
        names = frozenset(entry.name for entry in spool.entries())
        return _Reading(name, composition.files, people, selection.files, names)


def _course(session: Session, run: Run) -> Course:
    """The course, if the person may still back it up. Raises JobProblem."""
    course = session.get(Course, run.course_id) if run.course_id else None
    if course is None:
        raise JobProblem(_("The course was deleted before the backup began."))
    user = session.get(User, run.user_id)
    if user is None or not may_in_course(user, "back up", course, session=session):
        raise JobProblem(_("You may no longer back up this course. Ask a manager of the course."))
    return course


def _selection(session: Session, run: Run, version: CourseVersion) -> Selection:
    """What is to be backed up. Raises JobProblem if it has gone."""
    if run.scope == "course":
        return select(session, version, run.options)
    selection = select_part(session, version, run.scope, run.target_id, run.options)
    if selection is None:
        raise JobProblem(
            _(
                "It has gone from the course before the backup began. If the course was restored meanwhile, "
                "look for it there, and ask again."
            )
        )
    return selection


def _check_quotas(session: Session, run: Run, part: Path) -> None:
    """Raise JobRefused if there is no room for keeping the archive."""
    owner = None if run.kind == JobKind.AUTOMATED else run.user_id
    check_quotas(session, part.stat().st_size, _("this backup"), user_id=owner)


def _name(course: Course, selection: Selection) -> str:
    """The file's name, as Moodle 4.5 gives it (backup/util/dbops/backup_plan_dbops.class.php)."""
    part = selection.part
    if isinstance(part, Section):
        number, words = part.moodle_id, part.name or str(part.number or 0)
    elif part is not None:
        number, words = part.moodle_id, f"{part.type}{part.moodle_id}"
    else:
        number, words = selection.version.moodle_id, course.shortname
    return file_name(selection.scope, number, words, utc_now().astimezone(),
                     people=selection.people, files=selection.files, anonymised=selection.anonymise)  # fmt: skip


def _contents(run: Run, reading: _Reading) -> Iterator[Entry]:
    """The contents to pack, each once. One that has gone from the store meanwhile is noted as missing."""
    if not reading.with_files:
        return
    store = places.storage()
    for content_hash in sorted(reading.files.contents):
        path = store.path(content_hash)
        if path.is_file():
            yield Entry(content_name(content_hash), os.stat(path).st_size, _opener(path))
        else:
            with snapshot() as session:
                reading.files.note_missing(session, run.course_id, content_hash)


def _opener(path: Path) -> Callable[[], Any]:
    return lambda: path.open("rb")


def _check(run: Run, part: Path, reading: _Reading) -> dict[str, Any]:
    """Read the archive back, all of it. Raises JobProblem if it is not what was meant to be written."""
    size = part.stat().st_size
    weight = run.weight
    told = 0

    def checkpoint(read: int) -> None:
        nonlocal told
        now = read * weight // max(1, size)
        run.advance(now - told)
        told = now

    found = survey(part, checkpoint=checkpoint)
    unexpected = [one for one in found.problems if one.level == "damage" and not _known(one.entry, reading)]
    if unexpected:
        raise JobProblem(
            _(
                "The backup was written, but came back different when it was read to check: %(what)s "
                "Nothing was kept. Try again; if it goes on, tell an admin to look at the disk.",
                what=unexpected[0].what,
            )
        )
    return found.to_json()


def _known(entry: str | None, reading: _Reading) -> bool:
    """Whether the course itself lacks it: a content without bytes, or a document that it never had."""
    name = entry or ""
    if name.startswith("files/"):
        # Where no hash stands, anything does: a content is known by all that was said of it.
        return name in map(content_name, reading.files.unsound_hashes)
    return name not in reading.documents


def _warn(run: Run, reading: _Reading) -> None:
    if reading.with_files:
        for name in reading.files.unsound:
            run.warn(
                _(
                    "“%(name)s” is not in the backup: its content is missing or damaged in the course.",
                    name=name,
                )
            )
