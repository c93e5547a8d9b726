"""Makes a version that comes into a course ready to be adopted, and notes what undo has to know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs.progress import Run
from jobs.steps.building.versions import Built
from jobs.steps.matching.matches import Matches
from jobs.steps.merging.adopting import Adoption
from jobs.steps.merging.doubles import leave_out_doubles
from jobs.steps.merging.fingerprints import fingerprint
from jobs.steps.merging.fitting import complete_activities, fit_manifest
from jobs.steps.merging.renumbering import Renumbering
from jobs.steps.placing import undo_days
from webapp.database import separate_write, snapshot
from webapp.models import Activity, Course, CourseVersion, Section, utc_now


def keep_ids_free(run: Run, version_id: int, count: int) -> int:
    """Keep ids of the course free for what comes in, whatever is edited meanwhile; returns the first."""
    with separate_write() as session:
        run.hold(session)
        version = session.get_one(CourseVersion, version_id)
        first = version.next_id
        version.next_id = first + count + 1
        return first


def make_ready(run: Run, built: Built, matches: Matches, adoption: Adoption, dialect: int) -> dict[str, str]:
    """Renumber it and give it what it lacks; returns what tells later whether it was edited."""
    with snapshot() as session:
        with_summary = sa.select(Section.moodle_id).where(
            Section.id.in_(set(adoption.goes_to.values())), sa.func.coalesce(Section.summary, "") != ""
        )
        kept = frozenset(session.scalars(with_summary))
    leave_out_doubles(run, built.version_id, adoption.version_id)
    renumbering = Renumbering(run, built.version_id, matches, adoption.first_id, kept)
    renumbering.renumber()
    complete_activities(run, built.version_id, dialect)
    with separate_write() as session:
        run.hold(session)
        version = session.get_one(CourseVersion, built.version_id)
        version.manifest = fit_manifest(version.manifest, matches, adoption.first_id)
    return _fingerprints(run, adoption)


def _fingerprints(run: Run, adoption: Adoption) -> dict[str, str]:
    found = {}
    tables: tuple[type[Section] | type[Activity], ...] = (Section, Activity)
    with snapshot() as session:
        for table in tables:
            rows = sa.select(table.id).where(table.version_id == adoption.incoming_id)
            for number in session.scalars(rows).all():
                row: Any = session.get_one(table, number)
                found[f"{table.__tablename__} {number}"] = fingerprint(session, row)
                session.expunge_all()
                run.checkpoint()
    return found


def keep_note(session: Session, incoming_id: int, course: Course | None, note: dict[str, Any]) -> None:
    """Keep what undo has to know with the version that is empty now, for as long as it can be undone."""
    version = session.get_one(CourseVersion, incoming_id)
    version.job_id = None
    if course is not None:
        version.manifest = {"added": note}
        version.undo_course_id = course.id
        version.keep_until = utc_now() + timedelta(days=undo_days(session))
