"""Reads and changes the schedule, and begins and stops rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import defer, joinedload

from jobs import presence, queue
from jobs.automated import report, runs
from jobs.automated.report import Summary
from webapp import places
from webapp.access.audit import note
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import (
    MADE_HERE,
    ArchiveFile,
    ArchiveOrigin,
    AutomatedItem,
    AutomatedRun,
    FolderCopy,
    ItemState,
    Schedule,
    User,
    the_schedule,
    utc_now,
)
from webapp.pages.paging import Page, page_of

#: A change of these says anew from when on rounds are due.
_WHEN = ("active", "days", "hour", "minute")
_BAD_ARCHIVE = (ArchiveFile.origin.in_(MADE_HERE), ArchiveFile.damage != "")
_BAD_COPY = FolderCopy.damage != ""


@dataclass(frozen=True)
class Line:
    """A run in the list of runs, with how many courses ended how."""

    run: AutomatedRun
    made: int
    failed: int
    skipped: int
    size: int


def change_schedule(chosen: dict[str, Any], by: User) -> None:
    """Keep what was chosen; what was due before a change of the times is not caught up."""
    by_id, now = by.id, utc_now()
    with write_transaction() as session:
        schedule = the_schedule(session)
        if any(getattr(schedule, name) != chosen[name] for name in _WHEN):
            schedule.since = now
        for name, value in chosen.items():
            setattr(schedule, name, value)
        schedule.changed_by_id, schedule.changed_at = by_id, now
        session.add(schedule)
        note(session, "setting changed", title="automatic backups")


def next_moment(schedule: Schedule) -> datetime | None:
    """When the next round begins; None while none will."""
    return runs.times_of(schedule).next(utc_now()) if schedule.active else None


def is_anybody_at_work() -> bool:
    """Whether a worker lives: without one no round begins."""
    return bool(presence.living_workers(places.locks()))


def begin_now(by: User) -> tuple[AutomatedRun, bool]:
    """Begin a round, or find the one that is under way; returns it, and whether it is new."""
    by_id = by.id
    with write_transaction() as session:
        under_way = runs.open_run(session)
        run = under_way or runs.begin(session, utc_now(), by_id)
        if under_way is None:
            note(session, "backup round begun")
    return run, under_way is None


def stop_run(run: AutomatedRun) -> bool:
    """Back up no further course, and cancel what is being made; false if the round is over."""
    with write_transaction() as session:
        if run.finished_at is not None:
            return False
        at_work = runs.stop(session, run)
        note(session, "backup round stopped")
    for job_id in at_work:
        queue.cancel(job_id)
    return True


def get_run(run_id: int) -> AutomatedRun:
    return db.session.get(AutomatedRun, run_id) or abort(404)


def summary_of(run: AutomatedRun) -> Summary:
    return report.summary_of(db.session(), run)


def newest_runs(number: int) -> Page[AutomatedRun]:
    found = sa.select(AutomatedRun).options(joinedload(AutomatedRun.asked_by))
    return page_of(found.order_by(AutomatedRun.id.desc()), number)


def lines_of(listed: Sequence[AutomatedRun]) -> list[Line]:
    """The runs with their numbers; one query for all of them."""
    size = sa.func.coalesce(sa.func.sum(AutomatedItem.size), 0)
    found = sa.select(AutomatedItem.run_id, AutomatedItem.state, sa.func.count(), size)
    found = found.where(AutomatedItem.run_id.in_([run.id for run in listed]))
    grouped = db.session.execute(found.group_by(AutomatedItem.run_id, AutomatedItem.state))
    told = {(run_id, state): (number, size) for run_id, state, number, size in grouped}
    return [_line(run, {state: told.get((run.id, state), (0, 0)) for state in ItemState}) for run in listed]


def _line(run: AutomatedRun, told: dict[ItemState, tuple[int, int]]) -> Line:
    (done, done_bytes), (warned, warned_bytes) = told[ItemState.DONE], told[ItemState.WARNED]
    return Line(
        run, done + warned, told[ItemState.FAILED][0], told[ItemState.SKIPPED][0], done_bytes + warned_bytes
    )


def damaged_backups() -> list[ArchiveFile | FolderCopy]:
    """Stored backups that have gone bad, the newest finding first."""
    archives = sa.select(ArchiveFile).options(defer(ArchiveFile.survey)).where(*_BAD_ARCHIVE)
    copies = sa.select(FolderCopy).where(_BAD_COPY)
    found: list[ArchiveFile | FolderCopy] = [*db.session.scalars(archives), *db.session.scalars(copies)]
    return sorted(found, key=lambda one: one.verified_at or one.created_at, reverse=True)


def count_damaged() -> int:
    archives = sa.select(sa.func.count()).select_from(ArchiveFile).where(*_BAD_ARCHIVE)
    copies = sa.select(sa.func.count()).select_from(FolderCopy).where(_BAD_COPY)
    return db.session.scalars(archives).one() + db.session.scalars(copies).one()


def without_a_course() -> list[ArchiveFile]:
    """Automatic backups of courses that are gone: no rule lets them go."""
    found = sa.select(ArchiveFile).options(defer(ArchiveFile.survey))
    found = found.where(ArchiveFile.origin == ArchiveOrigin.AUTOMATED, ArchiveFile.course_id.is_(None))
    return list(db.session.scalars(found.order_by(ArchiveFile.created_at.desc())))
