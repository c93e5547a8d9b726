"""An admin's pause: what runs goes on to its end, and what waits does not begin. Mails still go out."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from webapp.access.audit import note
from webapp.database import write_transaction
from webapp.extensions import db
from webapp.models import Job, JobKind, Setting, get_setting, set_setting

_NAME = "jobs_paused"


def is_paused(session: Session | None = None) -> bool:
    return bool(get_setting(_NAME, session))


def paused_at() -> datetime | None:
    """Since when nothing begins; None while work goes on."""
    row = db.session.get(Setting, _NAME)
    return row.changed_at if row is not None and row.value else None


def lets_begin(session: Session) -> sa.ColumnElement[bool]:
    """That a job may begin as far as a pause is concerned: a condition for statements about jobs."""
    return Job.kind == JobKind.MAIL if is_paused(session) else sa.true()


def pause(by: int | None) -> bool:
    """Let nothing more begin, in the name of an admin or of the command line (None); false if it is so already."""
    return _set(paused=True, by=by)


def resume(by: int | None) -> bool:
    """Let work go on; false if it does already. The sweep of a worker tells of what waits, within seconds."""
    return _set(paused=False, by=by)


def _set(*, paused: bool, by: int | None) -> bool:
    with write_transaction() as session:
        if is_paused(session) == paused:
            return False
        set_setting(_NAME, paused, by=by)
        note(session, "jobs paused" if paused else "jobs resumed")
    return True
