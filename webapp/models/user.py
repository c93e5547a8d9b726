"""Accounts: who may sign in here, and what the site as a whole lets them do."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from jobs.language import gettext as _
from webapp.extensions import Model
from webapp.models.types import UtcDateTime, choice_of, utc_now


class SiteRole(StrEnum):
    ADMIN = "admin"
    TEACHER = "teacher"
    MEMBER = "member"  # takes part in courses; makes none


def new_session_key() -> str:
    """A fresh key: links to a password that were made with an older one have ended."""
    return secrets.token_urlsafe(24)


class User(Model):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(100), unique=True)
    email: Mapped[str] = mapped_column(sa.String(254), index=True, default="")
    first_name: Mapped[str] = mapped_column(sa.String(100), default="")
    last_name: Mapped[str] = mapped_column(sa.String(100), default="")
    role: Mapped[SiteRole] = mapped_column(choice_of(SiteRole))
    #: None: can't sign in until an admin invites them.
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    active: Mapped[bool] = mapped_column(default=True)
    #: Goes into links to a password: a new one ends those that are on their way.
    session_key: Mapped[str] = mapped_column(sa.String(40), default=new_session_key)
    #: How they are told of what they have made no choice about (MessageChoice).
    wants_bell: Mapped[bool] = mapped_column(default=True)
    wants_mail: Mapped[bool] = mapped_column(default=True)
    #: The language that they read (jobs.language.LANGUAGES); None: the site's.
    language: Mapped[str | None] = mapped_column(sa.String(10))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    #: The last time they signed in; None: never.
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When they put the first steps away; asked only of admins.
    guide_closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: When they were removed: nothing personal is left in the row then.
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def name(self) -> str:
        if self.removed_at is not None:
            return _("Somebody who was removed")
        return f"{self.first_name} {self.last_name}".strip() or self.username

    @property
    def is_admin(self) -> bool:
        return self.role == SiteRole.ADMIN

    @property
    def may_make_courses(self) -> bool:
        return self.role in (SiteRole.ADMIN, SiteRole.TEACHER)


class FailedSignIn(Model):
    """One failed try, counted per account and per address; survives a restart."""

    __tablename__ = "failed_sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(254), index=True)
    address: Mapped[str] = mapped_column(sa.String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)
