"""Takes one archive through everything: open, list, verify, restore, write, reopen, compare."""

import shutil
from dataclasses import dataclass, field

import sqlalchemy as sa

from jobs import queue
from jobs.archive.comparing import Comparison, compare
from jobs.archive.survey import Survey, survey
from jobs.problems import ArchiveProblem
from tests.running import answer, back_up, back_up_part, run
from webapp import places
from webapp.extensions import db
from webapp.models import Activity, ArchiveFile, ArchiveOrigin, Course, JobKind, Section

WAYS = {
    "with people": {},
    "without people": {"people": False},
    "anonymised": {"anonymise": True},
}


@dataclass
class Written:
    """One backup of what was restored: what it holds, and how it differs from the archive."""

    problem: str = ""
    reopened: Survey | None = None
    compared: Comparison | None = None


@dataclass
class Trial:
    """What became of an archive. `problem` is where it ended, if it did."""

    name: str
    found: Survey | None = None
    restored: bool = False
    problem: str = ""
    written: dict[str, Written] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing that the archive does not lack itself."""
        sound = [one.compared is not None and not one.compared.unexplained for one in self.written.values()]
        return bool(sound) and all(sound)


def try_archive(path, user) -> Trial:
    """Try an archive, in the context of an application; `user` may make courses."""
    trial = Trial(path.name)
    try:
        trial.found = survey(path)
    except ArchiveProblem as problem:
        trial.problem = str(problem)
        return trial
    job = _restore(path, user)
    course = db.session.get(Course, job.result.get("course_id") or 0)
    trial.problem, trial.restored = job.problem or "", course is not None
    if course is not None:
        has_people = trial.found.counts.people and not trial.found.anonymised
        for way, options in WAYS.items():
            if way == "with people" or has_people:
                trial.written[way] = _write(path, trial.found.kind, course, user, options)
    return trial


def _restore(path, user):
    archive = ArchiveFile(
        origin=ArchiveOrigin.UPLOAD, owner_id=user.id, filename=path.name, size=path.stat().st_size
    )
    db.session.add(archive)
    db.session.commit()
    shutil.copy(path, places.archive_path(archive.id))
    job, _ = queue.ask_for(JobKind.RESTORE, "archive", archive.id, user=user, title=path.name)
    return answer(run(job))


def _write(path, kind, course, user, options) -> Written:
    if kind == "course":
        job, backup = back_up(course, user, **options)
    else:
        job, backup = back_up_part(course, _part(course, kind), user, **options)
    if backup is None:
        return Written(problem=job.problem)
    try:
        return Written("", survey(backup), compare(path, backup, places.scratch()))
    except ArchiveProblem as problem:
        return Written(problem=str(problem))
    finally:
        backup.unlink()


def _part(course, kind):
    """The section or activity that came; a course that was made for it has nothing else in it, or before it."""
    if kind == "activity":
        return db.session.scalars(sa.select(Activity).where(Activity.version_id == course.version_id)).first()
    filled = sa.select(Activity.section_id).where(Activity.version_id == course.version_id)
    sections = sa.select(Section).where(
        Section.version_id == course.version_id, Section.parent_cmid.in_(("", None))
    )
    chosen = db.session.scalars(sections.where(Section.id.in_(filled))).first()
    return chosen or db.session.scalars(sections.order_by(Section.position.desc())).first()
