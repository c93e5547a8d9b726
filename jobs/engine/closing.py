"""The end of a round of automatic backups: old ones go by the rules, and the admins are told how it went."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from jobs import notify
from jobs.automated import report
from jobs.automated.leftovers import clear_folder
from jobs.automated.pruning import prune
from jobs.engine.outcome import Outcome
from jobs.language import gettext as _
from jobs.progress import Run, Step
from webapp.database import separate_write, snapshot
from webapp.models import AutomatedRun, ReportWhen, the_schedule, utc_now

#: For so long it can be read how a round went.
RUNS_KEPT = timedelta(days=400)


def close(run: Run) -> Outcome:
    """Tidy up, and write the report, in the transaction that ends the round."""
    with snapshot() as session:
        folder = the_schedule(session).folder
    run.plan([Step(_("Letting old backups go"), 1)])
    run.enter(1)
    if folder:
        clear_folder(Path(folder), run.advance)
    removed = prune(utc_now(), run.advance)
    _forget()

    def apply(session: Session) -> dict[str, Any]:
        row = session.get_one(AutomatedRun, run.target_id)
        row.finished_at, row.notes = utc_now(), [*row.notes, *removed.notes]
        row.removed, row.removed_bytes = removed.count, removed.size
        session.flush()
        _tell(session, row)
        return {"removed": removed.count}

    return Outcome(apply=apply)


def _tell(session: Session, row: AutomatedRun) -> None:
    when, summary = the_schedule(session).report, report.summary_of(session, row)
    if when == ReportWhen.ALWAYS or (when == ReportWhen.TROUBLE and summary.is_trouble):
        notify.tell_admins(
            session, "automated_report", report.values_of(summary), "automated.show_run", run_id=row.id
        )


def _forget() -> None:
    """Delete the rounds that nobody looks at any more."""
    with separate_write() as session:
        session.execute(sa.delete(AutomatedRun).where(AutomatedRun.finished_at < utc_now() - RUNS_KEPT))
