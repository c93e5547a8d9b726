"""The audit log: who did what, and when. No addresses of machines, and no names of people (docs/adr/0010)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.extensions import Model
from webapp.models.types import UtcDateTime, utc_now
from webapp.models.user import User


class AuditEntry(Model):
    """One deed. People stand in it by number alone: their names are looked up when it is read."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)
    #: Who did it; None for the program itself, or somebody at the command line.
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"), index=True)
    #: The admin who did it while signed in as that person.
    behind_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"), index=True)
    #: One of `webapp.access.audit.ACTIONS`.
    action: Mapped[str] = mapped_column(sa.String(40), index=True)
    #: What it was done to: "course", "backup", "person", …; its number; its title then (of people: none).
    kind: Mapped[str] = mapped_column(sa.String(20), default="")
    thing_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(sa.String(300), default="")
    #: More about it, in a few words: "teacher", "mail address".
    detail: Mapped[str] = mapped_column(sa.String(300), default="")
    #: The course that it was in; its name then outlives it.
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id", ondelete="SET NULL"), index=True)
    course_title: Mapped[str] = mapped_column(sa.String(254), default="")

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    behind: Mapped[User | None] = relationship(foreign_keys=[behind_id])
