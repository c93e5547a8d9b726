"""What an admin has set. Read from the database in each transaction, so that a change counts at once everywhere."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.extensions import Model, db
from webapp.models.types import UtcDateTime, utc_now
from webapp.site_settings import DEFAULTS


class Setting(Model):
    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(sa.String(50), primary_key=True)
    value: Mapped[Any] = mapped_column(sa.JSON)
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


#: Put together once: every request asks it.
_ALL = sa.select(Setting.name, Setting.value)
#: Under which a session keeps what it has read of them.
_READ = "settings"


def get_setting(name: str, session: Session | None = None) -> Any:
    """The value in force now; `session` where another transaction than the request's own asks.

    A transaction asks the database once for all of them: what it sees is one moment.
    """
    value = _chosen(session or db.session()).get(name)
    return DEFAULTS[name] if value is None else copy.deepcopy(value)


def get_settings(*names: str) -> list[Any]:
    """The values in force now, in this order."""
    return [get_setting(name) for name in names]


def set_setting(name: str, value: Any, *, by: int | None) -> None:
    """Keep a value; the caller commits. Raises KeyError for a name that is no setting."""
    DEFAULTS[name]
    db.session.merge(Setting(name=name, value=value, changed_by_id=by, changed_at=utc_now()))
    _forget(db.session())


def _chosen(session: Session) -> dict[str, Any]:
    if _READ not in session.info:
        session.info[_READ] = {row.name: row.value for row in session.execute(_ALL)}
    chosen: dict[str, Any] = session.info[_READ]
    return chosen


@sa.event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, *_of_what: object) -> None:
    session.info.pop(_READ, None)
