"""Who is signed in where: a row for each browser, so that each can be ended by itself."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.extensions import Model
from webapp.models.types import UtcDateTime, utc_now
from webapp.models.user import User


class SignIn(Model):
    __tablename__ = "sign_in"
    # A number is never given twice: a button on an old page ends nothing but what it says.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The hash of what the browser's cookie holds: who reads this table can't sign in with it.
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    #: Of an admin who looks as somebody else: the admin's own sign-in, to which they go back. They end together.
    behind_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sign_in.id", ondelete="CASCADE"), index=True)
    #: The browser in words.
    browser: Mapped[str] = mapped_column(sa.String(100), default="")
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    #: When a page was last opened with it, to the hour.
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)

    user: Mapped[User] = relationship()
    behind: Mapped[SignIn | None] = relationship(remote_side=[id])
