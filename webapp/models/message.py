"""What people are told, and in which words."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jobs.language import ENGLISH
from webapp.extensions import Model
from webapp.models.types import UtcDateTime, utc_now
from webapp.models.user import User


class MessageTemplate(Model):
    """One version of an event's words in a language. The newest is in use; without any, our default is."""

    __tablename__ = "message_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(sa.String(50), index=True)
    #: One of jobs.language.LANGUAGES.
    language: Mapped[str] = mapped_column(sa.String(10), default=ENGLISH, server_default=ENGLISH)
    subject: Mapped[str] = mapped_column(sa.String(300))
    body: Mapped[str] = mapped_column(sa.Text)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    author: Mapped[User | None] = relationship()


class MessageChoice(Model):
    """By which ways somebody wants to be told of one kind of event; without it, as their account says."""

    __tablename__ = "message_choice"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    event: Mapped[str] = mapped_column(sa.String(50), primary_key=True)
    in_app: Mapped[bool]
    by_mail: Mapped[bool]


class Message(Model):
    """A message to one person: shown by the bell, sent by mail, or both."""

    __tablename__ = "message"
    # What every page asks for the bell is answered by the index alone.
    __table_args__ = (sa.Index("ix_message_inbox", "user_id", "in_bell", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"))
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("job.id", ondelete="SET NULL"))
    event: Mapped[str] = mapped_column(sa.String(50))
    subject: Mapped[str] = mapped_column(sa.String(400))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    link: Mapped[str] = mapped_column(sa.String(500), default="")
    in_bell: Mapped[bool] = mapped_column(default=True)
    by_mail: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail_problem: Mapped[str] = mapped_column(sa.Text, default="")

    user: Mapped[User] = relationship()
