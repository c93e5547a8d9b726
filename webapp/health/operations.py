"""What must be so for the site to work. Says nothing about anybody in it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from jobs import presence
from webapp import places
from webapp.extensions import db


def faults() -> list[str]:
    """What is wrong, in sentences; empty if the site works."""
    found = []
    try:
        db.session.execute(sa.text("select 1 from job limit 1"))
    except SQLAlchemyError:
        found.append("The database does not answer.")
    if not (places.instance() / "queue.sqlite").exists():
        found.append("The file that tells workers of jobs is missing.")
    if not places.archives().is_dir():
        found.append("The folder for backups is missing.")
    return found


def notes() -> list[str]:
    """What is worth knowing and no fault: without background work a site needs no worker."""
    return [] if presence.living_workers(places.locks()) else ["No worker is running."]
