"""What an admin has set. Read from the database each time, so that a change counts at once everywhere."""

from __future__ import annotations

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
_VALUE = sa.select(Setting.value).where(Setting.name == sa.bindparam("name"))


def get_setting(name: str, session: Session | None = None) -> Any:
    """The value in force now; `session` where another transaction than the request's own asks."""
    value = (session or db.session).execute(_VALUE, {"name": name}).scalar_one_or_none()
    return DEFAULTS[name] if value is None else value


def get_settings(*names: str) -> list[Any]:
    """The values in force now, in this order, for one question to the database."""
    rows = sa.select(Setting.name, Setting.value).where(Setting.name.in_(names))
    chosen = {name: value for name, value in db.session.execute(rows) if value is not None}
    return [chosen.get(name, DEFAULTS[name]) for name in names]


def set_setting(name: str, value: Any, *, by: int | None) -> None:
    """Keep a value; the caller commits. Raises KeyError for a name that is no setting."""
    DEFAULTS[name]
    db.session.merge(Setting(name=name, value=value, changed_by_id=by, changed_at=utc_now()))
